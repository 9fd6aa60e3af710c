/// Offsets of zones at points in time, for one after the other of a batch: what was last looked up is
/// at hand.
public struct TimeZoneReader {
  private var key = TimeZoneKey.utc
  private var stretch = TimeZoneRules.Stretch(Int64.min..<Int64.max, offsetSeconds: 0)
  private var rules: TimeZoneRules?

  public init() {}

  /// The seconds that a zone's clocks are ahead of UTC.
  ///
  /// - Parameter seconds: since 1970 UTC.
  @inline(__always)
  public mutating func offset(of zone: TimeZoneKey, at seconds: Int64) -> Int64 {
    if zone == key, stretch.range.contains(seconds) { return stretch.offsetSeconds }
    return lookUp(zone, at: seconds)
  }

  private mutating func lookUp(_ zone: TimeZoneKey, at seconds: Int64) -> Int64 {
    if zone != key {
      key = zone
      rules = zone.rules
    }
    if let rules {
      stretch = rules.stretch(at: seconds)
    } else {
      let offset = Int64(zone.offsetMinutes ?? 0) * 60
      stretch = TimeZoneRules.Stretch(Int64.min..<Int64.max, offsetSeconds: offset)
    }
    return stretch.offsetSeconds
  }

  /// The offsets with which a zone's clocks show a local time: none in a gap, two where clocks are
  /// set back, the earlier point in time first.
  ///
  /// - Parameter seconds: since 1970 in local time.
  public mutating func offsets(of zone: TimeZoneKey, atLocal seconds: Int64) -> [Int64] {
    let around = localOffsets(zone, seconds)
    var valid: [Int64] = []
    for offset in [around.before, around.after]
    where !valid.contains(offset) && self.offset(of: zone, at: seconds &- offset) == offset {
      valid.append(offset)
    }
    return valid
  }

  /// The offset for a local time: `preferred` where clocks show it twice and that is one of the two,
  /// else the first of them; in a gap the one before it, so that the time moves on by the gap.
  ///
  /// - Parameter seconds: since 1970 in local time.
  @inline(__always)
  public mutating func offset(
    of zone: TimeZoneKey,
    atLocal seconds: Int64,
    preferring preferred: Int64? = nil
  ) -> Int64 {
    if let minutes = zone.offsetMinutes { return Int64(minutes) * 60 }
    return regionOffset(zone, seconds, preferred)
  }

  private mutating func regionOffset(_ zone: TimeZoneKey, _ seconds: Int64, _ preferred: Int64?)
    -> Int64
  {
    if zone == key, stretch.range.contains(seconds &- stretch.offsetSeconds &- 86_400),
      stretch.range.contains(seconds &- stretch.offsetSeconds &+ 86_400)
    {
      return stretch.offsetSeconds
    }
    let valid = offsets(of: zone, atLocal: seconds)
    if let preferred, valid.contains(preferred) { return preferred }
    return valid.first ?? localOffsets(zone, seconds).before
  }

  /// The offsets that hold a day before and a day after.
  private mutating func localOffsets(_ zone: TimeZoneKey, _ seconds: Int64)
    -> (before: Int64, after: Int64)
  {
    let (early, _) = seconds.subtractingReportingOverflow(86_400)
    let (late, _) = seconds.addingReportingOverflow(86_400)
    return (offset(of: zone, at: early), offset(of: zone, at: late))
  }
}
