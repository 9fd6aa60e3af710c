/// A URL taken apart as Java's `java.net.URI` does, whose rules are those of Trino: RFC 2396 with
/// IPv6 addresses, and letters beyond ASCII where percent escapes may stand.
///
///     http://user@example.com:80/a/b?x=1#top
///     scheme      host        port path query fragment
struct ParsedURL {
  private(set) var scheme: String?
  private(set) var host: String?
  private(set) var port: Int?
  /// Nil for one like `mailto:a@b`.
  private(set) var rawPath: String?
  private(set) var rawQuery: String?
  private(set) var rawFragment: String?

  /// Returns nil for what is not a URL.
  init?(_ bytes: UnsafeRawBufferPointer) {
    var rest = String(decoding: bytes, as: UTF8.self).unicodeScalars[...]
    if let mark = rest.firstIndex(of: "#") {
      let fragment = rest[rest.index(after: mark)...]
      guard isLegal(fragment, marks: Self.uricMarks) else { return nil }
      rawFragment = String(fragment)
      rest = rest[..<mark]
    }
    if let colon = rest.firstIndex(where: { ":/?".unicodeScalars.contains($0) }),
      rest[colon] == ":"
    {
      guard isScheme(rest[..<colon]) else { return nil }
      scheme = String(rest[..<colon])
      rest = rest[rest.index(after: colon)...]
      if rest.first != "/" {
        // The rest means something to the scheme only.
        guard !rest.isEmpty, isLegal(rest, marks: Self.uricMarks) else { return nil }
        return
      }
    }
    if let mark = rest.firstIndex(of: "?") {
      let query = rest[rest.index(after: mark)...]
      guard isLegal(query, marks: Self.uricMarks) else { return nil }
      rawQuery = String(query)
      rest = rest[..<mark]
    }
    if rest.starts(with: "//".unicodeScalars) {
      rest = rest.dropFirst(2)
      let end = rest.firstIndex(of: "/") ?? rest.endIndex
      let authority = rest[..<end]
      rest = rest[end...]
      if authority.isEmpty {
        guard !rest.isEmpty || rawQuery != nil || rawFragment != nil else { return nil }
      } else {
        guard readAuthority(authority) else { return nil }
      }
    }
    guard isLegal(rest, marks: ":@&=+$,;/") else { return nil }
    rawPath = String(rest)
  }

  private static let uricMarks = ";/?:@&=+$,[]"

  // MARK: Characters

  /// Whether all are letters, digits, `_-!.~'()*`, the given marks, escapes or beyond ASCII.
  private func isLegal(_ text: Substring.UnicodeScalarView, marks: String) -> Bool {
    var index = text.startIndex
    while index < text.endIndex {
      let scalar = text[index]
      index = text.index(after: index)
      if scalar == "%" {
        for _ in 0..<2 {
          guard index < text.endIndex, text[index].properties.isASCIIHexDigit else { return false }
          index = text.index(after: index)
        }
        continue
      }
      if scalar.isASCII {
        guard
          isAlphanumeric(scalar) || "_-!.~'()*".unicodeScalars.contains(scalar)
            || marks.unicodeScalars.contains(scalar)
        else { return false }
        continue
      }
      switch scalar.properties.generalCategory {
      case .control, .spaceSeparator, .lineSeparator, .paragraphSeparator: return false
      default: break
      }
    }
    return true
  }

  private func isScheme(_ text: Substring.UnicodeScalarView) -> Bool {
    guard let first = text.first, isLetter(first) else { return false }
    return text.allSatisfy { isAlphanumeric($0) || "+-.".unicodeScalars.contains($0) }
  }

  private func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
  }

  private func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
    isLetter(scalar) || ("0"..."9").contains(scalar)
  }

  // MARK: Authority

  /// Reads `user@host:port`. An authority of another form is legal but has no host.
  private mutating func readAuthority(_ authority: Substring.UnicodeScalarView) -> Bool {
    var rest = authority
    if let at = rest.lastIndex(of: "@") {
      guard isLegal(rest[..<at], marks: ";:&=+$,") else { return isRegistry(authority) }
      rest = rest[rest.index(after: at)...]
    }
    let name: Substring.UnicodeScalarView
    if rest.first == "[" {
      guard let end = rest.firstIndex(of: "]") else { return false }
      name = rest[...end]
      guard isIPv6(name.dropFirst().dropLast()) else { return false }
      rest = rest[rest.index(after: end)...]
    } else {
      let end = rest.firstIndex(of: ":") ?? rest.endIndex
      name = rest[..<end]
      guard isHostName(name) else { return isRegistry(authority) }
      rest = rest[end...]
    }
    if !rest.isEmpty {
      let digits = rest.dropFirst()
      guard rest.first == ":", digits.allSatisfy({ ("0"..."9").contains($0) }) else {
        return isRegistry(authority)
      }
      if !digits.isEmpty {
        guard let number = Int32(String(digits)) else { return false }
        port = Int(number)
      }
    }
    host = String(name)
    return true
  }

  private func isRegistry(_ authority: Substring.UnicodeScalarView) -> Bool {
    isLegal(authority, marks: "$,;:@&=+")
  }

  /// Labels of letters, digits and inner hyphens, the last not all digits; or an IPv4 address.
  private func isHostName(_ name: Substring.UnicodeScalarView) -> Bool {
    var labels = name.split(separator: ".", omittingEmptySubsequences: false)
    if labels.count == 4, labels.allSatisfy({ isByte($0) }) { return true }
    if labels.count > 1, labels.last?.isEmpty == true { labels.removeLast() }
    guard let first = labels.last?.first, isLetter(first) else { return false }
    return labels.allSatisfy { label in
      guard let first = label.first, let last = label.last else { return false }
      return isAlphanumeric(first) && isAlphanumeric(last)
        && label.allSatisfy { isAlphanumeric($0) || $0 == "-" }
    }
  }

  private func isByte(_ label: Substring.UnicodeScalarView) -> Bool {
    guard !label.isEmpty, label.allSatisfy({ ("0"..."9").contains($0) }),
      let number = Int(String(label))
    else { return false }
    return number <= 255
  }

  /// Up to eight groups of hexadecimal digits, one run of which may be left out as `::`, the last
  /// two maybe as an IPv4 address; then maybe a zone.
  private func isIPv6(_ text: Substring.UnicodeScalarView) -> Bool {
    var address = text
    if let mark = text.firstIndex(of: "%") {
      guard mark != text.index(before: text.endIndex) else { return false }
      address = text[..<mark]
    }
    let halves = String(address).split(separator: "::", omittingEmptySubsequences: false)
    guard halves.count <= 2 else { return false }
    var count = 0
    for (index, half) in halves.enumerated() where !half.isEmpty {
      let groups = half.split(separator: ":", omittingEmptySubsequences: false)
      for (place, group) in groups.enumerated() {
        let isLast = index == halves.count - 1 && place == groups.count - 1
        if isLast, group.contains(".") {
          let parts = group.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false)
          guard parts.count == 4, parts.allSatisfy({ isByte($0) }) else { return false }
          count += 2
          continue
        }
        guard (1...4).contains(group.unicodeScalars.count),
          group.unicodeScalars.allSatisfy({ $0.properties.isASCIIHexDigit })
        else { return false }
        count += 1
      }
    }
    return halves.count == 2 ? count < 8 : count == 8
  }
}
