// Which CASTs there are; the engine has a kernel for every pair that is allowed here.

extension SQLType {
  /// Whether `CAST(source AS target)` is a conversion at all (a value may still fail to convert).
  ///
  /// These are Trino's conversions; a char also converts wherever a varchar does.
  public static func isCastSupported(from source: SQLType, to target: SQLType) -> Bool {
    if source == target || source == .unknown { return true }
    switch target {
    case .unknown:
      return false
    case .boolean, .tinyint, .smallint, .integer, .bigint, .real, .double, .decimal:
      return source == .boolean || source.isNumeric || source.isText
    case .varchar:
      return source != .varbinary
    case .char:
      return source.isText
    case .varbinary:
      return source.isVarchar
    case .date:
      return source.isText || source.isTimestamp
    case .time:
      return source.isText || source.isTimestamp || source.isTime
    case .timestamp:
      return source.isText || source.isTimestamp || source == .date
    case .intervalDayToSecond, .intervalYearToMonth:
      return false
    }
  }

  public var isTime: Bool {
    if case .time = self { true } else { false }
  }
}
