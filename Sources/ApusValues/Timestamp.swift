/// Points in time without a zone: conversions between counts since 1970-01-01 00:00:00 and text.
///
/// A timestamp of up to six fractional digits is an `Int64` of microseconds; one of more digits is
/// an `Int128` of picoseconds, so that both compare, hash and sort as plain integers.
public enum Timestamp {
  public static let microsecondsPerSecond: Int64 = 1_000_000
  public static let microsecondsPerDay: Int64 = 86_400_000_000
  public static let picosecondsPerMicrosecond: Int128 = 1_000_000
  public static let picosecondsPerDay: Int128 = 86_400_000_000_000_000

  /// Formats picoseconds since the epoch as `2013-01-01 05:00:00.000` with `precision` digits.
  public static func format(picoseconds: Int128, precision: Int) -> String {
    let (days, rest) = floorDivide(picoseconds, picosecondsPerDay)
    return CalendarDate(daysSinceEpoch: Int(days)).description + " "
      + formatTime(picoseconds: rest, precision: precision)
  }

  /// Formats microseconds since the epoch with `precision` 0...6 digits.
  public static func format(microseconds: Int64, precision: Int) -> String {
    format(picoseconds: Int128(microseconds) * picosecondsPerMicrosecond, precision: precision)
  }

  /// Formats a time of day, `05:00:00.000`.
  public static func formatTime(picoseconds: Int128, precision: Int) -> String {
    let (seconds, fraction) = floorDivide(picoseconds, 1_000_000_000_000)
    let whole = UInt(seconds)
    var text =
      zeroPadded(whole / 3600, to: 2) + ":" + zeroPadded(whole / 60 % 60, to: 2) + ":"
      + zeroPadded(whole % 60, to: 2)
    if precision > 0 {
      let digits = zeroPadded(UInt64(fraction), to: 12)
      text += "." + digits.prefix(precision)
    }
    return text
  }

  /// Reads `date[ time]`; without a time it is midnight.
  ///
  /// - Returns: picoseconds since the epoch and the number of fractional digits written, or nil.
  public static func parse(_ text: some StringProtocol) -> (picoseconds: Int128, precision: Int)? {
    let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
    guard let datePart = parts.first, let date = CalendarDate(datePart) else { return nil }
    let days = Int128(date.daysSinceEpoch) * picosecondsPerDay
    guard parts.count == 2 else { return (days, 0) }
    guard let time = parseTime(parts[1]) else { return nil }
    return (days + time.picoseconds, time.precision)
  }

  /// Reads `H[H]:MM[:SS[.fraction]]`.
  public static func parseTime(_ text: some StringProtocol)
    -> (picoseconds: Int128, precision: Int)?
  {
    let parts = Array(text.utf8).split(
      separator: UInt8(ascii: ":"),
      omittingEmptySubsequences: false
    )
    guard parts.count == 2 || parts.count == 3,
      let hour = CalendarDate.number(parts[0], digits: 1...2), hour < 24,
      let minute = CalendarDate.number(parts[1], digits: 1...2), minute < 60
    else { return nil }
    var picoseconds = Int128(hour * 3600 + minute * 60) * 1_000_000_000_000
    guard parts.count == 3 else { return (picoseconds, 0) }
    let seconds = parts[2].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard seconds.count <= 2, let second = CalendarDate.number(seconds[0], digits: 1...2),
      second < 60
    else { return nil }
    picoseconds += Int128(second) * 1_000_000_000_000
    guard seconds.count == 2 else { return (picoseconds, 0) }
    guard let fraction = CalendarDate.number(seconds[1], digits: 1...12) else { return nil }
    picoseconds += Int128(fraction) * PowersOfTen.wide[12 - seconds[1].count]
    return (picoseconds, seconds[1].count)
  }

  /// Rounds picoseconds half up to a number of fractional digits.
  public static func round(picoseconds: Int128, to precision: Int) -> Int128 {
    guard precision < 12 else { return picoseconds }
    let unit = PowersOfTen.wide[12 - precision]
    return floorDivide(picoseconds + unit / 2, unit).quotient * unit
  }
}

/// Divides rounding towards negative infinity; the remainder has the divisor's sign.
@inlinable
public func floorDivide<Integer: BinaryInteger>(_ value: Integer, _ divisor: Integer)
  -> (quotient: Integer, remainder: Integer)
{
  let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
  if remainder != 0, (remainder < 0) != (divisor < 0) {
    return (quotient - 1, remainder + divisor)
  }
  return (quotient, remainder)
}
