import ApusValues
import CGEOS
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// GEOS, as one thread at a time works with it: its context, and the shapes that were seen last.
///
/// Safety: the pointers are to what the library made for this context; they end with it. What `shape`
/// gives is destroyed by its owner before the context is lent to someone else.
final class GEOS {
  let library: UnsafePointer<apus_geos>
  let context: UnsafeMutableRawPointer
  private let reader: UnsafeMutableRawPointer
  private let writer: UnsafeMutableRawPointer
  private let message: UnsafeMutablePointer<apus_geos_message>
  /// The shapes that came last on the left and on the right of a relation.
  private var last: (left: KeptShape?, right: KeptShape?) = (nil, nil)
  /// Shapes that may come again, by where their bytes were.
  private var kept: [KeptPlace: KeptShape] = [:]
  private var keptByteCount = 0

  private init?(_ library: UnsafePointer<apus_geos>) {
    message = .allocate(capacity: 1)
    message.initialize(to: apus_geos_message())
    self.library = library
    guard let context = apus_geos_create(library, message) else {
      message.deallocate()
      return nil
    }
    guard let reader = apus_geos_create_reader(library, context),
      let writer = apus_geos_create_writer(library, context)
    else {
      apus_geos_destroy(library, context)
      message.deallocate()
      return nil
    }
    self.context = context
    self.reader = reader
    self.writer = writer
  }

  deinit {
    last = (nil, nil)
    kept = [:]
    apus_geos_destroy_reader(library, context, reader)
    apus_geos_destroy_writer(library, context, writer)
    apus_geos_destroy(library, context)
    message.deallocate()
  }

  /// What is farther out than this is refused: squares of coordinates are no numbers there, and GEOS
  /// loops or crashes.
  static let coordinateLimit = 1e100

  /// Reads the bytes of a shape. Lines and rings of too few coordinates, which GEOS refuses, get their
  /// last once more; collections lose their empty parts, on which GEOS crashes.
  ///
  /// - Throws: INVALID_FUNCTION_ARGUMENT for bytes that are no shape, or one that is not finite.
  func shape(_ bytes: UnsafeRawBufferPointer) throws(SQLError) -> Shape {
    Shape(self, try pointer(bytes))
  }

  func shape(_ geometry: Geometry) throws(SQLError) -> Shape {
    Shape(self, try scoped(geometry.bytes) { bytes throws(SQLError) in try pointer(bytes) })
  }

  /// The shape for its caller to destroy.
  func pointer(_ bytes: UnsafeRawBufferPointer) throws(SQLError)
    -> UnsafeMutableRawPointer
  {
    if let point = Geometry.point(bytes), abs(point.x) <= GEOS.coordinateLimit,
      abs(point.y) <= GEOS.coordinateLimit,
      let pointer = apus_geos_point(library, context, point.x, point.y)
    {
      return pointer
    }
    guard let summary = Geometry.summary(bytes) else { throw invalidArgument("Invalid geometry") }
    guard summary.envelope.isFinite else {
      throw invalidArgument("Coordinates of a geometry must be finite")
    }
    let envelope = summary.envelope
    let extremes = [envelope.minX, envelope.minY, envelope.maxX, envelope.maxY]
    guard envelope.isEmpty || extremes.allSatisfy({ abs($0) <= GEOS.coordinateLimit }) else {
      throw invalidArgument("Coordinates of a geometry are too large")
    }
    if summary.kind != .collection,
      let pointer = apus_geos_read(library, context, reader, bytes.baseAddress, bytes.count)
    {
      return pointer
    }
    guard let geometry = Geometry(wkb: bytes) else { throw invalidArgument("Invalid geometry") }
    let padded = geometry.padded.withoutEmptyParts.bytes
    guard let pointer = apus_geos_read(library, context, reader, padded, padded.count) else {
      throw error()
    }
    return pointer
  }

  /// Takes over what a function of the library gave.
  ///
  /// - Throws: the error of the library for nil.
  func shape(_ pointer: UnsafeMutableRawPointer?) throws(SQLError) -> Shape {
    guard let pointer else { throw error() }
    return Shape(self, pointer)
  }

  /// The shape that GEOS made, its rings as they came.
  func geometry(_ shape: borrowing Shape) throws(SQLError) -> Geometry {
    var count = 0
    guard let bytes = apus_geos_write(library, context, writer, shape.pointer, &count) else {
      throw error()
    }
    defer { apus_geos_free(library, context, bytes) }
    guard let geometry = Geometry(wkb: UnsafeRawBufferPointer(start: bytes, count: count)) else {
      throw error()
    }
    return geometry
  }

