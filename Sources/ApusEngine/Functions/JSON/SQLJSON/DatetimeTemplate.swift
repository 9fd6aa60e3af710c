import ApusValues

/// How `datetime("YYYY-MM-DD HH24:MI")` reads text: fields and the text between them, after SQL:2023.
struct DatetimeTemplate: Sendable {
  enum Field: String, Sendable {
    case year
    case roundedYear = "rounded year"
    case month
    case day
    case dayOfYear = "day of year"
    case hour12 = "12-hour field"
    case hour24 = "24-hour field"
    case minute
    case second
    case secondOfDay = "second-of-day"
    case fraction
    case halfOfDay = "AM/PM"
    case zoneHour = "time zone hour"
    case zoneMinute = "time zone minute"
  }

  enum Segment: Sendable {
    case text(String)
    /// A field of up to `width` digits; of exactly so many where another field is next to it.
    case field(Field, width: Int, isExact: Bool)
  }

  /// Why a template is none.
  struct Failure: Error {
    var message: String

    init(_ message: String) { self.message = "datetime() format template \(message)" }
  }

  let segments: [Segment]
  /// What it gives: a date, a time or a timestamp, with time zone or without.
  let type: SQLType

  /// Longer ones come before those that they begin with.
  private static let tokens: [(text: String, field: Field, width: Int)] = [
    ("YYYY", .year, 4), ("YYY", .year, 3), ("YY", .year, 2), ("Y", .year, 1),
    ("RRRR", .roundedYear, 4), ("RR", .roundedYear, 2), ("MM", .month, 2), ("DDD", .dayOfYear, 3),
    ("DD", .day, 2), ("HH24", .hour24, 2), ("HH12", .hour12, 2), ("HH", .hour12, 2),
    ("MI", .minute, 2), ("SSSSS", .secondOfDay, 5), ("SS", .second, 2), ("A.M.", .halfOfDay, 0),
    ("P.M.", .halfOfDay, 0), ("TZH", .zoneHour, 2), ("TZM", .zoneMinute, 2),
  ]

  init(_ template: String) throws(Failure) {
    var rest = Array(template.unicodeScalars)[...]
    guard !rest.isEmpty else { throw Failure("is empty") }
    var parts: [(text: String, field: Field?, width: Int)] = []
    var isAfterDelimiter = false
    while let first = rest.first {
      if "-./,';: ".unicodeScalars.contains(first) {
        guard !isAfterDelimiter else { throw Failure("cannot contain consecutive delimiters") }
        parts.append((String(Character(first)), nil, 0))
        rest = rest.dropFirst()
        isAfterDelimiter = true
        continue
      }
      isAfterDelimiter = false
      if first == "\"" {
        parts.append((try DatetimeTemplate.quoted(&rest), nil, 0))
      } else {
        let (field, width) = try DatetimeTemplate.field(&rest)
        parts.append(("", field, width))
      }
    }
    var segments: [Segment] = []
    for (index, part) in parts.enumerated() {
      guard let field = part.field else {
        segments.append(.text(part.text))
        continue
      }
      let isExact =
        index > 0 && parts[index - 1].field != nil
        || index + 1 < parts.count && parts[index + 1].field != nil
      segments.append(.field(field, width: part.width, isExact: isExact))
    }
    self.segments = segments
    type = try DatetimeTemplate.type(
      parts.compactMap { part in part.field.map { ($0, part.width) } }
    )
  }

  private static func quoted(_ rest: inout ArraySlice<Unicode.Scalar>) throws(Failure) -> String {
    rest = rest.dropFirst()
    var text = String.UnicodeScalarView()
    while let scalar = rest.popFirst() {
      if scalar == "\"" {
        guard rest.first == "\"" else {
          guard !text.isEmpty else { throw Failure("cannot contain empty quoted literal") }
          return String(text)
        }
        rest = rest.dropFirst()
      }
      text.append(scalar)
    }
    throw Failure("has a text without an end")
  }

