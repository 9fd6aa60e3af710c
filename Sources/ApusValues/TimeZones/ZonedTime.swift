/// A point in time with the zone to show it in: a value of timestamp or time with time zone.
///
/// In memory it is one Int128, the picoseconds above 16 bits of zone, so that points in time order as
/// numbers; what compares them takes the zone away first (`instant`).
public struct ZonedTime: Hashable, Sendable {
  /// Since 1970-01-01 UTC; for a time without a day since midnight UTC, 0 to a day.
  public var picoseconds: Int128
  public var zone: TimeZoneKey

  @inlinable
  public init(picoseconds: Int128, zone: TimeZoneKey) {
    self.picoseconds = picoseconds
    self.zone = zone
  }

  @inlinable
  public init(packed: Int128) {
    picoseconds = packed >> 16
    zone = TimeZoneKey(rawValue: UInt16(truncatingIfNeeded: packed))
  }

  @inlinable
  public var packed: Int128 { picoseconds << 16 | Int128(zone.rawValue) }

  /// Whether there is room for the picoseconds above the zone.
  public var isInRange: Bool { picoseconds.magnitude < 1 << 110 }

  /// Seconds since 1970 UTC.
  public var seconds: Int64 {
    Int64(truncatingIfNeeded: floorDivide(picoseconds, ZonedTime.picosecondsPerSecond).quotient)
  }

  public static let picosecondsPerSecond: Int128 = 1_000_000_000_000

  /// What the zone's clocks show, in picoseconds since 1970.
  public func local(_ reader: inout TimeZoneReader) -> Int128 {
    picoseconds + Int128(reader.offset(of: zone, at: seconds)) * ZonedTime.picosecondsPerSecond
  }

  /// The point in time at which a zone's clocks show a local time.
  ///
  /// - Parameter local: picoseconds since 1970.
  public init(
    local: Int128,
    zone: TimeZoneKey,
    preferring offset: Int64? = nil,
    _ reader: inout TimeZoneReader
  ) {
    let seconds = Int64(
      truncatingIfNeeded: floorDivide(local, ZonedTime.picosecondsPerSecond).quotient
    )
    let offset = reader.offset(of: zone, atLocal: seconds, preferring: offset)
    self.init(picoseconds: local - Int128(offset) * ZonedTime.picosecondsPerSecond, zone: zone)
  }

  /// A time of day in a fixed offset; the day is dropped.
  public init(timeOfDay local: Int128, offsetMinutes: Int, zone: TimeZoneKey) {
    let utc = local - Int128(offsetMinutes) * 60 * ZonedTime.picosecondsPerSecond
    self.init(picoseconds: floorDivide(utc, Timestamp.picosecondsPerDay).remainder, zone: zone)
  }

  /// What the clock shows of a time with time zone, in picoseconds of the day.
  public var timeOfDay: Int128 {
    let offset = Int128(zone.offsetMinutes ?? 0) * 60 * ZonedTime.picosecondsPerSecond
    return floorDivide(picoseconds + offset, Timestamp.picosecondsPerDay).remainder
  }

  /// `2013-01-01 05:00:00.000 Europe/Berlin`
  public func timestampText(precision: Int) -> String {
    var reader = TimeZoneReader()
    return Timestamp.format(picoseconds: local(&reader), precision: precision) + " " + zone.name
  }

  /// `05:00:00.000+01:00`
  public func timeText(precision: Int) -> String {
    Timestamp.formatTime(picoseconds: timeOfDay, precision: precision)
      + TimeZoneKey.offsetText(zone.offsetMinutes ?? 0)
  }
}

extension ZonedTime {
  /// Why a text is no timestamp with time zone.
  public enum Failure: Error, Sendable {
    case malformed
    case unknownZone(String)
    /// Clocks skip the time.
    case gap
  }

  /// Reads `date[ time][ zone]`; without a time it is midnight, and without a zone `zone` is taken.
  ///
  /// - Parameter skipsGaps: whether a time that clocks skip is moved on by the gap.
  /// - Returns: the point in time and the number of fractional digits written.
  public static func parseTimestamp(
    _ text: String,
    in zone: TimeZoneKey,
    skipsGaps: Bool
  ) throws(Failure) -> (time: ZonedTime, precision: Int) {
    let (local, name) = splitZone(text)
    guard let parsed = Timestamp.parse(local) else { throw .malformed }
    var key = zone
    if let name {
      guard let named = TimeZoneKey(name: name) else { throw .unknownZone(name) }
      key = named
    }
    var reader = TimeZoneReader()
    let (seconds, _) = floorDivide(parsed.picoseconds, picosecondsPerSecond)
    guard let seconds = Int64(exactly: seconds) else { throw .malformed }
    if !skipsGaps, reader.offsets(of: key, atLocal: seconds).isEmpty { throw .gap }
    let offset = reader.offset(of: key, atLocal: seconds)
    let picoseconds = parsed.picoseconds - Int128(offset) * picosecondsPerSecond
    return (ZonedTime(picoseconds: picoseconds, zone: key), parsed.precision)
  }

  /// Whether a text of a timestamp ends with a zone.
  public static func hasZone(_ text: String) -> Bool { splitZone(text).zone != nil }

  /// Reads `H[H]:MM[:SS[.fraction]][ ]{+|-}HH[:MM]`.
  public static func parseTime(_ text: String) -> (time: ZonedTime, precision: Int)? {
    guard let mark = text.lastIndex(where: { $0 == "+" || $0 == "-" }) else { return nil }
    guard let parsed = Timestamp.parseTime(String(text[..<mark]).trimmingSpaces()),
      let minutes = TimeZoneKey.offset(text[mark...]),
      let zone = TimeZoneKey(offsetMinutes: minutes)
    else { return nil }
    let time = ZonedTime(timeOfDay: parsed.picoseconds, offsetMinutes: minutes, zone: zone)
    return (time, parsed.precision)
  }

  /// Cuts off what follows the date and the time.
  private static func splitZone(_ text: String) -> (local: Substring, zone: String?) {
    // The date: up to the first space, or to a zone of letters that follows right behind it.
    guard let space = text.firstIndex(of: " ") else { return (text[...], nil) }
    var index = text.index(after: space)
    let isTime = text[index...].prefix { $0 != " " }.contains(":") && text[index].isNumber
    if isTime {
      index =
        text[index...].firstIndex { !($0.isNumber || $0 == ":" || $0 == ".") } ?? text.endIndex
    } else {
      index = space
    }
    let rest = String(text[index...]).trimmingSpaces()
    return (text[..<index], rest.isEmpty ? nil : rest)
  }
}
