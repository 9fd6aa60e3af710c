// Which CASTs there are; the engine has a kernel for every pair that is allowed here.

extension SQLType {
  /// Whether `CAST(source AS target)` is a conversion at all (a value may still fail to convert).
  ///
  /// These are Trino's conversions; a char also converts wherever a varchar does.
  public static func isCastSupported(from source: SQLType, to target: SQLType) -> Bool {
    if source == target || source == .unknown { return true }
    switch (source, target) {
    // Timestamps with time zone become JSON by themselves, but not within arrays, maps and rows.
    case (.timestampWithTimeZone, .json): return true
    case (_, .json): return source.isCastableToJSON
    case (.json, _): return target.isCastableFromJSON
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
      if target == .bigint, source == .bingTile { return true }
      return source == .boolean || source.isNumeric || source.isText
    case .varchar(let length):
      if source == .ipAddress || source == .ipPrefix { return length == nil }
      return source != .varbinary && source != .color && !source.isSketch && !source.isGeometry
        && source != .bingTile
    case .char:
      return source.isText
    case .varbinary:
      return source.isVarchar || source == .uuid || source == .ipAddress || source.isSketch
    case .date:
      return source.isText || source.isAnyTimestamp
    case .time, .timeWithTimeZone:
      return source.isText || source.isAnyTimestamp || source.isAnyTime
    case .timestamp, .timestampWithTimeZone:
      return source.isText || source.isAnyTimestamp || source == .date
    case .intervalDayToSecond, .intervalYearToMonth, .json, .color:
      return false
    case .uuid:
      return source.isText || source == .varbinary
    case .ipAddress:
      return source.isText || source == .varbinary || source == .ipPrefix
    case .ipPrefix:
      return source.isText || source == .ipAddress
    case .hyperLogLog:
      return source == .varbinary || source == .setDigest
    case .quantileDigest, .tDigest, .setDigest:
      return source == .varbinary
    case .geometry, .sphericalGeography:
      return false
    case .bingTile:
      return source == .bigint
    }
  }

  private var isCastableToJSON: Bool {
    switch self {
    case .unknown, .varchar, .json, .timestamp, .date: true
    case .array(let element): element.isCastableToJSON
    case .map(let key, let value): key.isNameInJSON && value.isCastableToJSON
    case .row(let fields): fields.allSatisfy { $0.type.isCastableToJSON }
    default: self == .boolean || isNumeric
    }
  }

  private var isCastableFromJSON: Bool {
    switch self {
    case .varchar, .json: true
    case .array(let element): element.isCastableFromJSON
    case .map(let key, let value):
      key != .unknown && key.isNameInJSON && value.isCastableFromJSON
    case .row(let fields): fields.allSatisfy { $0.type.isCastableFromJSON }
    default: self == .boolean || isNumeric
    }
  }

  /// Whether keys of a map of this type may be names of members.
  private var isNameInJSON: Bool {
    switch self {
    case .unknown, .boolean, .varchar: true
    default: isNumeric
    }
  }

  /// Whether values are times of day, with a zone or without.
  public var isAnyTime: Bool {
    switch self {
    case .time, .timeWithTimeZone: true
    default: false
    }
  }

  /// Whether values are timestamps, with a zone or without.
  public var isAnyTimestamp: Bool {
    switch self {
    case .timestamp, .timestampWithTimeZone: true
    default: false
    }
  }

  public var isTime: Bool {
    if case .time = self { true } else { false }
  }
}