  /// What the library said last.
  func error() -> SQLError {
    let text = withUnsafeBytes(of: message.pointee) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    return invalidArgument(text.isEmpty ? "Geometry cannot be processed" : text)
  }

  /// - Parameter answer: 0 or 1, and 2 for an error.
  func truth(_ answer: CChar) throws(SQLError) -> Bool {
    guard answer == 0 || answer == 1 else { throw error() }
    return answer == 1
  }

  /// A shape of GEOS, destroyed with its owner.
  struct Shape: ~Copyable {
    let geos: GEOS
    let pointer: UnsafeMutableRawPointer

    fileprivate init(_ geos: GEOS, _ pointer: UnsafeMutableRawPointer) {
      self.geos = geos
      self.pointer = pointer
    }

    deinit { apus_geos_destroy_shape(geos.library, geos.context, pointer) }
  }
}

// MARK: - Shapes that come again

extension GEOS {
  /// Which side of a relation a shape is on.
  enum Side {
    case left
    case right
  }

  /// A shape that may come again, as a constant does, with what makes further questions about it quick.
  ///
  /// Safety: it belongs to the context that keeps it, which is alive as long as it.
  final class KeptShape {
    private unowned let geos: GEOS
    fileprivate let bytes: [UInt8]
    /// The shape as it is.
    let pointer: UnsafeMutableRawPointer
    private var relatableShape: UnsafeMutableRawPointer?
    private var preparedShape: UnsafeMutableRawPointer?
    private var preparedRelatable: UnsafeMutableRawPointer?
    private var useCount = 0

    fileprivate init(_ geos: GEOS, _ bytes: [UInt8]) throws(SQLError) {
      self.geos = geos
      self.bytes = bytes
      pointer = try scoped(bytes) { bytes throws(SQLError) in try geos.pointer(bytes) }
    }

    fileprivate func hasBytes(_ other: UnsafeRawBufferPointer) -> Bool {
      guard bytes.count == other.count, let start = other.baseAddress else { return false }
      return bytes.withUnsafeBytes { own in
        own.baseAddress.map { memcmp($0, start, own.count) == 0 } ?? true
      }
    }

    fileprivate func use() { useCount += 1 }

    /// Whether it has come often enough for preparing it to pay.
    private var isWorthPreparing: Bool { useCount >= 3 }

    /// The shape to ask about relations: valid.
    var relatable: UnsafeMutableRawPointer {
      get throws(SQLError) {
        if let relatableShape { return relatableShape }
        let shape = try geos.relatable(pointer) ?? pointer
        relatableShape = shape
        return shape
      }
    }

    /// The relatable shape prepared; nil until that pays.
    var prepared: UnsafeMutableRawPointer? {
      get throws(SQLError) {
        if let preparedRelatable { return preparedRelatable }
        guard isWorthPreparing else { return nil }
        preparedRelatable = apus_geos_prepare(geos.library, geos.context, try relatable)
        return preparedRelatable
      }
    }

    /// The shape as it is, prepared for distances; nil until that pays.
    var preparedForDistances: UnsafeMutableRawPointer? {
      if let preparedShape { return preparedShape }
      guard isWorthPreparing else { return nil }
      preparedShape = apus_geos_prepare(geos.library, geos.context, pointer)
      return preparedShape
    }

    deinit {
      for prepared in [preparedShape, preparedRelatable] {
        if let prepared { apus_geos_destroy_prepared(geos.library, geos.context, prepared) }
      }
      if let relatableShape, relatableShape != pointer {
        apus_geos_destroy_shape(geos.library, geos.context, relatableShape)
      }
      apus_geos_destroy_shape(geos.library, geos.context, pointer)
    }
  }

  /// The address and the number of bytes.
  fileprivate struct KeptPlace: Hashable {
    let start: UnsafeRawPointer?
    let count: Int
  }

  /// Shapes of fewer bytes are not worth the comparison.
  private static let leastKeptByteCount = 64

  /// So many bytes of shapes, and so many shapes, are kept at most; what GEOS makes of them is larger.
  private static let mostKeptByteCount = 4 * 1024 * 1024
  private static let mostKeptCount = 4096

