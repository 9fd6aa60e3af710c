/// Percent escapes of URLs.
enum PercentEncoding {
  /// Escapes as HTML forms do: letters, digits and `-_.*` stay, a space becomes a plus sign.
  static func encodeForm(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "."), UInt8(ascii: "*"):
        output.append(byte)
      case UInt8(ascii: " "): output.append(UInt8(ascii: "+"))
      default:
        output += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return output
  }

  enum Failure: Error {
    case incomplete
    case notHexadecimal(String)
  }

  /// Reads escapes; what is no UTF-8 becomes U+FFFD.
  ///
  /// - Parameter isForm: whether a plus sign is a space.
  static func decode(_ text: some Collection<UInt8>, isForm: Bool) throws(Failure) -> String {
    var output: [UInt8] = []
    output.reserveCapacity(text.count)
    var index = text.startIndex
    while index != text.endIndex {
      let byte = text[index]
      text.formIndex(after: &index)
      guard byte == UInt8(ascii: "%") else {
        output.append(isForm && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
        continue
      }
      guard let end = text.index(index, offsetBy: 2, limitedBy: text.endIndex) else {
        throw .incomplete
      }
      let digits = String(decoding: text[index..<end], as: UTF8.self)
      guard digits.utf8.first != UInt8(ascii: "+"), digits.utf8.first != UInt8(ascii: "-"),
        let value = UInt8(digits, radix: 16)
      else { throw .notHexadecimal(digits) }
      output.append(value)
      index = end
    }
    return String(decoding: output, as: UTF8.self)
  }
}
