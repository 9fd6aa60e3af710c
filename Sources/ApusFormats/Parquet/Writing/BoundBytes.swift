/// A bound as the bytes that statistics carry.
struct BoundBytes {
  var bytes: [UInt8]
  /// Whether it is a value of the column rather than only a bound.
  var isExact: Bool

  /// Longer strings are cut, so that a footer does not grow with its values.
  static let greatestByteCount = 64

  /// - Returns: nil for a string that cannot be cut, since nothing short is greater.
  init?(_ value: BoundValue, form: StoredForm, isUpper: Bool, isText: Bool) {
    isExact = true
    switch (value, form) {
    case (.integer(let value), .boolean):
      bytes = [value == 0 ? 0 : 1]
    case (.integer(let value), .int128(let byteCount)):
      bytes = withUnsafeBytes(of: value.bigEndian) { Array($0.suffix(byteCount)) }
    case (.integer(let value), _):
      let word = Int64(truncatingIfNeeded: value).littleEndian
      bytes = withUnsafeBytes(of: word) { Array($0.prefix(form.width ?? 8)) }
    case (.floating(let value), .float):
      let signed = Float(BoundBytes.signedZero(value, isUpper: isUpper))
      bytes = withUnsafeBytes(of: signed.bitPattern.littleEndian) { Array($0) }
    case (.floating(let value), _):
      let signed = BoundBytes.signedZero(value, isUpper: isUpper)
      bytes = withUnsafeBytes(of: signed.bitPattern.littleEndian) { Array($0) }
    case (.bytes(let value), _):
      bytes = value
      if value.count <= BoundBytes.greatestByteCount { return }
      isExact = false
      let cut = isText ? BoundBytes.cutText(value) : value.prefix(BoundBytes.greatestByteCount)
      if !isUpper {
        bytes = Array(cut)
        return
      }
      guard let greater = isText ? BoundBytes.nextText(cut) : BoundBytes.nextBytes(cut) else {
        return nil
      }
      bytes = greater
    }
  }

  private static func signedZero(_ value: Double, isUpper: Bool) -> Double {
    value == 0 ? (isUpper ? 0.0 : -0.0) : value
  }

  /// The whole characters within the limit.
  private static func cutText(_ value: [UInt8]) -> ArraySlice<UInt8> {
    var end = greatestByteCount
    // A byte 10xxxxxx goes on with a character that began before; there are at most three.
    while end > greatestByteCount - 4, value[end] & 0xc0 == 0x80 { end -= 1 }
    return value[..<end]
  }

  /// The least bytes greater than all that begin with `prefix`; nil if it is of 0xff alone.
  private static func nextBytes(_ prefix: ArraySlice<UInt8>) -> [UInt8]? {
    guard let last = prefix.lastIndex(where: { $0 != 0xff }) else { return nil }
    var result = Array(prefix[...last])
    result[result.count - 1] += 1
    return result
  }

  /// A text greater than all that begin with `prefix`; nil if there is none or it is no UTF-8.
  private static func nextText(_ prefix: ArraySlice<UInt8>) -> [UInt8]? {
    guard let text = String(validating: prefix, as: UTF8.self) else { return nil }
    var scalars = Array(text.unicodeScalars)
    while let last = scalars.popLast() {
      // Surrogates are no characters; the one after them is.
      let next = last.value == 0xd7ff ? 0xe000 : last.value + 1
      guard let scalar = Unicode.Scalar(next) else { continue }
      scalars.append(scalar)
      var result = String.UnicodeScalarView()
      result.append(contentsOf: scalars)
      return Array(String(result).utf8)
    }
    return nil
  }
}