  /// Returns the kept shape of the bytes; nil for small ones.
  ///
  /// Other bytes may have come to the place of a shape since, so they are compared.
  ///
  /// - Parameter isSame: whether the bytes are known to be those of the last call for this side.
  func keep(_ bytes: UnsafeRawBufferPointer, _ side: Side, isSame: Bool) throws(SQLError)
    -> KeptShape?
  {
    guard bytes.count >= GEOS.leastKeptByteCount else { return nil }
    if isSame, let same = side == .left ? last.left : last.right {
      same.use()
      return same
    }
    let place = KeptPlace(start: bytes.baseAddress, count: bytes.count)
    let shape: KeptShape
    if let known = kept[place], known.hasBytes(bytes) {
      shape = known
    } else {
      shape = try KeptShape(self, Array(bytes))
      if keptByteCount + bytes.count > GEOS.mostKeptByteCount || kept.count >= GEOS.mostKeptCount {
        kept = [:]
        keptByteCount = 0
      }
      if let replaced = kept.updateValue(shape, forKey: place) {
        keptByteCount -= replaced.bytes.count
      }
      keptByteCount += bytes.count
    }
    shape.use()
    switch side {
    case .left: last.left = shape
    case .right: last.right = shape
    }
    return shape
  }
}

// MARK: - Contexts

extension GEOS {
  /// Safety: it is written once, before anyone reads it, and never freed.
  private struct Library: @unchecked Sendable {
    let functions: UnsafePointer<apus_geos>

    init?() {
      let functions = UnsafeMutablePointer<apus_geos>.allocate(capacity: 1)
      functions.initialize(to: apus_geos())
      guard apus_geos_load(functions) else {
        functions.deallocate()
        return nil
      }
      self.functions = UnsafePointer(functions)
    }
  }

  private static let library = Library()

  /// Safety: a context in the pool is no one's; who takes it out is the only one to have it.
  private struct Idle: @unchecked Sendable {
    var contexts: [GEOS] = []
  }

  private static let idle = Mutex(Idle())

  /// More than the threads that are likely to work at a time.
  private static let idleLimit = 64

  /// Calls `body` with a context that nobody else has meanwhile.
  static func borrowed<Result>(_ body: (GEOS) throws(SQLError) -> Result) throws(SQLError)
    -> Result
  {
    let lease = try Lease()
    defer { extendLifetime(lease) }
    return try body(lease.geos)
  }

  /// A context lent to one thread until the lease ends.
  final class Lease {
    let geos: GEOS

    /// - Throws: NOT_SUPPORTED if the library is not there.
    init() throws(SQLError) {
      if let context = GEOS.idle.withLock({ $0.contexts.popLast() }) {
        geos = context
        return
      }
      guard let library = GEOS.library else {
        throw .notSupported("This function without GEOS (libgeos_c.so.1, of libgeos-c1v5)")
      }
      guard let context = GEOS(library.functions) else {
        throw .notSupported("A context of GEOS")
      }
      geos = context
    }

    deinit {
      let returned = Idle(contexts: [geos])
      GEOS.idle.withLock { idle in
        if idle.contexts.count < GEOS.idleLimit { idle.contexts += returned.contexts }
      }
    }
  }

  /// The context of a batch, lent when the first row needs one.
  final class Loan {
    private var lease: Lease?

    var geos: GEOS {
      get throws(SQLError) {
        if let lease { return lease.geos }
        let lease = try Lease()
        self.lease = lease
        return lease.geos
      }
    }
  }
}

/// Calls `body` with the bytes of an array; what it throws keeps its type.
func scoped<Result>(
  _ bytes: [UInt8],
  _ body: (UnsafeRawBufferPointer) throws(SQLError) -> Result
) throws(SQLError) -> Result {
  let count = bytes.count
  return try bytes.withUnsafeBufferPointer { (buffer) throws(SQLError) -> Result in
    try body(UnsafeRawBufferPointer(start: buffer.baseAddress, count: count))
  }
}

extension Geometry {
  /// The shape with two coordinates in every line and four in every ring at least.
  fileprivate var padded: Geometry {
    switch self {
    case .point, .multiPoint: self
    case .lineString(let line): .lineString(Geometry.padded(line, to: 2))
    case .multiLineString(let lines): .multiLineString(lines.map { Geometry.padded($0, to: 2) })
    case .polygon(let rings): .polygon(rings.map { Geometry.padded($0, to: 4) })
    case .multiPolygon(let polygons):
      .multiPolygon(polygons.map { $0.map { Geometry.padded($0, to: 4) } })
    case .collection(let parts): .collection(parts.map(\.padded))
    }
  }

  /// A collection without its empty parts; any other shape itself.
  fileprivate var withoutEmptyParts: Geometry {
    guard case .collection(let parts) = self else { return self }
    return .collection(parts.filter { !$0.isEmpty }.map(\.withoutEmptyParts))
  }

  private static func padded(_ path: [Coordinate], to count: Int) -> [Coordinate] {
    guard let last = path.last else { return path }
    return path + Array(repeating: last, count: max(0, count - path.count))
  }
}