  private static func field(_ rest: inout ArraySlice<Unicode.Scalar>) throws(Failure)
    -> (field: Field, width: Int)
  {
    func starts(with text: String) -> Bool {
      let scalars = Array(text.unicodeScalars)
      return rest.count >= scalars.count
        && zip(rest, scalars).allSatisfy {
          $0 == $1 || $0.properties.uppercaseMapping == String($1)
        }
    }
    if starts(with: "FF") {
      let digits = rest.dropFirst(2).prefix(2).prefix { ("0"..."9").contains($0) }
      rest = rest.dropFirst(2 + digits.count)
      let text = String(String.UnicodeScalarView(digits))
      guard let width = Int(text), (1...12).contains(width) else {
        throw Failure("has an invalid fraction width: FF\(text)")
      }
      return (.fraction, width)
    }
    guard let token = tokens.first(where: { starts(with: $0.text) }) else {
      throw Failure("has no field '\(String(String.UnicodeScalarView(rest)))'")
    }
    rest = rest.dropFirst(token.text.unicodeScalars.count)
    return (token.field, token.width)
  }

  private static func type(_ parts: [(field: Field, width: Int)]) throws(Failure) -> SQLType {
    guard !parts.isEmpty else { throw Failure("must contain at least one datetime field") }
    var fields: Set<Field> = []
    for part in parts {
      guard fields.insert(part.field).inserted else {
        throw Failure("contains duplicate \(part.field.rawValue) field")
      }
    }
    func has(_ any: Field...) -> Bool { !fields.isDisjoint(with: any) }
    if has(.year), has(.roundedYear) {
      throw Failure("cannot contain both year and rounded year fields")
    }
    if has(.dayOfYear), has(.month, .day) { throw Failure("with DDD cannot contain MM or DD") }
    if has(.hour24), has(.hour12, .halfOfDay) {
      throw Failure("with HH24 cannot contain HH, HH12, A.M. or P.M.")
    }
    if has(.hour12), !has(.halfOfDay) { throw Failure("with HH or HH12 requires A.M. or P.M.") }
    if has(.halfOfDay), !has(.hour12) { throw Failure("with A.M. or P.M. requires HH or HH12") }
    if has(.secondOfDay), has(.hour12, .hour24, .minute, .second, .halfOfDay) {
      throw Failure("with SSSSS cannot contain HH, HH12, HH24, MI, SS, A.M. or P.M.")
    }
    if has(.zoneMinute), !has(.zoneHour) { throw Failure("with TZM requires TZH") }
    let precision = parts.first { $0.field == .fraction }?.width ?? 0
    if has(.year, .roundedYear, .month, .day, .dayOfYear) {
      if has(.zoneHour) { return .timestampWithTimeZone(precision: precision) }
      let hasTime = has(.hour12, .hour24, .minute, .second, .secondOfDay, .fraction)
      return hasTime ? .timestamp(precision: precision) : .date
    }
    return has(.zoneHour)
      ? .timeWithTimeZone(precision: precision) : .time(precision: precision)
  }
}

