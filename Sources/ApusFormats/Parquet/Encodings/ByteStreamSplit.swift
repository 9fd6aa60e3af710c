/// Values taken apart: the first bytes of all, then the second bytes of all, and so on.
///
/// Source: parquet-format, Encodings.md, "Byte Stream Split (BYTE_STREAM_SPLIT = 9)".
///
/// Safety: the initializer leaves no more values than all streams have.
struct ByteStreamSplit {
  private let start: UnsafeRawPointer
  /// Values in the page, and so the length of each stream.
  private let count: Int
  private let width: Int
  private var index = 0

  /// - Parameter width: bytes per value.
  init(
    _ bytes: UnsafeRawBufferPointer,
    emptyAt fallback: UnsafeRawPointer,
    width: Int
  ) throws(DecodingFailure) {
    guard bytes.count % width == 0 else {
      throw DecodingFailure("a split page does not divide into values of \(width) bytes")
    }
    start = bytes.baseAddress ?? fallback
    count = bytes.count / width
    self.width = width
  }

  /// Puts `count` values together.
  mutating func read(
    _ count: Int,
    into output: UnsafeMutableRawPointer
  ) throws(DecodingFailure) {
    guard count <= self.count - index else { throw .truncated }
    for stream in 0..<width {
      let source = start + stream * self.count + index
      let target = output + stream
      for value in 0..<count {
        target.storeBytes(
          of: source.load(fromByteOffset: value, as: UInt8.self),
          toByteOffset: value * width,
          as: UInt8.self
        )
      }
    }
    index += count
  }

  /// Steps over values.
  mutating func skip(_ count: Int) throws(DecodingFailure) {
    guard count <= self.count - index else { throw .truncated }
    index += count
  }
}
