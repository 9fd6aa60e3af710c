import ApusVectors

/// Byte arrays as all their lengths, delta encoded, and then all their bytes.
///
/// Source: parquet-format, Encodings.md, "Delta-length byte array (DELTA_LENGTH_BYTE_ARRAY = 6)".
///
/// Safety: lengths are compared with the bytes left before they are used.
struct DeltaLengthByteArrays {
  private var lengths: DeltaBinaryPacked
  private var position: UnsafeRawPointer
  private let end: UnsafeRawPointer

  init(_ bytes: UnsafeRawBufferPointer, emptyAt fallback: UnsafeRawPointer) throws(DecodingFailure)
  {
    lengths = try DeltaBinaryPacked(bytes, emptyAt: fallback)
    position = try lengths.endOfValues()
    end = (bytes.baseAddress ?? fallback) + bytes.count
  }

  /// Reads views of `count` byte arrays.
  ///
  /// - Parameter scratch: room for `count` numbers.
  /// - Returns: whether any view points into the bytes.
  mutating func readViews(
    _ count: Int,
    scratch: UnsafeMutablePointer<Int64>,
    into output: UnsafeMutablePointer<StringView>
  ) throws(DecodingFailure) -> Bool {
    try lengths.read(count, into: scratch)
    var longest = 0
    for index in 0..<count {
      let length = Int(scratch[index])
      guard length >= 0, length <= end - position else {
        throw DecodingFailure("a byte array of \(length) bytes is longer than its page")
      }
      output[index] = makeView(position, count: length)
      longest = max(longest, length)
      position += length
    }
    return longest > StringView.inlineCapacity
  }

  /// Steps over byte arrays.
  ///
  /// - Parameter scratch: room for `count` numbers.
  mutating func skip(
    _ count: Int,
    scratch: UnsafeMutablePointer<Int64>
  ) throws(DecodingFailure) {
    try lengths.read(count, into: scratch)
    for index in 0..<count {
      let length = Int(scratch[index])
      guard length >= 0, length <= end - position else {
        throw DecodingFailure("a byte array of \(length) bytes is longer than its page")
      }
      position += length
    }
  }
}
