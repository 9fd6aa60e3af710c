import ApusValues
import ApusVectors

// Summaries of many values that are values themselves. What SQL sees of one are its bytes, in the
// layouts that Trino writes (its library airlift), so that sketches go from one engine to the other
// through varbinary. A function reads the bytes, and whoever changes a sketch writes new ones.
//
// Bytes come from anywhere: reading checks all that the other methods rely on.

/// A summary of values that can be merged with others of its kind.
protocol Sketch: Sendable {
  /// Reads the bytes of a sketch.
  ///
  /// - Throws: INVALID_FUNCTION_ARGUMENT for bytes that are none.
  init(bytes: UnsafeRawBufferPointer) throws(SQLError)

  /// Adds what another has seen.
  ///
  /// - Throws: INVALID_FUNCTION_ARGUMENT if the two do not go together.
  mutating func merge(_ other: Self) throws(SQLError)

  /// The bytes that `init(bytes:)` reads.
  func serialized() -> [UInt8]

  /// Bytes held in memory, roughly.
  var byteCount: Int { get }
}

/// Takes the numbers of a sketch from its bytes, one after the other, the lowest byte first.
struct SketchReader {
  private let name: String
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  /// - Parameters:
  ///   - name: of the type, for errors.
  ///   - bytes: valid as long as the reader is used.
  init(_ name: String, _ bytes: UnsafeRawBufferPointer) {
    self.name = name
    self.bytes = bytes
  }

  var remaining: Int { bytes.count - position }

  mutating func integer<Integer: FixedWidthInteger & BitwiseCopyable>(_ type: Integer.Type)
    throws(SQLError) -> Integer
  {
    let size = MemoryLayout<Integer>.size
    guard remaining >= size else { throw invalid("it ends too early") }
    defer { position += size }
    return Integer(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: Integer.self))
  }

  mutating func double() throws(SQLError) -> Double {
    Double(bitPattern: try integer(UInt64.self))
  }

  mutating func take(_ count: Int) throws(SQLError) -> UnsafeRawBufferPointer {
    guard count >= 0, remaining >= count else { throw invalid("it ends too early") }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }

  /// - Throws: INVALID_FUNCTION_ARGUMENT if there are more bytes.
  func end() throws(SQLError) {
    guard remaining == 0 else { throw invalid("input is too big") }
  }

  /// Returns the error of bytes that are no sketch.
  func invalid(_ reason: String) -> SQLError {
    invalidArgument("Cannot deserialize \(name): \(reason)")
  }
}

extension [UInt8] {
  /// Appends a number, the lowest byte first.
  mutating func append(littleEndian value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  mutating func append(littleEndian value: Double) { append(littleEndian: value.bitPattern) }
}
