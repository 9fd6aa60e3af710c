// Shapes as well-known text (WKT), written and read as Esri's geometry library does, which Trino and
// Athena use.

extension Geometry {
  /// `POLYGON ((0 0, 1 0, 1 1, 0 0))`
  package var text: String {
    switch self {
    case .point(nil): "POINT EMPTY"
    case .point(let coordinate?): "POINT (\(coordinate.text))"
    case .lineString(let line): "LINESTRING \(Geometry.text(line))"
    case .polygon(let rings): "POLYGON \(Geometry.list(rings, Geometry.text))"
    case .multiPoint(let points): "MULTIPOINT \(Geometry.list(points) { "(\($0.text))" })"
    case .multiLineString(let lines):
      "MULTILINESTRING \(Geometry.list(lines, Geometry.text))"
    case .multiPolygon(let polygons):
      "MULTIPOLYGON \(Geometry.list(polygons) { Geometry.list($0, Geometry.text) })"
    case .collection(let parts): "GEOMETRYCOLLECTION \(Geometry.list(parts, \.text))"
    }
  }

  private static func text(_ path: [Coordinate]) -> String { list(path, \.text) }

  private static func list<Part>(_ parts: [Part], _ text: (Part) -> String) -> String {
    parts.isEmpty ? "EMPTY" : "(" + parts.map(text).joined(separator: ", ") + ")"
  }

  /// The text of bytes in memory.
  package static func text(_ bytes: [UInt8]) -> String {
    bytes.withUnsafeBytes { Geometry(wkb: $0)?.text ?? "<invalid geometry>" }
  }
}

extension Geometry.Coordinate {
  fileprivate var text: String { wktNumber(x) + " " + wktNumber(y) }
}

/// A double as `%.17g` of Java writes it, without the zeros at the end where there is no exponent:
/// `0.1`, `100`, `1.0000000000000000e+17`.
private func wktNumber(_ value: Double) -> String {
  if value.isNaN { return "NAN" }
  let shown = floatingPointText(value, shortest: value.description)
  let magnitude = value.magnitude
  guard let mark = shown.firstIndex(of: "E") else { return trimmed(shown) }
  let exponent = Int(shown[shown.index(after: mark)...]) ?? 0
  let sign = value < 0 ? "-" : ""
  let digits = shown[..<mark].filter { $0 != "." && $0 != "-" }
  if magnitude >= 1e-4, magnitude < 1e17 {
    if exponent < 0 {
      return trimmed("\(sign)0.\(zeros(-exponent - 1))\(digits)")
    }
    if digits.count <= exponent + 1 { return sign + digits + zeros(exponent + 1 - digits.count) }
    return trimmed("\(sign)\(digits.prefix(exponent + 1)).\(digits.dropFirst(exponent + 1))")
  }
  let fraction = digits.dropFirst() + zeros(max(0, 17 - digits.count))
  let power = String(exponent.magnitude)
  let exponentSign = exponent < 0 ? "-" : "+"
  return
    "\(sign)\(digits.prefix(1)).\(fraction)e\(exponentSign)\(power.count < 2 ? "0" : "")\(power)"
}

private func zeros(_ count: Int) -> String { String(repeating: "0", count: count) }

/// Takes `.0`, or zeros behind a fraction, from the end.
private func trimmed(_ number: String) -> String {
  var number = number[...]
  guard number.contains(".") else { return String(number) }
  while number.last == "0" { number.removeLast() }
  if number.last == "." { number.removeLast() }
  return String(number)
}

extension Geometry {
  /// Reads WKT. What comes behind the shape is not looked at, rings need not be closed, and a line may
  /// have a single coordinate.
  ///
  /// - Throws: INVALID_FUNCTION_ARGUMENT for what is no WKT, NOT_SUPPORTED for heights and measures.
  package init(text: UnsafeRawBufferPointer) throws(SQLError) {
    var reader = WKTReader(text)
    do throws(WKTReader.Failure) {
      self = try reader.geometry(depth: 0).normalized
    } catch {
      switch error {
      case .malformed:
        throw SQLError(
          .invalidFunctionArgument,
          "Invalid WKT: " + String(decoding: text, as: UTF8.self)
        )
      case .dimensions:
        throw .notSupported("Geometries with Z or M")
      }
    }
  }
}

/// Reads one shape after its grammar.
private struct WKTReader {
  enum Failure: Error {
    case malformed
    case dimensions
  }

  private let text: UnsafeRawBufferPointer
  private var position = 0

  private static let depthLimit = 64

  private static let names: [(name: StaticString, kind: Geometry.Kind)] = [
    ("point", .point), ("linestring", .lineString), ("multipoint", .multiPoint),
    ("polygon", .polygon), ("multilinestring", .multiLineString), ("multipolygon", .multiPolygon),
    ("geometrycollection", .collection),
  ]

  init(_ text: UnsafeRawBufferPointer) { self.text = text }

  private var byte: UInt8? { position < text.count ? text[position] : nil }

