// Quantities as people read them.

/// `336,776`.
package func humanCount(_ count: Int) -> String {
  let digits = String(count.magnitude)
  var text = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
    text.append(digit)
  }
  return (count < 0 ? "-" : "") + text
}

/// `1 row`, `336,776 rows`.
package func humanCount(_ count: Int, _ noun: String) -> String {
  "\(humanCount(count)) \(noun)\(count == 1 ? "" : "s")"
}

/// `512 B`, `12.4 MB`; units are powers of 1024, as everywhere in Apus.
package func humanByteCount(_ count: Int) -> String {
  let units = ["B", "KB", "MB", "GB", "TB", "PB"]
  var index = 0
  while index < units.count - 1, count >> (10 * (index + 1)) > 0 { index += 1 }
  guard index > 0 else { return "\(count) B" }
  let tenths = (count >> (10 * (index - 1))) * 10 / 1024
  return "\(tenths / 10).\(tenths % 10) \(units[index])"
}

/// `0.312 s`: what a query took.
package func secondsText(_ duration: Duration) -> String {
  let (seconds, attoseconds) = duration.components
  let milliseconds = Int(attoseconds / 1_000_000_000_000_000)
  let fraction = String(milliseconds + 1000).dropFirst()
  return "\(humanCount(Int(seconds))).\(fraction) s"
}

/// `2.1 s`, `12 s`, `3 min 20 s`, `2 h 5 min`: how long a query runs already.
package func humanDuration(_ duration: Duration) -> String {
  let (seconds, attoseconds) = duration.components
  if seconds < 10 { return "\(seconds).\(attoseconds / 100_000_000_000_000_000) s" }
  if seconds < 60 { return "\(seconds) s" }
  if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
  return "\(seconds / 3600) h \(seconds / 60 % 60) min"
}
