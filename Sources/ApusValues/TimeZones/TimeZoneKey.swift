/// A time zone as 16 bits: UTC, a fixed offset, or a region of the IANA database.
///
/// Keys mean the same within one process only: a region's is its position among the names that the
/// system's files have.
public struct TimeZoneKey: Hashable, Sendable {
  public let rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  public static let utc = TimeZoneKey(rawValue: 0)

  /// The largest offset from UTC in either direction, in minutes.
  public static let largestOffset = 14 * 60

  private static let firstRegion = 2048

  /// A fixed offset from UTC; nil beyond 14 hours.
  public init?(offsetMinutes: Int) {
    guard offsetMinutes.magnitude <= TimeZoneKey.largestOffset else { return nil }
    rawValue = offsetMinutes == 0 ? 0 : UInt16(offsetMinutes + TimeZoneKey.largestOffset + 1)
  }

  /// Finds a zone by what SQL calls it, in any case: `Europe/Berlin`, `UTC`, `+05:30`, `-8`, `GMT+1`.
  public init?(name: String) {
    let lowercase = name.lowercased()
    // What is called Etc/GMT+5 lies west of Greenwich.
    if lowercase.hasPrefix("etc/gmt"), let minutes = TimeZoneKey.offset(lowercase.dropFirst(7)),
      let key = TimeZoneKey(offsetMinutes: -minutes)
    {
      self = key
      return
    }
    var text = TimeZoneKey.withoutEtc(lowercase)
    if TimeZoneKey.utcNames.contains(text) {
      rawValue = 0
      return
    }
    if let region = TimeZoneNames.positions[lowercase],
      let key = UInt16(exactly: TimeZoneKey.firstRegion + region)
    {
      rawValue = key
      return
    }
    if let prefix = ["utc", "gmt", "ut"].first(where: { text.hasPrefix($0) }),
      text.count > prefix.count
    {
      text = text.dropFirst(prefix.count)
    }
    guard let minutes = TimeZoneKey.offset(text), let key = TimeZoneKey(offsetMinutes: minutes)
    else { return nil }
    self = key
  }

  private static let utcNames: Set<Substring> = [
    "utc", "z", "ut", "uct", "gmt", "gmt0", "greenwich", "universal", "zulu",
  ]

  private static func withoutEtc(_ name: String) -> Substring {
    name.hasPrefix("etc/") ? name.dropFirst(4) : name[...]
  }

  /// Reads `+HH:MM`, `+HHMM`, `+HH` or `+H` to minutes.
  static func offset(_ text: Substring) -> Int? {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, first == UInt8(ascii: "+") || first == UInt8(ascii: "-") else {
      return nil
    }
    let sign = first == UInt8(ascii: "-") ? -1 : 1
    var digits = bytes.dropFirst()
    if digits.count == 5 {
      guard digits[digits.startIndex + 2] == UInt8(ascii: ":") else { return nil }
      digits.remove(at: digits.startIndex + 2)
    }
    guard let number = CalendarDate.number(digits, digits: 1...4), digits.count != 3 else {
      return nil
    }
    let (hours, minutes) = digits.count == 4 ? (number / 100, number % 100) : (number, 0)
    return minutes < 60 ? sign * (hours * 60 + minutes) : nil
  }

  /// The minutes that a fixed offset has; nil for a region.
  public var offsetMinutes: Int? {
    if rawValue == 0 { return 0 }
    guard rawValue < TimeZoneKey.firstRegion else { return nil }
    return Int(rawValue) - TimeZoneKey.largestOffset - 1
  }

  /// The rules of a region; nil for a fixed offset, or if the system's file is gone.
  public var rules: TimeZoneRules? {
    guard rawValue >= TimeZoneKey.firstRegion else { return nil }
    return TimeZoneRules.region(Int(rawValue) - TimeZoneKey.firstRegion)
  }

  /// What clocks call the time at a point: `CEST`, or the offset where there is no word.
  ///
  /// - Parameter seconds: since 1970 UTC.
  public func abbreviation(at seconds: Int64) -> String {
    guard let rules else { return name }
    let word = rules.abbreviation(at: seconds)
    guard let first = word.first, first == "+" || first == "-" else { return word }
    return TimeZoneKey.offset(word[...]).map { TimeZoneKey.offsetText($0) } ?? word
  }

  /// `UTC`, `+05:30` or `Europe/Berlin`.
  public var name: String {
    if rawValue == 0 { return "UTC" }
    if let offsetMinutes { return TimeZoneKey.offsetText(offsetMinutes) }
    let position = Int(rawValue) - TimeZoneKey.firstRegion
    return TimeZoneNames.all.indices.contains(position) ? TimeZoneNames.all[position] : "UTC"
  }

  /// `+05:30`
  public static func offsetText(_ minutes: Int) -> String {
    (minutes < 0 ? "-" : "+") + zeroPadded(minutes.magnitude / 60, to: 2) + ":"
      + zeroPadded(minutes.magnitude % 60, to: 2)
  }
}
