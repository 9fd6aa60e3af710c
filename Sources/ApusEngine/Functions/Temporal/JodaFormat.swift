import ApusValues

/// A pattern of `format_datetime` and `parse_datetime`, in Joda's letters, taken apart once.
///
///     'yyyy-MM-dd HH:mm'   year - month - day, space, hour : minute
///
/// How often a letter stands says how many digits a number has at least; names are whole if there
/// are four letters or more. Text in apostrophes stands for itself, and `''` is an apostrophe.
struct JodaFormat: Sendable {
  enum Item: Sendable {
    case literal(String)
    case field(Unicode.Scalar, count: Int)
  }

  let items: [Item]

  /// What a zone is written from.
  struct Zone {
    var key: TimeZoneKey
    var offsetSeconds: Int64
    var abbreviation: String
  }

  /// - Parameter hasZone: whether the times that are written have one.
  /// - Throws: INVALID_FUNCTION_ARGUMENT for letters that mean nothing, or a zone without `hasZone`.
  init(_ pattern: String, hasZone: Bool) throws(SQLError) {
    let scalars = Array(pattern.unicodeScalars)
    var items: [Item] = []
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      if scalar == "'" {
        let (text, end) = JodaFormat.quoted(scalars, from: index + 1)
        items.append(.literal(text))
        index = end
        continue
      }
      guard ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) else {
        items.append(.literal(String(scalar)))
        index += 1
        continue
      }
      let count = scalars[index...].prefix { $0 == scalar }.count
      if !hasZone, scalar == "z" || scalar == "Z" {
        throw invalidArgument(
          "format_datetime for TIMESTAMP type, cannot use 'Z' nor 'z' in format, as this type does"
            + " not contain TZ information"
        )
      }
      guard "GCYxweEyDMdaKhHkmsSzZ".unicodeScalars.contains(scalar) else {
        let component = String(repeating: Character(scalar), count: count)
        throw invalidArgument("Illegal pattern component: \(component)")
      }
      items.append(.field(scalar, count: count))
      index += count
    }
    self.items = items
  }

  /// - Returns: the text up to the closing apostrophe or the end, and the place after it.
  private static func quoted(_ scalars: [Unicode.Scalar], from start: Int) -> (String, Int) {
    if start < scalars.count, scalars[start] == "'" { return ("'", start + 1) }
    var text = String.UnicodeScalarView()
    var index = start
    while index < scalars.count {
      if scalars[index] == "'" {
        guard index + 1 < scalars.count, scalars[index + 1] == "'" else {
          return (String(text), index + 1)
        }
        index += 1
      }
      text.append(scalars[index])
      index += 1
    }
    return (String(text), index)
  }

  /// Writes a time given as days since 1970 and microseconds of the day.
  func write(days: Int, microseconds: Int64, zone: Zone? = nil) -> String {
    let date = CalendarDate(daysSinceEpoch: days)
    var text = ""
    for item in items {
      switch item {
      case .literal(let literal): text += literal
      case .field("Z", let count):
        if let zone { text += JodaFormat.offset(zone, count) }
      case .field("z", _):
        if let zone { text += zone.abbreviation }
      case .field(let letter, let count):
        text += JodaFormat.field(letter, count, date, days, microseconds)
      }
    }
    return text
  }

  /// `+0530`, `+05:30` or the name of the zone, by the number of letters.
  private static func offset(_ zone: Zone, _ count: Int) -> String {
    if count > 2 { return zone.key.name }
    let text = TimeZoneKey.offsetText(Int(zone.offsetSeconds / 60))
    return count == 2 ? text : text.filter { $0 != ":" }
  }

  private static func field(
    _ letter: Unicode.Scalar,
    _ count: Int,
    _ date: CalendarDate,
    _ days: Int,
    _ microseconds: Int64
  ) -> String {
    let hour = Int(microseconds / 3_600_000_000)
    let yearOfEra = date.year > 0 ? date.year : 1 - date.year
    switch letter {
    case "G": return date.year > 0 ? "AD" : "BC"
    case "C": return number(yearOfEra / 100, count)
    case "Y": return year(yearOfEra, count)
    case "y": return year(date.year, count)
    case "x": return year(isoWeek(daysSinceEpoch: days).year, count)
    case "w": return number(isoWeek(daysSinceEpoch: days).week, count)
    case "e": return number(dayOfWeek(daysSinceEpoch: days), count)
    case "E": return name(MySQLFormat.weekdays[dayOfWeek(daysSinceEpoch: days) - 1], count)
    case "D": return number(dayOfYear(daysSinceEpoch: days), count)
    case "M":
      return count < 3 ? number(date.month, count) : name(MySQLFormat.months[date.month - 1], count)
    case "d": return number(date.day, count)
    case "a": return hour < 12 ? "AM" : "PM"
    case "K": return number(hour % 12, count)
    case "h": return number((hour + 11) % 12 + 1, count)
    case "H": return number(hour, count)
    case "k": return number((hour + 23) % 24 + 1, count)
    case "m": return number(Int(microseconds / 60_000_000 % 60), count)
    case "s": return number(Int(microseconds / 1_000_000 % 60), count)
    default:
      // The fraction of the second; Joda knows milliseconds.
      let digits = zeroPadded(UInt(microseconds / 1000 % 1000), to: 3)
      return digits.prefix(count) + String(repeating: "0", count: max(0, count - 3))
    }
  }

  private static func number(_ value: Int, _ digits: Int) -> String {
    (value < 0 ? "-" : "") + zeroPadded(value.magnitude, to: digits)
  }

  /// Two letters stand for the last two digits.
  private static func year(_ value: Int, _ count: Int) -> String {
    count == 2 ? number(Int(value.magnitude % 100), 2) : number(value, count)
  }

  private static func name(_ name: String, _ count: Int) -> String {
    count >= 4 ? name : String(name.prefix(3))
  }
}