// Reading values.
extension DatetimeTemplate {
  /// Reads a text; what it does not say is 1970-01-01 00:00 UTC.
  func item(_ text: String) throws(SQLJSONPathFailure) -> JSONItem {
    var reader = Reader(text)
    var numbers: [Field: Int] = [:]
    var digitCounts: [Field: Int] = [:]
    var isWestern = false
    for segment in segments {
      switch segment {
      case .text(let text):
        try reader.expect(text)
      case .field(.halfOfDay, _, _):
        numbers[.halfOfDay] = try reader.halfOfDay()
      case .field(let field, let width, let isExact):
        if field == .zoneHour { isWestern = try reader.isNegative() }
        let (number, count) = try reader.number(isExact ? width...width : 1...width)
        numbers[field] = number
        digitCounts[field] = count
      }
    }
    guard reader.isAtEnd else { throw SQLJSONPathFailure("unexpected trailing input") }

    let date = try date(numbers, digitCounts)
    let picoseconds = try timeOfDay(numbers, digitCounts)
    let zoneMinutes = numbers[.zoneMinute] ?? 0
    guard zoneMinutes < 60 else {
      throw SQLJSONPathFailure("time-zone-minute value out of range [0, 59]: \(zoneMinutes)")
    }
    let offset = ((numbers[.zoneHour] ?? 0) * 60 + zoneMinutes) * (isWestern ? -1 : 1)
    guard let zone = TimeZoneKey(offsetMinutes: offset) else {
      throw SQLJSONPathFailure("Invalid time zone offset: \(offset) minutes")
    }
    let local = Int128(date.daysSinceEpoch) * Timestamp.picosecondsPerDay + picoseconds
    switch type {
    case .date: return .temporal(.integer(Int64(date.daysSinceEpoch)), type)
    case .time: return .temporal(type.value(picoseconds: picoseconds), type)
    case .timestamp: return .temporal(type.value(picoseconds: local), type)
    case .timeWithTimeZone:
      let time = ZonedTime(timeOfDay: picoseconds, offsetMinutes: offset, zone: zone)
      return .temporal(.zoned(time), type)
    default:
      let utc = local - Int128(offset) * 60 * ZonedTime.picosecondsPerSecond
      return .temporal(.zoned(ZonedTime(picoseconds: utc, zone: zone)), type)
    }
  }

  private func date(_ numbers: [Field: Int], _ digitCounts: [Field: Int])
    throws(SQLJSONPathFailure) -> CalendarDate
  {
    var year = 1970
    if let number = numbers[.year] {
      // Digits in front that are not there are those of 1970.
      let power = [1, 10, 100, 1000, 10_000][min(digitCounts[.year] ?? 4, 4)]
      year = 1970 / power * power + number
    } else if let number = numbers[.roundedYear] {
      let isShort = digitCounts[.roundedYear] ?? 4 <= 2
      year = isShort ? number + (number <= 49 ? 2000 : 1900) : number
    }
    if let dayOfYear = numbers[.dayOfYear] {
      guard (1...(CalendarDate.isLeap(year) ? 366 : 365)).contains(dayOfYear) else {
        throw SQLJSONPathFailure("Invalid day of year: \(dayOfYear)")
      }
      let start = CalendarDate(year: year, month: 1, day: 1).daysSinceEpoch
      return CalendarDate(daysSinceEpoch: start + dayOfYear - 1)
    }
    let month = numbers[.month] ?? 1
    let day = numbers[.day] ?? 1
    guard (1...12).contains(month), day >= 1, day <= CalendarDate.daysInMonth(month, of: year)
    else {
      throw SQLJSONPathFailure("Invalid date: \(year)-\(month)-\(day)")
    }
    return CalendarDate(year: year, month: month, day: day)
  }

  private func timeOfDay(_ numbers: [Field: Int], _ digitCounts: [Field: Int])
    throws(SQLJSONPathFailure) -> Int128
  {
    var hour = numbers[.hour24] ?? 0
    if let hour12 = numbers[.hour12] {
      guard (1...12).contains(hour12) else {
        throw SQLJSONPathFailure("hour-of-half-day value out of range [1, 12]: \(hour12)")
      }
      hour = hour12 % 12 + (numbers[.halfOfDay] ?? 0) * 12
    }
    let minute = numbers[.minute] ?? 0
    let second = numbers[.second] ?? 0
    guard hour < 24, minute < 60, second < 60 else {
      throw SQLJSONPathFailure("Invalid time: \(hour):\(minute):\(second)")
    }
    let seconds = numbers[.secondOfDay] ?? (hour * 60 + minute) * 60 + second
    guard seconds < 86_400 else {
      throw SQLJSONPathFailure("second-of-day value out of range [0, 86399]: \(seconds)")
    }
    let fraction = Int128(numbers[.fraction] ?? 0)
    let scale = PowersOfTen.wide[12 - min(digitCounts[.fraction] ?? 12, 12)]
    return Int128(seconds) * ZonedTime.picosecondsPerSecond + fraction * scale
  }

