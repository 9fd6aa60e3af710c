/// Formats the bits of a uuid: `12151fd2-7586-11e9-8f9e-2a86e4085a59`.
public func uuidText(_ ordered: Int128) -> String {
  let hyphens = [4, 6, 8, 10]
  var text = ""
  for (index, byte) in ordered.orderedBytes.enumerated() {
    if hyphens.contains(index) { text += "-" }
    let digits = String(byte, radix: 16)
    text += digits.count == 1 ? "0" + digits : digits
  }
  return text
}

/// Reads a uuid of 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12; nil for other text.
public func parseUUID(_ text: some StringProtocol) -> Int128? {
  let groups = text.split(separator: "-", omittingEmptySubsequences: false)
  guard groups.map(\.utf8.count) == [8, 4, 4, 4, 12] else { return nil }
  var bytes: [UInt8] = []
  for group in groups {
    var rest = group[...]
    while !rest.isEmpty {
      // The sign that a number may have is no digit.
      guard let byte = UInt8(rest.prefix(2), radix: 16), rest.first != "+" else { return nil }
      bytes.append(byte)
      rest = rest.dropFirst(2)
    }
  }
  return bytes.count == 16 ? Int128(ordered: bytes) : nil
}
