// Shapes as bytes: well-known binary (WKB), which is how values lie in memory, too, from the lowest
// byte to the highest and in two dimensions.
//
//   01 01 00 00 00  x x x x x x x x  y y y y y y y y
//   │  └ 1: a point                  └ a double
//   └ 1: the lowest byte first
//
// The empty point has NaN for coordinates. The rectangle that ST_Envelope makes has one byte more
// behind, as two of those intersect by rules of their own.
//
// Bytes in memory are what `bytes` has written, but tests hand over any: reading checks them.

extension Geometry {
  /// Whether bytes in memory are a rectangle of ST_Envelope.
  package static func isEnvelope(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count == 94 && bytes[0] == 1 && bytes[1] == UInt8(Kind.polygon.rawValue)
  }

  /// The bytes in memory of a rectangle of ST_Envelope.
  package static func envelopeBytes(_ envelope: Envelope) -> [UInt8] {
    envelope.polygon.bytes + (envelope.isEmpty ? [] : [1])
  }

  /// The WKB of a shape.
  package var bytes: [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(byteCount)
    write(to: &output)
    return output
  }

  /// How long its bytes are.
  package var byteCount: Int {
    switch self {
    case .point: 21
    case .lineString(let line): 9 + 16 * line.count
    case .polygon(let rings): 9 + rings.reduce(0) { $0 + 4 + 16 * $1.count }
    case .multiPoint(let points): 9 + 21 * points.count
    case .multiLineString, .multiPolygon, .collection: 9 + parts.reduce(0) { $0 + $1.byteCount }
    }
  }

  private func write(to output: inout [UInt8]) {
    output.append(1 as UInt8)
    output.append(kind.rawValue)
    switch self {
    case .point(let coordinate):
      output.append(coordinate ?? Coordinate(.nan, .nan))
    case .lineString(let line):
      output.append(line)
    case .polygon(let rings):
      output.append(UInt32(truncatingIfNeeded: rings.count))
      for ring in rings { output.append(ring) }
    case .multiPoint, .multiLineString, .multiPolygon, .collection:
      let parts = parts
      output.append(UInt32(truncatingIfNeeded: parts.count))
      for part in parts { part.write(to: &output) }
    }
  }

  /// Reads WKB of either order of bytes, ISO's or the extended one. Heights, measures and the number of
  /// the reference system are left out, as Trino does.
  ///
  /// Nil is for what is none. Rings come as they are; see `normalized`.
  package init?(wkb bytes: UnsafeRawBufferPointer) {
    var reader = WKBReader(bytes)
    guard let geometry = reader.geometry(depth: 0) else { return nil }
    self = geometry
  }

  /// Reads the kind and the envelope of bytes in memory without making the shape.
  package static func summary(_ bytes: UnsafeRawBufferPointer) -> (kind: Kind, envelope: Envelope)?
  {
    if let point = point(bytes) {
      var envelope = Envelope()
      // The empty point has no coordinate at all.
      if !point.x.isNaN, !point.y.isNaN { envelope.include(point) }
      return (.point, envelope)
    }
    var reader = WKBReader(bytes)
    var envelope = Envelope()
    guard let kind = reader.include(in: &envelope, depth: 0) else { return nil }
    return (kind, envelope)
  }

  /// The coordinate, perhaps NaN, of bytes in memory that are a point.
  @inline(__always)
  package static func point(_ bytes: UnsafeRawBufferPointer) -> Coordinate? {
    guard bytes.count == 21, let base = bytes.baseAddress,
      base.loadUnaligned(as: UInt32.self) == 0x0000_0101, bytes[4] == 0
    else { return nil }
    return Coordinate(
      base.loadUnaligned(fromByteOffset: 5, as: Double.self),
      base.loadUnaligned(fromByteOffset: 13, as: Double.self)
    )
  }

  /// The bytes in memory of a point.
  @inline(__always)
  package static func storePoint(_ x: Double, _ y: Double, to output: UnsafeMutableRawPointer) {
    output.storeBytes(of: 0x0000_0101, as: UInt32.self)
    output.storeBytes(of: 0, toByteOffset: 4, as: UInt8.self)
    output.storeBytes(of: x, toByteOffset: 5, as: Double.self)
    output.storeBytes(of: y, toByteOffset: 13, as: Double.self)
  }
}

extension [UInt8] {
  fileprivate mutating func append(_ number: UInt32) {
    for shift in stride(from: UInt32(0), to: 32, by: 8) {
      append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }

  fileprivate mutating func append(_ number: Double) {
    let bits = number.bitPattern
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      append(UInt8(truncatingIfNeeded: bits >> shift))
    }
  }

  fileprivate mutating func append(_ coordinate: Geometry.Coordinate) {
    append(coordinate.x)
    append(coordinate.y)
  }

  fileprivate mutating func append(_ path: [Geometry.Coordinate]) {
    append(UInt32(truncatingIfNeeded: path.count))
    for coordinate in path { append(coordinate) }
  }
}

/// Takes a shape from its bytes; nil is the answer where they end or are none.
private struct WKBReader {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  private var isLittleEndian = true
  /// Doubles of a coordinate behind x and y.
  private var extraCount = 0

