import ApusValues

extension JodaFormat {
  /// What a text has said so far; what it does not say is 1970-01-01 00:00:00.
  private struct Fields {
    var year: Int?
    var month: Int?
    var day: Int?
    var dayOfYear: Int?
    var weekYear: Int?
    var week: Int?
    var dayOfWeek: Int?
    var hour = 0
    var hourOfHalfDay: Int?
    var isAfternoon = false
    var isBeforeChrist = false
    var minute = 0
    var second = 0
    var millisecond = 0
    var zone: TimeZoneKey?

    /// Milliseconds since 1970 in local time; nil for a day that does not exist.
    var milliseconds: Int64? {
      var days: Int
      // A day of no year is one of a leap year, so that the 29th of February is there.
      let written = year ?? (month != nil || day != nil ? 2000 : 1970)
      let year = isBeforeChrist ? 1 - written : written
      if week != nil || weekYear != nil || (dayOfWeek != nil && day == nil && dayOfYear == nil) {
        let fourth = CalendarDate(year: weekYear ?? year, month: 1, day: 4).daysSinceEpoch
        let monday = fourth - ApusEngine.dayOfWeek(daysSinceEpoch: fourth) + 1
        days = monday + ((week ?? 1) - 1) * 7 + (dayOfWeek ?? 1) - 1
      } else if let dayOfYear {
        guard dayOfYear <= (CalendarDate.isLeap(year) ? 366 : 365) else { return nil }
        days = CalendarDate(year: year, month: 1, day: 1).daysSinceEpoch + dayOfYear - 1
      } else {
        let month = month ?? 1
        guard (day ?? 1) <= CalendarDate.daysInMonth(month, of: year) else { return nil }
        days = CalendarDate(year: year, month: month, day: day ?? 1).daysSinceEpoch
      }
      var hours = hour
      if let hourOfHalfDay { hours = hourOfHalfDay + (isAfternoon ? 12 : 0) }
      let seconds = hours * 3600 + minute * 60 + second
      return Int64(days) * 86_400_000 + Int64(seconds) * 1000 + Int64(millisecond)
    }

    /// - Returns: what the field is called and may be, where the value is none.
    mutating func set(_ letter: Unicode.Scalar, _ value: Int) -> (name: String, range: String)? {
      func check(_ name: String, _ range: ClosedRange<Int>) -> (String, String)? {
        range.contains(value) ? nil : (name, "[\(range.lowerBound),\(range.upperBound)]")
      }
      switch letter {
      case "C": year = value * 100
      case "Y", "y": year = value
      case "x": weekYear = value
      case "w":
        week = value
        return check("weekOfWeekyear", 1...53)
      case "e":
        dayOfWeek = value
        return check("dayOfWeek", 1...7)
      case "D":
        dayOfYear = value
        return check("dayOfYear", 1...366)
      case "M":
        month = value
        return check("monthOfYear", 1...12)
      case "d":
        day = value
        return check("dayOfMonth", 1...31)
      case "K":
        hourOfHalfDay = value
        return check("hourOfHalfday", 0...11)
      case "h":
        hourOfHalfDay = value % 12
        return check("clockhourOfHalfday", 1...12)
      case "H":
        hour = value
        return check("hourOfDay", 0...23)
      case "k":
        hour = value % 24
        return check("clockhourOfDay", 1...24)
      case "m":
        minute = value
        return check("minuteOfHour", 0...59)
      default:
        second = value
        return check("secondOfMinute", 0...59)
      }
      return nil
    }
  }

  /// Reads a text that the pattern describes as a whole; without a zone it is in UTC.
  ///
  /// - Throws: INVALID_FUNCTION_ARGUMENT with the place where the text departs from the pattern.
  func read(_ text: String) throws(SQLError) -> ZonedTime {
    var scanner = Scanner(Array(text.unicodeScalars))
    var fields = Fields()
    for (index, item) in items.enumerated() {
      let isNumberNext = index + 1 < items.count && items[index + 1].isNumeric
      switch item {
      case .literal(let literal):
        guard scanner.take(literal) else { throw scanner.malformed }
      case .field(let letter, let count):
        try read(letter, count, isNumberNext, &scanner, &fields)
      }
    }
    guard scanner.isAtEnd else { throw scanner.malformed }
    guard let milliseconds = fields.milliseconds else {
      let day = fields.day ?? fields.dayOfYear ?? 0
      throw scanner.outOfRange("dayOfMonth", day, "[1,\(fields.day == nil ? 365 : 28)]")
    }
    var reader = TimeZoneReader()
    return ZonedTime(
      local: Int128(milliseconds) * 1_000_000_000,
      zone: fields.zone ?? .utc,
      &reader
    )
  }

