/// Reads a size such as `2GB`, `512 MB` or `65536`; units are powers of 1024, as in Trino.
///
/// - Returns: bytes; nil if the text is no size or more than an `Int` holds.
public func parseByteCount(_ text: String) -> Int? {
  let units: [(name: String, shift: Int)] = [
    ("kib", 10), ("mib", 20), ("gib", 30), ("tib", 40),
    ("kb", 10), ("mb", 20), ("gb", 30), ("tb", 40), ("k", 10), ("m", 20), ("g", 30), ("t", 40),
    ("b", 0),
  ]
  var number = Substring(text.lowercased())
  var shift = 0
  if let unit = units.first(where: { number.hasSuffix($0.name) }) {
    number = number.dropLast(unit.name.count)
    shift = unit.shift
  }
  while number.last == " " { number = number.dropLast() }
  guard !number.isEmpty, number.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
    let value = Double(number)
  else { return nil }
  return Int(exactly: (value * Double(1 << shift)).rounded(.down))
}

/// Shows a size with the largest unit that divides it: `2GB`, `1536MB`.
public func formatByteCount(_ count: Int) -> String {
  for (name, shift) in [("TB", 40), ("GB", 30), ("MB", 20), ("KB", 10)]
  where count > 0 && count % (1 << shift) == 0 {
    return "\(count >> shift)\(name)"
  }
  return "\(count)B"
}
