/// A day in the proleptic Gregorian calendar and its distance from 1970-01-01.
///
/// The arithmetic is Howard Hinnant's `days_from_civil` and `civil_from_days`
/// (https://howardhinnant.github.io/date_algorithms.html): years begin in March, so that the leap
/// day is the last of its year, and 400-year eras repeat exactly.
public struct CalendarDate: Hashable, Sendable {
  public var year: Int
  /// 1...12
  public var month: Int
  /// 1...31
  public var day: Int

  @inlinable
  public init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// The day that lies `days` after 1970-01-01.
  @inlinable
  public init(daysSinceEpoch days: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// Days since 1970-01-01.
  @inlinable
  public var daysSinceEpoch: Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  public static func isLeap(_ year: Int) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  /// The number of days in a month 1...12.
  public static func daysInMonth(_ month: Int, of year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Adds months, keeping the day where the target month has it and taking its last day otherwise.
  public func addingMonths(_ months: Int) -> CalendarDate {
    let total = year * 12 + (month - 1) + months
    let newYear = total >= 0 ? total / 12 : (total - 11) / 12
    let newMonth = total - newYear * 12 + 1
    let lastDay = CalendarDate.daysInMonth(newMonth, of: newYear)
    return CalendarDate(year: newYear, month: newMonth, day: min(day, lastDay))
  }

  /// Reads `[-+]Y…-M[M]-D[D]`; nil if the text is no such date or the day does not exist.
  public init?(_ text: some StringProtocol) {
    var bytes = Array(text.utf8)[...]
    var sign = 1
    if let first = bytes.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      sign = first == UInt8(ascii: "-") ? -1 : 1
      bytes = bytes.dropFirst()
    }
    let parts = bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.count == 3,
      let year = CalendarDate.number(parts[0], digits: 4...9),
      let month = CalendarDate.number(parts[1], digits: 1...2), (1...12).contains(month),
      let day = CalendarDate.number(parts[2], digits: 1...2), day >= 1,
      day <= CalendarDate.daysInMonth(month, of: sign * year)
    else { return nil }
    self.init(year: sign * year, month: month, day: day)
  }

  static func number(_ bytes: ArraySlice<UInt8>, digits: ClosedRange<Int>) -> Int? {
    guard digits.contains(bytes.count) else { return nil }
    var value = 0
    for byte in bytes {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return value
  }
}

extension CalendarDate: CustomStringConvertible {
  /// `2013-01-31`.
  public var description: String {
    let sign = year < 0 ? "-" : ""
    return sign + zeroPadded(year.magnitude, to: 4) + "-" + zeroPadded(UInt(month), to: 2) + "-"
      + zeroPadded(UInt(day), to: 2)
  }
}

/// Returns the decimal digits of `value` with zeros in front up to `width`.
public func zeroPadded(_ value: some UnsignedInteger, to width: Int) -> String {
  let digits = String(value)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
