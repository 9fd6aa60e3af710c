import ApusValues

/// A format of `date_format` and `date_parse`, in MySQL's letters, taken apart once.
///
///     '%Y-%m-%d %H:%i'   year - month - day, space, hour : minute
struct MySQLFormat: Sendable {
  enum Item: Sendable, Equatable {
    case literal(Unicode.Scalar)
    case shortWeekday
    case weekday
    case shortMonth
    case month
    /// A number with so many digits to write and at most so many to read.
    case number(Field, digits: Int, reads: Int)
    case halfDay
  }

  enum Field: Sendable, Equatable {
    case year
    case shortYear
    case monthNumber
    case day
    case hour
    case hourOfHalfDay
    case minute
    case second
    case microsecond
    case dayOfYear
    case week
    case yearOfWeek
  }

  let items: [Item]

  /// - Throws: INVALID_FUNCTION_ARGUMENT for letters that Athena does not have either.
  init(_ format: String) throws(SQLError) {
    var items: [Item] = []
    var isEscaped = false
    for scalar in format.unicodeScalars {
      if !isEscaped {
        if scalar == "%" { isEscaped = true } else { items.append(.literal(scalar)) }
        continue
      }
      isEscaped = false
      items += try MySQLFormat.items(of: scalar)
    }
    self.items = items
  }

  private static func items(of letter: Unicode.Scalar) throws(SQLError) -> [Item] {
    switch letter {
    case "a": return [.shortWeekday]
    case "b": return [.shortMonth]
    case "c": return [.number(.monthNumber, digits: 1, reads: 2)]
    case "d": return [.number(.day, digits: 2, reads: 2)]
    case "e": return [.number(.day, digits: 1, reads: 2)]
    case "f": return [.number(.microsecond, digits: 6, reads: 9)]
    case "H": return [.number(.hour, digits: 2, reads: 2)]
    case "h", "I": return [.number(.hourOfHalfDay, digits: 2, reads: 2)]
    case "i": return [.number(.minute, digits: 2, reads: 2)]
    case "j": return [.number(.dayOfYear, digits: 3, reads: 3)]
    case "k": return [.number(.hour, digits: 1, reads: 2)]
    case "l": return [.number(.hourOfHalfDay, digits: 1, reads: 2)]
    case "M": return [.month]
    case "m": return [.number(.monthNumber, digits: 2, reads: 2)]
    case "p": return [.halfDay]
    case "r":
      return [
        .number(.hourOfHalfDay, digits: 2, reads: 2), .literal(":"),
        .number(.minute, digits: 2, reads: 2), .literal(":"),
        .number(.second, digits: 2, reads: 2), .literal(" "), .halfDay,
      ]
    case "S", "s": return [.number(.second, digits: 2, reads: 2)]
    case "T":
      return [
        .number(.hour, digits: 2, reads: 2), .literal(":"),
        .number(.minute, digits: 2, reads: 2), .literal(":"),
        .number(.second, digits: 2, reads: 2),
      ]
    case "v": return [.number(.week, digits: 2, reads: 2)]
    case "W": return [.weekday]
    case "x": return [.number(.yearOfWeek, digits: 4, reads: 4)]
    case "Y": return [.number(.year, digits: 4, reads: 4)]
    case "y": return [.number(.shortYear, digits: 2, reads: 2)]
    case "D", "U", "u", "V", "w", "X":
      throw SQLError(
        .invalidFunctionArgument,
        "%\(letter) not supported in date format string"
      )
    default: return [.literal(letter)]
    }
  }

  static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]

  static let weekdays = [
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
  ]
}
