import Glibc

/// An address of IPv6, or of IPv4 in its place among those (`::ffff:a.b.c.d`).
public struct IPAddress: Hashable, Sendable {
  /// Sixteen, the highest first.
  public var bytes: [UInt8]

  private static let mapped: [UInt8] = Array(repeating: 0, count: 10) + [0xff, 0xff]

  /// - Parameter bytes: 4 or 16; nil for another number of them.
  public init?(bytes: [UInt8]) {
    switch bytes.count {
    case 4: self.bytes = IPAddress.mapped + bytes
    case 16: self.bytes = bytes
    default: return nil
    }
  }

  public init(ordered: Int128) { bytes = ordered.orderedBytes }

  public var ordered: Int128 { Int128(ordered: bytes) }

  /// Reads `10.0.0.1` or `2001:db8::1`; nil for other text.
  public init?(_ text: String) {
    // C would read no further.
    if text.utf8.contains(0) { return nil }
    var bytes = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, text, &bytes) == 1 {
      self.bytes = IPAddress.mapped + bytes[..<4]
    } else if inet_pton(AF_INET6, text, &bytes) == 1 {
      self.bytes = bytes
    } else {
      return nil
    }
  }

  public var isVersion4: Bool { bytes.starts(with: IPAddress.mapped) }
}

extension IPAddress: CustomStringConvertible {
  /// `10.0.0.1`, or IPv6 with the longest run of zeros left out (RFC 5952).
  public var description: String {
    if isVersion4 { return bytes[12...].map { String($0) }.joined(separator: ".") }
    let groups = (0..<8).map { Int(bytes[$0 * 2]) << 8 | Int(bytes[$0 * 2 + 1]) }
    var longest = 0..<0
    var start = 0
    while start < 8 {
      let end = groups[start...].firstIndex { $0 != 0 } ?? 8
      if end - start > max(1, longest.count) { longest = start..<end }
      start = max(end, start) + 1
    }
    func text(_ groups: ArraySlice<Int>) -> String {
      groups.map { String($0, radix: 16) }.joined(separator: ":")
    }
    if longest.isEmpty { return text(groups[...]) }
    return text(groups[..<longest.lowerBound]) + "::" + text(groups[longest.upperBound...])
  }
}

// A network is kept as the sixteen bytes of its lowest address and the length of its prefix.
extension IPAddress {
  /// Returns the bytes of a network; nil if the prefix is longer than the address.
  public func prefix(length: Int) -> [UInt8]? {
    let size = isVersion4 ? 32 : 128
    guard (0...size).contains(length) else { return nil }
    let kept = length + 128 - size
    var masked = bytes
    for index in 0..<16 {
      let bits = min(8, max(0, kept - index * 8))
      masked[index] &= UInt8(truncatingIfNeeded: 0xff00 >> bits)
    }
    return masked + [UInt8(length)]
  }

  /// Reads `10.0.0.0/8`; nil for other text.
  public static func parsePrefix(_ text: String) -> [UInt8]? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let address = IPAddress(String(parts[0])),
      let length = CalendarDate.number(Array(parts[1].utf8)[...], digits: 1...3)
    else { return nil }
    return address.prefix(length: length)
  }

  /// `10.0.0.0/8`; nothing if the bytes are no network.
  public static func prefixText(_ bytes: [UInt8]) -> String {
    guard let length = bytes.last, let address = IPAddress(bytes: Array(bytes.dropLast())) else {
      return ""
    }
    return "\(address)/\(length)"
  }
}
