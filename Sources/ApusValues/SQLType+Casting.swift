// Which CASTs there are; the engine has a kernel for every pair that is allowed here.

extension SQLType {
  /// Whether `CAST(source AS target)` is a conversion at all (a value may still fail to convert).
  ///
  /// These are Trino's conversions; a char also converts wherever a varchar does.
  public static func isCastSupported(from source: SQLType, to target: SQLType) -> Bool {
    if source == target || source == .unknown { return true }
    switch (source, target) {
    case (.array(let element), .array(let targetElement)):
      return isCastSupported(from: element, to: targetElement)
    case (.map(let key, let value), .map(let targetKey, let targetValue)):
      return isCastSupported(from: key, to: targetKey)
        && isCastSupported(from: value, to: targetValue)
    case (.row(let fields), .row(let targets)):
      return fields.count == targets.count
        && zip(fields, targets).allSatisfy { isCastSupported(from: $0.type, to: $1.type) }
    default:
      if source.isNested { return false }
    }
    switch target {
    case .unknown, .array, .map, .row:
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