  private struct Reader {
    private let text: [UInt8]
    private var position = 0

    init(_ text: String) { self.text = Array(text.utf8) }

    var isAtEnd: Bool { position == text.count }

    mutating func expect(_ expected: String) throws(SQLJSONPathFailure) {
      guard text[position...].starts(with: expected.utf8) else {
        throw SQLJSONPathFailure("expected literal '\(expected)' at position \(position)")
      }
      position += expected.utf8.count
    }

    /// Reads `A.M.` as 0 and `P.M.` as 1.
    mutating func halfOfDay() throws(SQLJSONPathFailure) -> Int {
      let marker = String(decoding: text[position...].prefix(4), as: UTF8.self).uppercased()
      guard marker == "A.M." || marker == "P.M." else {
        throw SQLJSONPathFailure("invalid AM/PM marker at position \(position)")
      }
      position += 4
      return marker == "P.M." ? 1 : 0
    }

    /// Reads the sign of a zone, for which a space is as good as a plus.
    mutating func isNegative() throws(SQLJSONPathFailure) -> Bool {
      guard position < text.count, "+- ".utf8.contains(text[position]) else {
        throw SQLJSONPathFailure(
          "time zone hour must start with '+', '-' or space at position \(position)"
        )
      }
      position += 1
      return text[position - 1] == UInt8(ascii: "-")
    }

    mutating func number(_ counts: ClosedRange<Int>) throws(SQLJSONPathFailure)
      -> (value: Int, digitCount: Int)
    {
      let start = position
      var value = 0
      while position < text.count, position - start < counts.upperBound,
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[position])
      {
        value = value * 10 + Int(text[position] - UInt8(ascii: "0"))
        position += 1
      }
      guard position - start >= counts.lowerBound else {
        throw SQLJSONPathFailure(
          "expected at least \(counts.lowerBound) digits at position \(start)"
        )
      }
      return (value, position - start)
    }
  }
}

extension JSONItem {
  /// Reads a date, a time or a timestamp as SQL writes them, with time zone or without: which of them
  /// it is, its signs say.
  static func datetime(_ text: String) throws(SQLJSONPathFailure) -> JSONItem {
    if text.utf8.contains(UInt8(ascii: " ")) {
      if ZonedTime.hasZone(text) {
        guard let parsed = try? ZonedTime.parseTimestamp(text, in: .utc, skipsGaps: true) else {
          throw SQLJSONPathFailure("Invalid timestamp '\(text)'")
        }
        return .temporal(.zoned(parsed.time), .timestampWithTimeZone(precision: parsed.precision))
      }
      guard let parsed = Timestamp.parse(text) else {
        throw SQLJSONPathFailure("Invalid timestamp '\(text)'")
      }
      let type = SQLType.timestamp(precision: parsed.precision)
      return .temporal(type.value(picoseconds: parsed.picoseconds), type)
    }
    if text.utf8.contains(UInt8(ascii: ":")) {
      if let parsed = ZonedTime.parseTime(text) {
        return .temporal(.zoned(parsed.time), .timeWithTimeZone(precision: parsed.precision))
      }
      guard let parsed = Timestamp.parseTime(text) else {
        throw SQLJSONPathFailure("Invalid time '\(text)'")
      }
      let type = SQLType.time(precision: parsed.precision)
      return .temporal(type.value(picoseconds: parsed.picoseconds), type)
    }
    guard let date = CalendarDate(text), let days = Int32(exactly: date.daysSinceEpoch) else {
      throw SQLJSONPathFailure("Value cannot be cast to date: \(text)")
    }
    return .temporal(.integer(Int64(days)), .date)
  }
}

extension SQLType {
  /// The value of a time or timestamp without zone.
  fileprivate func value(picoseconds: Int128) -> Value {
    physicalType == .int128
      ? .wide(picoseconds)
      : .integer(
        Int64(
          truncatingIfNeeded: floorDivide(picoseconds, Timestamp.picosecondsPerMicrosecond).quotient
        )
      )
  }
}
