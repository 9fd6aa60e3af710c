import ApusPlanner
import ApusValues
import ApusVectors

/// `from_iso8601_timestamp(text)`: a date, perhaps `T` and a time, perhaps an offset; without one the
/// time is in UTC. `from_iso8601_timestamp_nanos(text)` wants the time, and takes nine digits of a
/// second.
enum ISO8601Timestamp: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        "from_iso8601_timestamp('2024-02-29T13:05:09+01:00')",
        "2024-02-29 13:05:09.000 +01:00"
      ),
      FunctionExample(
        "from_iso8601_timestamp_nanos('2024-02-29T13:05:09.123456789Z')",
        "2024-02-29 13:05:09.123456789 UTC"
      ),
    ]
  }

  static let overloads: [ScalarOverload] = [
    overload("from_iso8601_timestamp", precision: 3),
    overload("from_iso8601_timestamp_nanos", precision: 9),
  ]

  private static func overload(_ name: String, precision: Int) -> ScalarOverload {
    .rows(
      FunctionSignature(
        name,
        [.anyVarchar],
        returns: .type(.timestampWithTimeZone(precision: precision)),
        summary: "Reads a time in ISO 8601, in UTC if it names no zone."
      )
    ) { arguments in
      let texts = arguments[0].texts
      return { row throws(SQLError) -> Int128? in
        let text = texts[row].string
        guard let time = parse(text, precision) else {
          throw invalidArgument("Invalid format: \"\(text)\"")
        }
        return time.packed
      }
    }
  }

  private static func parse(_ text: String, _ precision: Int) -> ZonedTime? {
    if precision == 9, !text.contains("T") { return nil }
    var days = Int128(0)
    var rest = text[...]
    let mark = text.firstIndex(of: "T")
    let date = text[..<(mark ?? text.endIndex)]
    if !date.isEmpty {
      guard let parsed = ISO8601Date.parse(String(date)) else { return nil }
      days = Int128(parsed)
    }
    rest = mark.map { text[text.index(after: $0)...] } ?? ""
    // A time has no sign, so that one begins an offset.
    var zone = TimeZoneKey.utc
    if let sign = rest.lastIndex(where: { $0 == "+" || $0 == "-" || $0 == "Z" }) {
      guard let key = TimeZoneKey(name: String(rest[sign...])) else { return nil }
      zone = key
      rest = rest[..<sign]
    }
    guard !rest.isEmpty || !date.isEmpty, let time = timeOfDay(rest, precision)
    else { return nil }
    let local = days * Timestamp.picosecondsPerDay + time
    var reader = TimeZoneReader()
    return ZonedTime(local: local, zone: zone, &reader)
  }

  /// Reads `HH[:mm[:ss[.fraction]]]`, to picoseconds; digits beyond the precision are cut off.
  private static func timeOfDay(_ text: Substring, _ precision: Int) -> Int128? {
    if text.isEmpty { return 0 }
    let halves = text.split(omittingEmptySubsequences: false) { $0 == "." || $0 == "," }
    let parts = halves[0].split(separator: ":", omittingEmptySubsequences: false)
    let limits = [24, 60, 60]
    guard parts.count <= 3, halves.count <= 2 else { return nil }
    var seconds = 0
    for (index, part) in parts.enumerated() {
      let isPlain = part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      guard part.utf8.count == 2, isPlain, let value = Int(part), value < limits[index] else {
        return nil
      }
      seconds += value * [3600, 60, 1][index]
    }
    var picoseconds = Int128(seconds) * ZonedTime.picosecondsPerSecond
    guard halves.count == 2 else { return picoseconds }
    let digits = halves[1].utf8.map { Int128($0) - 48 }
    if precision == 9, digits.count > 9 { return nil }
    guard !digits.isEmpty, digits.allSatisfy({ (0...9).contains($0) }), parts.count == 3 else {
      return nil
    }
    var unit = ZonedTime.picosecondsPerSecond
    for digit in digits.prefix(precision) {
      unit /= 10
      picoseconds += digit * unit
    }
    return picoseconds
  }
}