  /// How deep collections may nest.
  private static let depthLimit = 64

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  private mutating func number() -> UInt32? {
    guard bytes.count - position >= 4 else { return nil }
    defer { position += 4 }
    let number = bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self)
    return isLittleEndian ? UInt32(littleEndian: number) : UInt32(bigEndian: number)
  }

  @inline(__always)
  private mutating func double() -> Double? {
    guard bytes.count - position >= 8 else { return nil }
    defer { position += 8 }
    let bits = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
    return Double(bitPattern: isLittleEndian ? UInt64(littleEndian: bits) : UInt64(bigEndian: bits))
  }

  @inline(__always)
  private mutating func coordinate() -> Geometry.Coordinate? {
    guard let x = double(), let y = double(), bytes.count - position >= 8 * extraCount else {
      return nil
    }
    position += 8 * extraCount
    return Geometry.Coordinate(x, y)
  }

  /// A number of things that take so many bytes each at least.
  private mutating func count(ofAtLeast byteCount: Int) -> Int? {
    guard let count = number(), Int(count) <= (bytes.count - position) / byteCount else {
      return nil
    }
    return Int(count)
  }

  private mutating func path() -> [Geometry.Coordinate]? {
    guard let count = count(ofAtLeast: 16 + 8 * extraCount) else { return nil }
    var path: [Geometry.Coordinate] = []
    path.reserveCapacity(count)
    for _ in 0..<count {
      guard let coordinate = coordinate() else { return nil }
      path.append(coordinate)
    }
    return path
  }

  /// Reads the order of bytes and the kind.
  private mutating func header() -> Geometry.Kind? {
    guard position < bytes.count, bytes[position] <= 1 else { return nil }
    isLittleEndian = bytes[position] == 1
    position += 1
    guard let type = number() else { return nil }
    let base = type & 0x1fff_ffff
    let isoDimensions = base / 1000
    guard isoDimensions <= 3, let kind = Geometry.Kind(rawValue: base % 1000) else { return nil }
    let hasHeight = type & 0x8000_0000 != 0 || isoDimensions == 1 || isoDimensions == 3
    let hasMeasure = type & 0x4000_0000 != 0 || isoDimensions >= 2
    extraCount = (hasHeight ? 1 : 0) + (hasMeasure ? 1 : 0)
    if type & 0x2000_0000 != 0, number() == nil { return nil }
    return kind
  }

  mutating func geometry(depth: Int) -> Geometry? {
    guard depth <= WKBReader.depthLimit, let kind = header() else { return nil }
    switch kind {
    case .point:
      guard let coordinate = coordinate() else { return nil }
      return .point(coordinate.x.isNaN || coordinate.y.isNaN ? nil : coordinate)
    case .lineString:
      return path().map { .lineString($0) }
    case .polygon:
      guard let count = count(ofAtLeast: 4) else { return nil }
      var rings: [[Geometry.Coordinate]] = []
      for _ in 0..<count {
        guard let ring = path() else { return nil }
        rings.append(ring)
      }
      return .polygon(rings)
    case .multiPoint, .multiLineString, .multiPolygon, .collection:
      return several(kind, depth: depth)
    }
  }

  private mutating func several(_ kind: Geometry.Kind, depth: Int) -> Geometry? {
    guard let count = count(ofAtLeast: 5) else { return nil }
    var points: [Geometry.Coordinate] = []
    var lines: [[Geometry.Coordinate]] = []
    var polygons: [[[Geometry.Coordinate]]] = []
    var parts: [Geometry] = []
    for _ in 0..<count {
      guard let part = geometry(depth: depth + 1) else { return nil }
      switch (kind, part) {
      case (.collection, _): parts.append(part)
      case (.multiPoint, .point(let coordinate)): if let coordinate { points.append(coordinate) }
      case (.multiLineString, .lineString(let line)): lines.append(line)
      case (.multiPolygon, .polygon(let rings)): polygons.append(rings)
      default: return nil
      }
    }
    switch kind {
    case .multiPoint: return .multiPoint(points)
    case .multiLineString: return .multiLineString(lines)
    case .multiPolygon: return .multiPolygon(polygons)
    case .collection: return .collection(parts)
    case .point, .lineString, .polygon: return nil
    }
  }

  /// Adds the coordinates of a shape to an envelope.
  mutating func include(in envelope: inout Geometry.Envelope, depth: Int) -> Geometry.Kind? {
    guard depth <= WKBReader.depthLimit, let kind = header() else { return nil }
    switch kind {
    case .point:
      guard let coordinate = coordinate() else { return nil }
      if !coordinate.x.isNaN, !coordinate.y.isNaN { envelope.include(coordinate) }
    case .lineString:
      if !includePath(in: &envelope) { return nil }
    case .polygon:
      guard let count = count(ofAtLeast: 4) else { return nil }
      for _ in 0..<count where !includePath(in: &envelope) { return nil }
    case .multiPoint, .multiLineString, .multiPolygon, .collection:
      guard let count = count(ofAtLeast: 5) else { return nil }
      for _ in 0..<count where include(in: &envelope, depth: depth + 1) == nil { return nil }
    }
    return kind
  }

  private mutating func includePath(in envelope: inout Geometry.Envelope) -> Bool {
    guard let count = count(ofAtLeast: 16 + 8 * extraCount) else { return false }
    for _ in 0..<count {
      guard let coordinate = coordinate() else { return false }
      envelope.include(coordinate)
    }
    return true
  }
}