  private func read(
    _ letter: Unicode.Scalar,
    _ count: Int,
    _ isNumberNext: Bool,
    _ scanner: inout Scanner,
    _ fields: inout Fields
  ) throws(SQLError) {
    switch letter {
    case "G":
      guard let era = scanner.takeName(["BC", "AD"]) else { throw scanner.malformed }
      fields.isBeforeChrist = era == 0
    case "a":
      guard let half = scanner.takeName(["AM", "PM"]) else { throw scanner.malformed }
      fields.isAfternoon = half == 1
    case "E":
      guard let day = scanner.takeName(MySQLFormat.weekdays) else { throw scanner.malformed }
      fields.dayOfWeek = day + 1
    case "M" where count >= 3:
      guard let month = scanner.takeName(MySQLFormat.months) else { throw scanner.malformed }
      fields.month = month + 1
    case "S":
      guard let milliseconds = scanner.takeFraction(digits: count) else { throw scanner.malformed }
      fields.millisecond = milliseconds
    case "Z" where count < 3:
      guard let zone = scanner.takeOffset() else { throw scanner.malformed }
      fields.zone = zone
    case "Z", "z":
      guard let zone = scanner.takeZone() else { throw scanner.malformed }
      fields.zone = zone
    default:
      let isYear = letter == "y" || letter == "Y" || letter == "x"
      let start = scanner.position
      let digits =
        isYear
        ? (count == 2 || isNumberNext ? count : 9) : letter == "D" ? 3 : letter == "e" ? 1 : 2
      guard var value = scanner.takeNumber(digits: digits, isSigned: isYear) else {
        throw scanner.malformed
      }
      // Two digits are a year from 1970 to 2069.
      if isYear, count == 2, scanner.position - start == 2 {
        value += value < 70 ? 2000 : 1900
      }
      if let (name, range) = fields.set(letter, value) {
        throw scanner.outOfRange(name, value, range)
      }
    }
  }

  private struct Scanner {
    let scalars: [Unicode.Scalar]
    var position = 0

    init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

    var isAtEnd: Bool { position == scalars.count }

    /// The error of a text that departs from the pattern here.
    var malformed: SQLError { malformedTime(scalars, at: position) }

    func outOfRange(_ field: String, _ value: Int, _ range: String) -> SQLError {
      let text = String(String.UnicodeScalarView(scalars))
      return invalidArgument(
        "Cannot parse \"\(text)\": Value \(value) for \(field) must be in the range \(range)"
      )
    }

    mutating func take(_ literal: String) -> Bool {
      for scalar in literal.unicodeScalars {
        guard position < scalars.count,
          scalars[position] == scalar
            || scalars[position].properties.lowercaseMapping == scalar.properties.lowercaseMapping
        else { return false }
        position += 1
      }
      return true
    }

    mutating func takeNumber(digits: Int, isSigned: Bool) -> Int? {
      var end = position
      var isNegative = false
      if isSigned, end < scalars.count, scalars[end] == "-" || scalars[end] == "+" {
        isNegative = scalars[end] == "-"
        end += 1
      }
      var value = 0
      let start = end
      while end < scalars.count, end - start < digits, ("0"..."9").contains(scalars[end]) {
        value = value * 10 + Int(scalars[end].value) - 48
        end += 1
      }
      guard end > start else { return nil }
      position = end
      return isNegative ? -value : value
    }

    /// Reads at most so many digits of a fraction of a second, to milliseconds.
    mutating func takeFraction(digits: Int) -> Int? {
      let start = position
      var value = 0
      while position < scalars.count, position - start < digits,
        ("0"..."9").contains(scalars[position])
      {
        if position - start < 3 { value = value * 10 + Int(scalars[position].value) - 48 }
        position += 1
      }
      let count = position - start
      switch count {
      case 0: return nil
      case 1: return value * 100
      case 2: return value * 10
      default: return value
      }
    }

    /// Reads one of the names, whole or its first three letters, in any case.
    mutating func takeName(_ names: [String]) -> Int? {
      for length in [Int.max, 3] {
        for (index, name) in names.enumerated() {
          let start = position
          if take(String(name.prefix(length))) { return index }
          position = start
        }
      }
      return nil
    }

    /// Reads `Z`, `+0530`, `+05:30` or `+05`.
    mutating func takeOffset() -> TimeZoneKey? {
      let start = position
      if take("Z") { return .utc }
      guard position < scalars.count, scalars[position] == "+" || scalars[position] == "-" else {
        return nil
      }
      var end = position + 1
      while end < scalars.count, end - position < 6,
        ("0"..."9").contains(scalars[end]) || scalars[end] == ":"
      {
        end += 1
      }
      let text = String(String.UnicodeScalarView(scalars[start..<end]))
      guard let zone = TimeZoneKey(name: text) else { return nil }
      position = end
      return zone
    }

    /// Reads the name of a zone, as long a one as there is.
    mutating func takeZone() -> TimeZoneKey? {
      if let offset = takeOffset() { return offset }
      var end = position
      while end < scalars.count,
        scalars[end].properties.isAlphabetic || ("0"..."9").contains(scalars[end])
          || "/_-+:".unicodeScalars.contains(scalars[end])
      {
        end += 1
      }
      while end > position {
        let text = String(String.UnicodeScalarView(scalars[position..<end]))
        if let zone = TimeZoneKey(name: JodaFormat.regions[text.uppercased()] ?? text) {
          position = end
          return zone
        }
        end -= 1
      }
      return nil
    }
  }

  /// The abbreviations that Joda reads.
  private static let regions = [
    "EST": "America/New_York", "EDT": "America/New_York", "CST": "America/Chicago",
    "CDT": "America/Chicago", "MST": "America/Denver", "MDT": "America/Denver",
    "PST": "America/Los_Angeles", "PDT": "America/Los_Angeles",
  ]
}

extension JodaFormat.Item {
  /// Whether a number is read, so that a year before it ends where its letters do.
  fileprivate var isNumeric: Bool {
    switch self {
    case .literal: false
    case .field(let letter, let count):
      letter == "M" ? count < 3 : "CYxweyDdKhHkmsS".unicodeScalars.contains(letter)
    }
  }
}
