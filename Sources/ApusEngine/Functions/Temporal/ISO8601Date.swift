import ApusPlanner
import ApusValues
import ApusVectors

/// `from_iso8601_date(text)`: `2020-05-11`, `2020-05`, `2020`, `2020-W10-3`, `2020-W10`, `2020-123`.
enum ISO8601Date: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("from_iso8601_date('2024-02-29')", "2024-02-29"),
      FunctionExample("from_iso8601_date('2024-W09-4')", "2024-02-29"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .rows(
      FunctionSignature(
        "from_iso8601_date",
        [.anyVarchar],
        returns: .type(.date),
        summary: "Reads a date in ISO 8601, by month, week or day of the year."
      )
    ) { arguments in
      let text = arguments[0].texts
      return { row throws(SQLError) -> Int32? in
        let string = text[row].string
        guard let days = parse(string), let result = Int32(exactly: days) else {
          throw invalidArgument("Invalid format: \"\(string)\"")
        }
        return result
      }
    }
  ]

  /// Days since 1970; nil for other text.
  static func parse(_ text: String) -> Int? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard let first = parts.first, let year = number(first, digits: 4) else { return nil }
    let firstDay = CalendarDate(year: year, month: 1, day: 1).daysSinceEpoch
    if parts.count == 1 { return firstDay }
    if parts[1].hasPrefix("W") {
      guard let week = number(parts[1].dropFirst(), digits: 2), (1...53).contains(week) else {
        return nil
      }
      let day = parts.count == 3 ? number(parts[2], digits: 1) : 1
      guard let day, (1...7).contains(day), parts.count <= 3 else { return nil }
      // The fourth of January is always in the first week.
      let monday = firstDay + 3 - dayOfWeek(daysSinceEpoch: firstDay + 3) + 1
      let result = monday + (week - 1) * 7 + day - 1
      return isoWeek(daysSinceEpoch: result).week == week ? result : nil
    }
    if parts.count == 2, let dayOfYear = number(parts[1], digits: 3) {
      let isValid = (1...(CalendarDate.isLeap(year) ? 366 : 365)).contains(dayOfYear)
      return isValid ? firstDay + dayOfYear - 1 : nil
    }
    guard let month = number(parts[1], digits: 2), (1...12).contains(month) else { return nil }
    if parts.count == 2 { return CalendarDate(year: year, month: month, day: 1).daysSinceEpoch }
    guard parts.count == 3, let day = number(parts[2], digits: 2), day >= 1,
      day <= CalendarDate.daysInMonth(month, of: year)
    else { return nil }
    return CalendarDate(year: year, month: month, day: day).daysSinceEpoch
  }

  private static func number(_ text: Substring, digits: Int) -> Int? {
    let isPlain = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return text.utf8.count == digits && isPlain ? Int(text) : nil
  }
}
