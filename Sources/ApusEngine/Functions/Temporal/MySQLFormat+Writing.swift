import ApusValues

extension MySQLFormat {
  /// Writes a time given as days since 1970 and microseconds of the day.
  func write(days: Int, microseconds: Int64) -> String {
    let date = CalendarDate(daysSinceEpoch: days)
    var text = String.UnicodeScalarView()
    for item in items {
      switch item {
      case .literal(let scalar): text.append(scalar)
      case .shortWeekday: text += weekday(days).unicodeScalars.prefix(3)
      case .weekday: text += weekday(days).unicodeScalars
      case .shortMonth: text += MySQLFormat.months[date.month - 1].unicodeScalars.prefix(3)
      case .month: text += MySQLFormat.months[date.month - 1].unicodeScalars
      case .halfDay: text += (microseconds < 43_200_000_000 ? "AM" : "PM").unicodeScalars
      case .number(let field, let digits, _):
        let value = value(of: field, date, days, microseconds)
        if value < 0 { text.append("-") }
        text += zeroPadded(value.magnitude, to: digits).unicodeScalars
      }
    }
    return String(text)
  }

  private func weekday(_ days: Int) -> String {
    MySQLFormat.weekdays[dayOfWeek(daysSinceEpoch: days) - 1]
  }

  private func value(of field: Field, _ date: CalendarDate, _ days: Int, _ time: Int64) -> Int {
    let hour = Int(time / 3_600_000_000)
    return switch field {
    case .year: date.year
    case .shortYear: floorDivide(date.year, 100).remainder
    case .monthNumber: date.month
    case .day: date.day
    case .hour: hour
    case .hourOfHalfDay: (hour + 11) % 12 + 1
    case .minute: Int(time / 60_000_000 % 60)
    case .second: Int(time / 1_000_000 % 60)
    case .microsecond: Int(time % 1_000_000)
    case .dayOfYear: dayOfYear(daysSinceEpoch: days)
    case .week: isoWeek(daysSinceEpoch: days).week
    case .yearOfWeek: isoWeek(daysSinceEpoch: days).year
    }
  }
}