  private mutating func skipSpaces() {
    while let byte, byte == 0x20 || (0x09...0x0d).contains(byte) { position += 1 }
  }

  /// Takes a word in any case.
  private mutating func accept(_ word: StaticString) -> Bool {
    skipSpaces()
    guard text.count - position >= word.utf8CodeUnitCount else { return false }
    for index in 0..<word.utf8CodeUnitCount
    where text[position + index] | 0x20 != word.utf8Start[index] { return false }
    position += word.utf8CodeUnitCount
    return true
  }

  private mutating func accept(symbol: Unicode.Scalar) -> Bool {
    skipSpaces()
    guard byte == UInt8(ascii: symbol) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ symbol: Unicode.Scalar) throws(Failure) {
    if !accept(symbol: symbol) { throw .malformed }
  }

  mutating func geometry(depth: Int) throws(Failure) -> Geometry {
    guard depth <= WKTReader.depthLimit else { throw .malformed }
    for (name, kind) in WKTReader.names where accept(name) {
      skipSpaces()
      if let byte, byte | 0x20 == UInt8(ascii: "z") || byte | 0x20 == UInt8(ascii: "m") {
        throw .dimensions
      }
      return try body(kind, depth: depth)
    }
    throw .malformed
  }

  private mutating func body(_ kind: Geometry.Kind, depth: Int) throws(Failure) -> Geometry {
    switch kind {
    case .point:
      return .point(try point())
    case .lineString:
      return .lineString(try path())
    case .polygon:
      return .polygon(try polygon())
    case .multiPoint:
      return .multiPoint(try points())
    case .multiLineString:
      var lines: [[Geometry.Coordinate]] = []
      try list { (reader: inout WKTReader) throws(Failure) in lines.append(try reader.path()) }
      return .multiLineString(lines)
    case .multiPolygon:
      var polygons: [[[Geometry.Coordinate]]] = []
      try list { (reader: inout WKTReader) throws(Failure) in
        polygons.append(try reader.polygon())
      }
      return .multiPolygon(polygons)
    case .collection:
      var parts: [Geometry] = []
      try list { (reader: inout WKTReader) throws(Failure) in
        parts.append(try reader.geometry(depth: depth + 1))
      }
      return .collection(parts)
    }
  }

  /// `EMPTY`, or parts in parentheses.
  private mutating func list(_ part: (inout WKTReader) throws(Failure) -> Void) throws(Failure) {
    if accept("empty") { return }
    try expect("(")
    repeat { try part(&self) } while accept(symbol: ",")
    try expect(")")
  }

  private mutating func path() throws(Failure) -> [Geometry.Coordinate] {
    var path: [Geometry.Coordinate] = []
    try list { (reader: inout WKTReader) throws(Failure) in path.append(try reader.coordinate()) }
    return path
  }

  private mutating func polygon() throws(Failure) -> [[Geometry.Coordinate]] {
    var rings: [[Geometry.Coordinate]] = []
    try list { (reader: inout WKTReader) throws(Failure) in rings.append(try reader.path()) }
    return rings
  }

  private mutating func point() throws(Failure) -> Geometry.Coordinate? {
    if accept("empty") { return nil }
    try expect("(")
    let coordinate = try coordinate()
    try expect(")")
    return coordinate
  }

  /// Points each in parentheses, or without.
  private mutating func points() throws(Failure) -> [Geometry.Coordinate] {
    var points: [Geometry.Coordinate] = []
    try list { (reader: inout WKTReader) throws(Failure) in
      reader.skipSpaces()
      guard let byte = reader.byte else { throw .malformed }
      if byte == UInt8(ascii: "(") || byte | 0x20 == UInt8(ascii: "e") {
        if let point = try reader.point() { points.append(point) }
      } else {
        points.append(try reader.coordinate())
      }
    }
    return points
  }

  private mutating func coordinate() throws(Failure) -> Geometry.Coordinate {
    let x = try number()
    return Geometry.Coordinate(x, try number())
  }

  private mutating func number() throws(Failure) -> Double {
    skipSpaces()
    if accept("nan") { return .nan }
    let start = position
    if let byte, byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") { position += 1 }
    let wholeStart = position
    skipDigits()
    var digitCount = position - wholeStart
    if byte == UInt8(ascii: ".") {
      position += 1
      let fractionStart = position
      skipDigits()
      digitCount += position - fractionStart
    }
    guard digitCount > 0 else { throw .malformed }
    if let byte, byte | 0x20 == UInt8(ascii: "e") {
      position += 1
      if let byte = self.byte, byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") {
        position += 1
      }
      let exponentStart = position
      skipDigits()
      guard position > exponentStart else { throw .malformed }
    }
    let digits = String(decoding: text[start..<position], as: UTF8.self)
    guard let number = Double(digits) ?? Double(digits + "0") else { throw .malformed }
    return number
  }

  private mutating func skipDigits() {
    while let byte, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
  }
}
