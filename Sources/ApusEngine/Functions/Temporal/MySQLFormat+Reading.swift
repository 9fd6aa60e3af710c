import ApusValues

extension MySQLFormat {
  /// What a text has said so far; what it does not say is 1970-01-01 00:00:00.
  private struct Fields {
    var year = 1970
    var month = 1
    var day = 1
    var dayOfYear: Int?
    var week: Int?
    var yearOfWeek: Int?
    var hour = 0
    var hourOfHalfDay: Int?
    var isAfternoon = false
    var minute = 0
    var second = 0
    var microsecond = 0

    mutating func set(_ field: Field, _ value: Int) -> Bool {
      switch field {
      case .year: year = value
      // As MySQL and Joda have it: 70 to 99 were in the last century.
      case .shortYear: year = value < 70 ? 2000 + value : 1900 + value
      case .monthNumber:
        month = value
        return (1...12).contains(value)
      case .day:
        day = value
        return (1...31).contains(value)
      case .hour:
        hour = value
        return value < 24
      case .hourOfHalfDay:
        hourOfHalfDay = value
        return (1...12).contains(value)
      case .minute:
        minute = value
        return value < 60
      case .second:
        second = value
        return value < 60
      case .microsecond: microsecond = value
      case .dayOfYear:
        dayOfYear = value
        return (1...366).contains(value)
      case .week:
        week = value
        return (1...53).contains(value)
      case .yearOfWeek: yearOfWeek = value
      }
      return true
    }

    /// Microseconds since 1970; nil for a day that does not exist.
    var microsecondsSinceEpoch: Int64? {
      var days: Int
      if let dayOfYear {
        guard dayOfYear <= (CalendarDate.isLeap(year) ? 366 : 365) else { return nil }
        days = CalendarDate(year: year, month: 1, day: 1).daysSinceEpoch + dayOfYear - 1
      } else if let week {
        let fourth = CalendarDate(year: yearOfWeek ?? year, month: 1, day: 4).daysSinceEpoch
        days = fourth - ApusEngine.dayOfWeek(daysSinceEpoch: fourth) + 1 + (week - 1) * 7
      } else {
        guard day <= CalendarDate.daysInMonth(month, of: year) else { return nil }
        days = CalendarDate(year: year, month: month, day: day).daysSinceEpoch
      }
      var hours = hour
      if let hourOfHalfDay { hours = hourOfHalfDay % 12 + (isAfternoon ? 12 : 0) }
      let seconds = Int64(hours * 3600 + minute * 60 + second)
      return Int64(days) * 86_400_000_000 + seconds * 1_000_000 + Int64(microsecond)
    }
  }

  /// Reads a text that the format describes as a whole.
  ///
  /// - Returns: microseconds since 1970.
  /// - Throws: INVALID_FUNCTION_ARGUMENT with the place where the text departs from the format.
  func read(_ text: String) throws(SQLError) -> Int64 {
    let scalars = Array(text.unicodeScalars)
    var fields = Fields()
    var position = 0
    for item in items {
      guard let end = read(item, scalars, position, &fields) else {
        throw malformedTime(scalars, at: position)
      }
      position = end
    }
    guard position == scalars.count else { throw malformedTime(scalars, at: position) }
    guard let result = fields.microsecondsSinceEpoch else {
      throw SQLError(.invalidFunctionArgument, "Cannot parse \"\(text)\": no such day")
    }
    return result
  }

  /// - Returns: the position after the item, nil if it does not stand there.
  private func read(
    _ item: Item,
    _ scalars: [Unicode.Scalar],
    _ position: Int,
    _ fields: inout Fields
  ) -> Int? {
    switch item {
    case .literal(let scalar):
      return position < scalars.count && scalars[position] == scalar ? position + 1 : nil
    case .shortWeekday, .weekday:
      return match(MySQLFormat.weekdays, scalars, position)?.end
    case .shortMonth, .month:
      guard let found = match(MySQLFormat.months, scalars, position) else { return nil }
      fields.month = found.index + 1
      return found.end
    case .halfDay:
      guard let found = match(["AM", "PM"], scalars, position) else { return nil }
      fields.isAfternoon = found.index == 1
      return found.end
    case .number(let field, _, let limit):
      var value = 0
      var end = position
      while end < scalars.count, end - position < limit, let digit = digit(scalars[end]) {
        value = value * 10 + digit
        end += 1
      }
      if end == position { return nil }
      if field == .microsecond {
        // The digits are those of a fraction.
        for _ in (end - position)..<9 { value *= 10 }
        value /= 1000
      }
      return fields.set(field, value) ? end : nil
    }
  }

  private func digit(_ scalar: Unicode.Scalar) -> Int? {
    ("0"..."9").contains(scalar) ? Int(scalar.value) - 48 : nil
  }

  /// Finds the name that stands at the position, whole or by its first three letters, in any case.
  private func match(_ names: [String], _ scalars: [Unicode.Scalar], _ position: Int)
    -> (index: Int, end: Int)?
  {
    var text = String.UnicodeScalarView()
    text += scalars[position...].prefix(10)
    let rest = String(text).lowercased()
    for (index, name) in names.enumerated() where rest.hasPrefix(name.lowercased()) {
      return (index, position + name.unicodeScalars.count)
    }
    for (index, name) in names.enumerated() where rest.hasPrefix(name.lowercased().prefix(3)) {
      return (index, position + 3)
    }
    return nil
  }
}
