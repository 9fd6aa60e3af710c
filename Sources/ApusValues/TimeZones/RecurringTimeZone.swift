/// What a zone's clocks do every year from its last known change on: the TZ string of POSIX at the
/// end of a file, such as `CET-1CEST,M3.5.0,M10.5.0/3`.
struct RecurringTimeZone: Sendable {
  /// When in a year, in local time before the change.
  private enum Day: Sendable {
    /// `Jn`: 1 to 365, the 29th of February never counted.
    case withoutLeapDay(Int)
    /// `n`: 0 to 365.
    case ofYear(Int)
    /// `Mm.w.d`: the w-th weekday d (Sunday is 0) of a month, 5 for the last.
    case weekday(month: Int, week: Int, day: Int)
  }

  private struct Change: Sendable {
    var day: Day
    /// Seconds after midnight, which may lie in another day.
    var time: Int64
  }

  private let standard: Int64
  private let standardName: String
  /// The offset in summer, from the first change to the second.
  private let summer: (name: String, offset: Int64, start: Change, end: Change)?

  /// Nil for text of another form, and for none.
  init?(_ text: String) {
    var reader = Reader(bytes: Array(text.utf8)[...])
    guard let standardName = reader.name(), let west = reader.time() else { return nil }
    self.standardName = standardName
    standard = -west
    if reader.bytes.isEmpty {
      summer = nil
      return
    }
    guard let name = reader.name() else { return nil }
    var offset = standard + 3600
    if reader.bytes.first != UInt8(ascii: ",") {
      guard let west = reader.time() else { return nil }
      offset = -west
    }
    guard let start = reader.change(), let end = reader.change(), reader.bytes.isEmpty else {
      return nil
    }
    summer = (name, offset, start, end)
  }

  private struct Reader {
    var bytes: ArraySlice<UInt8>

    mutating func take(_ byte: Character) -> Bool {
      guard let ascii = byte.asciiValue, bytes.first == ascii else { return false }
      bytes = bytes.dropFirst()
      return true
    }

    /// `CEST` or `<+0330>`.
    mutating func name() -> String? {
      if take("<") {
        guard let end = bytes.firstIndex(of: UInt8(ascii: ">")) else { return nil }
        defer { bytes = bytes[(end + 1)...] }
        return String(decoding: bytes[..<end], as: UTF8.self)
      }
      let letters = bytes.prefix {
        ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z")
      }
      bytes = bytes[letters.endIndex...]
      return letters.isEmpty ? nil : String(decoding: letters, as: UTF8.self)
    }

    mutating func number() -> Int64? {
      let digits = bytes.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      bytes = bytes[digits.endIndex...]
      return CalendarDate.number(digits, digits: 1...3).map { Int64($0) }
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func time() -> Int64? {
      let sign: Int64 = take("-") ? -1 : 1
      if sign == 1 { _ = take("+") }
      guard let hours = number() else { return nil }
      var seconds = hours * 3600
      for unit: Int64 in [60, 1] {
        guard take(":") else { break }
        guard let value = number() else { return nil }
        seconds += value * unit
      }
      return sign * seconds
    }

    /// `,M3.5.0/2`
    mutating func change() -> Change? {
      guard take(",") else { return nil }
      let day: Day
      if take("M") {
        guard let month = number(), take("."), let week = number(), take("."),
          let weekday = number(), (1...12).contains(month), (1...5).contains(week), weekday < 7
        else { return nil }
        day = .weekday(month: Int(month), week: Int(week), day: Int(weekday))
      } else if take("J") {
        guard let number = number() else { return nil }
        day = .withoutLeapDay(Int(number))
      } else {
        guard let number = number() else { return nil }
        day = .ofYear(Int(number))
      }
      guard take("/") else { return Change(day: day, time: 7200) }
      return time().map { Change(day: day, time: $0) }
    }
  }

  func abbreviation(at seconds: Int64) -> String {
    guard let summer, stretch(at: seconds, notBefore: .min).offsetSeconds == summer.offset else {
      return standardName
    }
    return summer.name
  }

  /// The stretch around a point after the last change that a file lists.
  func stretch(at seconds: Int64, notBefore start: Int64) -> TimeZoneRules.Stretch {
    guard let summer else {
      return TimeZoneRules.Stretch(start..<Int64.max, offsetSeconds: standard)
    }
    // Beyond all calendars, where nothing may overflow.
    guard seconds.magnitude < 1 << 58 else {
      let (end, _) = seconds.addingReportingOverflow(1)
      return TimeZoneRules.Stretch(seconds..<max(seconds, end), offsetSeconds: standard)
    }
    let days = floorDivide(seconds, 86_400).quotient
    let year = CalendarDate(daysSinceEpoch: Int(days)).year
    // The changes of the years around, so that one lies on either side.
    var changes: [(time: Int64, offset: Int64)] = []
    for year in year - 1...year + 1 {
      changes.append((time(of: summer.start, in: year) - standard, summer.offset))
      changes.append((time(of: summer.end, in: year) - summer.offset, standard))
    }
    changes.sort { $0.time < $1.time }
    let next = changes.firstIndex { $0.time > seconds } ?? changes.count
    let last = next > 0 ? changes[next - 1] : (time: Int64.min, offset: standard)
    let end = next < changes.count ? changes[next].time : Int64.max
    return TimeZoneRules.Stretch(max(last.time, start)..<end, offsetSeconds: last.offset)
  }

  /// Seconds since 1970 in the local time before the change.
  private func time(of change: Change, in year: Int) -> Int64 {
    let firstDay = CalendarDate(year: year, month: 1, day: 1).daysSinceEpoch
    let day: Int
    switch change.day {
    case .withoutLeapDay(let number):
      day = firstDay + number - 1 + (CalendarDate.isLeap(year) && number >= 60 ? 1 : 0)
    case .ofYear(let number):
      day = firstDay + number
    case .weekday(let month, let week, let weekday):
      let first = CalendarDate(year: year, month: month, day: 1).daysSinceEpoch
      // 1970-01-01 was a Thursday.
      let firstWeekday = floorDivide(first + 4, 7).remainder
      let offset = floorDivide(weekday - firstWeekday, 7).remainder
      let length = CalendarDate.daysInMonth(month, of: year)
      var dayOfMonth = offset + (week - 1) * 7
      if dayOfMonth >= length { dayOfMonth -= 7 }
      day = first + dayOfMonth
    }
    return Int64(day) * 86_400 + change.time
  }
}
