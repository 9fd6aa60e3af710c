import ApusVectors

// PLAIN: values one after the other; byte arrays with 4 bytes of length in front.
//
// Safety: lengths are compared with the bytes left before they are used. Views of short strings are
// made of whole words, for which `readableSlack` bytes follow every page.

/// Byte arrays, each with its length in front.
struct PlainByteArrays {
  private var position: UnsafeRawPointer
  private let end: UnsafeRawPointer

  init(_ bytes: UnsafeRawBufferPointer, emptyAt fallback: UnsafeRawPointer) {
    position = bytes.baseAddress ?? fallback
    end = position + bytes.count
  }

  /// Reads views of `count` byte arrays.
  ///
  /// - Returns: whether any view points into the bytes.
  mutating func readViews(
    _ count: Int,
    into output: UnsafeMutablePointer<StringView>
  ) throws(DecodingFailure) -> Bool {
    var position = self.position
    var longest: UInt32 = 0
    for index in 0..<count {
      let available = end - position
      guard available >= 4 else { throw .truncated }
      let length = position.loadUnaligned(as: UInt32.self)
      guard Int(length) <= available - 4 else {
        throw DecodingFailure("a byte array of \(length) bytes is longer than its page")
      }
      output[index] = makeView(position + 4, count: Int(length))
      longest = max(longest, length)
      position += 4 + Int(length)
    }
    self.position = position
    return longest > UInt32(StringView.inlineCapacity)
  }

  /// Steps over byte arrays.
  mutating func skip(_ count: Int) throws(DecodingFailure) {
    var position = self.position
    for _ in 0..<count {
      let available = end - position
      guard available >= 4 else { throw .truncated }
      let length = position.loadUnaligned(as: UInt32.self)
      guard Int(length) <= available - 4 else {
        throw DecodingFailure("a byte array of \(length) bytes is longer than its page")
      }
      position += 4 + Int(length)
    }
    self.position = position
  }
}

/// Makes a view by whole words: the bytes from `bytes` to 12 further must be readable.
@inline(__always)
func makeView(_ bytes: UnsafeRawPointer, count: Int) -> StringView {
  let prefix = UInt64(bytes.loadUnaligned(as: UInt32.self))
  if count > StringView.inlineCapacity {
    return StringView(
      low: UInt64(UInt32(truncatingIfNeeded: count)) | prefix << 32,
      high: UInt64(UInt(bitPattern: bytes))
    )
  }
  let rest = bytes.loadUnaligned(fromByteOffset: 4, as: UInt64.self)
  // A shift by all bits or more gives zero, so these masks need no cases.
  let prefixMask = ~(UInt64.max << UInt64(count * 8))
  let restMask = count <= 4 ? 0 : ~(UInt64.max << UInt64((count - 4) * 8))
  return StringView(
    low: UInt64(count) | (prefix & prefixMask) << 32,
    high: rest & restMask
  )
}

/// Makes views of values of one length.
///
/// - Returns: whether the views point into the bytes.
func readFixedLengthViews(
  _ source: UnsafeRawPointer,
  count: Int,
  length: Int,
  into output: UnsafeMutablePointer<StringView>
) -> Bool {
  for index in 0..<count { output[index] = makeView(source + index * length, count: length) }
  return length > StringView.inlineCapacity
}
