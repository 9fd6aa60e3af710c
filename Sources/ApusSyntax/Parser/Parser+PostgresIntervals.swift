import ApusValues

// Intervals as PostgreSQL writes them, with the units in the text: `INTERVAL '1 day 02:30:00'`.
extension Parser {
  /// Whether INTERVAL with a text and no unit behind it stands here.
  var startsIntervalOfPostgres: Bool {
    guard dialect == .postgres, isText(peek()) else { return false }
    let hasEscape = peek().kind == .unicodeString && peek(2).kind == .keyword(.uescape)
    guard case .keyword(let keyword) = peek(hasEscape ? 4 : 2).kind else { return true }
    return IntervalField(keyword: keyword) == nil
  }

  mutating func parseIntervalOfPostgres() throws(SQLError) -> IntervalLiteral {
    let start = index
    try expect(.interval)
    let text = try parseText()
    guard let parts = IntervalParts(text.value) else {
      throw SQLError(
        .syntaxError,
        "invalid interval: '\(text.value)'",
        at: text.range,
        hint: "Write numbers with units, such as '1 day 02:30:00' or '1 year 2 months'."
      )
    }
    return try literal(parts, at: range(from: start))
  }

  /// Returns `value::type`, which makes an interval of a text.
  func castOfPostgres(
    _ value: Expression,
    to type: TypeName,
    _ place: SourceRange
  ) throws(SQLError) -> Expression {
    if case .string(let text) = value, type.name == "interval", type.parameters.isEmpty,
      let parts = IntervalParts(text.value)
    {
      return .interval(try literal(parts, at: place))
    }
    return .cast(CastExpression(value: value, type: type, range: place))
  }

  /// Returns an interval of Trino's; those have months, or days and times, but not both.
  func literal(_ parts: IntervalParts, at place: SourceRange) throws(SQLError) -> IntervalLiteral {
    guard parts.months == 0 || parts.microseconds == 0 else {
      throw .notSupported("An interval of months together with days", at: place)
    }
    if parts.months != 0 {
      let months = parts.months.magnitude
      return IntervalLiteral(
        isNegative: parts.months < 0,
        text: "\(months / 12)-\(months % 12)",
        from: .year,
        to: .month,
        range: place
      )
    }
    guard parts.microseconds % 1_000 == 0 else {
      throw .notSupported("An interval of less than a millisecond", at: place)
    }
    let milliseconds = parts.microseconds.magnitude / 1_000
    let seconds = milliseconds / 1_000
    func digits(_ value: UInt, _ count: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    let time =
      "\(digits(seconds / 3_600 % 24, 2)):\(digits(seconds / 60 % 60, 2)):"
      + "\(digits(seconds % 60, 2)).\(digits(milliseconds % 1_000, 3))"
    return IntervalLiteral(
      isNegative: parts.microseconds < 0,
      text: "\(seconds / 86_400) \(time)",
      from: .day,
      to: .second,
      range: place
    )
  }
}

/// Is what a text such as `1 year -3 days 04:05:06` says.
struct IntervalParts {
  private(set) var months = 0
  private(set) var microseconds = 0

  private static let monthUnits: [String: Int] = [
    "month": 1, "months": 1, "mon": 1, "mons": 1, "year": 12, "years": 12, "yr": 12, "yrs": 12,
    "y": 12, "decade": 120, "decades": 120, "century": 1_200, "centuries": 1_200,
  ]

  private static let timeUnits: [String: Int] = [
    "microsecond": 1, "microseconds": 1, "us": 1, "millisecond": 1_000, "milliseconds": 1_000,
    "ms": 1_000, "second": 1_000_000, "seconds": 1_000_000, "sec": 1_000_000,
    "secs": 1_000_000, "s": 1_000_000, "minute": 60_000_000, "minutes": 60_000_000,
    "min": 60_000_000, "mins": 60_000_000, "m": 60_000_000, "hour": 3_600_000_000,
    "hours": 3_600_000_000, "hr": 3_600_000_000, "hrs": 3_600_000_000, "h": 3_600_000_000,
    "day": 86_400_000_000, "days": 86_400_000_000, "d": 86_400_000_000,
    "week": 604_800_000_000, "weeks": 604_800_000_000, "w": 604_800_000_000,
  ]

  /// Nil for a text that is no such interval, or for one that is too long.
  init?(_ text: String) {
    var words = text.lowercased().split(whereSeparator: \.isWhitespace)[...]
    guard !words.isEmpty else { return nil }
    while let word = words.popFirst() {
      if word.contains(":") {
        guard addTime(word) else { return nil }
        continue
      }
      let number = word.prefix { "+-.0123456789".contains($0) }
      let unit = number.count < word.count ? word.dropFirst(number.count) : words.popFirst()
      guard let unit, add(number, String(unit)) else { return nil }
    }
  }

  private mutating func add(_ number: Substring, _ unit: String) -> Bool {
    if let size = Self.monthUnits[unit] {
      guard let count = Int(number) else { return false }
      return Self.add(count, times: size, to: &months)
    }
    guard let size = Self.timeUnits[unit] else { return false }
    if let count = Int(number) { return Self.add(count, times: size, to: &microseconds) }
    return size == 1_000_000 && addSeconds(number)
  }

  /// Adds seconds with up to six digits after the point.
  private mutating func addSeconds(_ number: Substring) -> Bool {
    let parts = number.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, (1...6).contains(parts[1].count), parts[1].allSatisfy(\.isASCII),
      parts[1].allSatisfy(\.isNumber), let whole = Int(parts[0]),
      let fraction = Int(parts[1] + String(repeating: "0", count: 6 - parts[1].count))
    else { return false }
    let sign = number.hasPrefix("-") ? -1 : 1
    return Self.add(whole, times: 1_000_000, to: &microseconds)
      && Self.add(sign, times: fraction, to: &microseconds)
  }

  /// Adds `[-]04:05` or `[-]04:05:06.7`.
  private mutating func addTime(_ word: Substring) -> Bool {
    let isNegative = word.hasPrefix("-")
    let fields = word.drop { $0 == "-" || $0 == "+" }.split(
      separator: ":",
      omittingEmptySubsequences: false
    )
    guard fields.count == 2 || fields.count == 3,
      fields.allSatisfy({ $0.first?.isNumber == true })
    else { return false }
    var time = IntervalParts()
    guard time.add(fields[0], "hours"), time.add(fields[1], "minutes"),
      fields.count == 2 || time.add(fields[2], "seconds")
    else { return false }
    return Self.add(time.microseconds, times: isNegative ? -1 : 1, to: &microseconds)
  }

  private init() {}

  private static func add(_ count: Int, times size: Int, to sum: inout Int) -> Bool {
    let (product, isTooLarge) = count.multipliedReportingOverflow(by: size)
    let (result, overflows) = sum.addingReportingOverflow(product)
    guard !isTooLarge, !overflows else { return false }
    sum = result
    return true
  }
}
