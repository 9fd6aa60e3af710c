/// The type of a SQL value, in Athena's terms.
public enum SQLType: Hashable, Sendable {
  /// The type of a bare NULL.
  case unknown
  case boolean
  case tinyint
  case smallint
  case integer
  case bigint
  case real
  case double
  /// `precision` is 1...38, `scale` 0...precision.
  case decimal(precision: Int, scale: Int)
  /// `length` in code points; nil is unbounded.
  case varchar(length: Int?)
  /// `length` in code points; values compare as if padded with spaces.
  case char(length: Int)
  case varbinary
  case date
  /// Fractional digits 0...12.
  case time(precision: Int)
  /// Fractional digits 0...12, with an offset from UTC.
  case timeWithTimeZone(precision: Int)
  /// Fractional digits 0...12, without a zone.
  case timestamp(precision: Int)
  /// Fractional digits 0...12: a point in time, and the zone to show it in.
  case timestampWithTimeZone(precision: Int)
  case intervalDayToSecond
  case intervalYearToMonth
  case json
  case uuid
  /// An address of IPv4 or IPv6.
  case ipAddress
  /// A network of IPv4 or IPv6: an address with the length of its prefix.
  case ipPrefix
  /// What text on a terminal may be written in; see `Color`.
  case color
  case hyperLogLog
  /// A quantile digest of bigint, real or double.
  indirect case quantileDigest(SQLType)
  case tDigest
  case setDigest
  /// A shape in the plane; see `Geometry`.
  case geometry
  /// A shape on the Earth, in degrees of longitude and latitude.
  case sphericalGeography
  /// A square of the Bing maps; see `BingTile`.
  case bingTile
  indirect case array(SQLType)
  /// Keys are not NULL and differ from each other.
  indirect case map(key: SQLType, value: SQLType)
  /// At least one field.
  case row([RowField])

  /// The varchar without a length.
  public static var text: SQLType { .varchar(length: nil) }
}

/// A field of a row type; equal names in different cases are the same.
public struct RowField: Hashable, Sendable {
  /// Nil where the row was made without names.
  public var name: String?
  public var type: SQLType

  public init(_ name: String?, _ type: SQLType) {
    self.name = name
    self.type = type
  }
}

/// How the values of a type lie in memory. One kernel serves all types of one physical type.
///
/// | physical type | SQL types |
/// |---|---|
/// | boolean | boolean, unknown: one byte, 0 or 1 |
/// | int8 … int64 | tinyint … bigint; date: int32 days since 1970-01-01; color: int32; decimal(p ≤ 18): int64 unscaled; time and timestamp(p ≤ 6): int64 microseconds; intervals: int64 milliseconds, int32 months; BingTile: see there |
/// | int128 | decimal(p > 18) unscaled; time and timestamp(p > 6): picoseconds of the day, since 1970-01-01; times with time zone: see `ZonedTime`; uuid, ipaddress: see `Int128.init(ordered:)` |
/// | float32, float64 | real, double |
/// | string | varchar, char, varbinary, json, ipprefix, sketches, geometries: 16-byte views; array, map, row: views of encoded values |
public enum PhysicalType: Sendable, Hashable, CaseIterable {
  case boolean
  case int8
  case int16
  case int32
  case int64
  case int128
  case float32
  case float64
  case string

  /// Bytes per value in a flat vector.
  public var stride: Int {
    switch self {
    case .boolean, .int8: 1
    case .int16: 2
    case .int32, .float32: 4
    case .int64, .float64: 8
    case .int128, .string: 16
    }
  }
}

extension SQLType {
  /// How values of this type lie in memory.
  public var physicalType: PhysicalType {
    switch self {
    case .unknown, .boolean: .boolean
    case .tinyint: .int8
    case .smallint: .int16
    case .integer, .date, .intervalYearToMonth, .color: .int32
    case .bigint, .intervalDayToSecond, .bingTile: .int64
    case .real: .float32
    case .double: .float64
    case .decimal(let precision, _): precision <= 18 ? .int64 : .int128
    case .time(let precision), .timestamp(let precision): precision <= 6 ? .int64 : .int128
    case .timeWithTimeZone, .timestampWithTimeZone, .uuid, .ipAddress: .int128
    case .varchar, .char, .varbinary, .json, .ipPrefix, .array, .map, .row: .string
    case .hyperLogLog, .quantileDigest, .tDigest, .setDigest: .string
    case .geometry, .sphericalGeography: .string
    }
  }

  public var isInteger: Bool {
    switch self {
    case .tinyint, .smallint, .integer, .bigint: true
    default: false
    }
  }

  public var isDecimal: Bool {
    if case .decimal = self { true } else { false }
  }

  public var isFloatingPoint: Bool { self == .real || self == .double }

  public var isNumeric: Bool { isInteger || isDecimal || isFloatingPoint }

  public var isVarchar: Bool {
    if case .varchar = self { true } else { false }
  }

  /// Whether values are text: varchar or char.
  public var isText: Bool {
    switch self {
    case .varchar, .char: true
    default: false
    }
  }

  public var isTimestamp: Bool {
    if case .timestamp = self { true } else { false }
  }

  /// Whether values are times or timestamps with a time zone, which compare by instant alone.
  public var isZoned: Bool {
    switch self {
    case .timeWithTimeZone, .timestampWithTimeZone: true
    default: false
    }
  }

  /// Whether values are summaries of many, which nothing compares.
  public var isSketch: Bool {
    switch self {
    case .hyperLogLog, .quantileDigest, .tDigest, .setDigest: true
    default: false
    }
  }

  /// Whether values are shapes, which nothing compares but functions.
  public var isGeometry: Bool { self == .geometry || self == .sphericalGeography }

  /// Whether values hold other values: array, map or row.
  public var isNested: Bool {
    switch self {
    case .array, .map, .row: true
    default: false
    }
  }

  /// Whether `=` and GROUP BY take such values: all but sketches, geometries and what holds
  /// one.
  public var isComparable: Bool {
    switch self {
    case .array(let element): element.isComparable
    case .map(let key, let value): key.isComparable && value.isComparable
    case .row(let fields): fields.allSatisfy { $0.type.isComparable }
    default: !isSketch && !isGeometry
    }
  }

  /// Whether the keys of all maps within are values that `=` takes, as those of maps must be.
  public var hasComparableKeys: Bool {
    switch self {
    case .array(let element): element.hasComparableKeys
    case .map(let key, let value): key.isComparable && value.hasComparableKeys
    case .row(let fields): fields.allSatisfy { $0.type.hasComparableKeys }
    default: true
    }
  }

  /// Whether `<` and ORDER BY take such values: all that are comparable but maps, JSON,
  /// colors, tiles and what holds one.
  public var isOrderable: Bool {
    switch self {
    case .map, .json, .color, .bingTile: false
    case .array(let element): element.isOrderable
    case .row(let fields): fields.allSatisfy { $0.type.isOrderable }
    default: !isSketch && !isGeometry
    }
  }

  public var isInterval: Bool { self == .intervalDayToSecond || self == .intervalYearToMonth }
}

extension SQLType: CustomStringConvertible {
  /// The type as Athena's DML spells it: `integer`, `decimal(10,2)`, `varchar`, `timestamp(3)`.
  public var description: String {
    switch self {
    case .unknown: "unknown"
    case .boolean: "boolean"
    case .tinyint: "tinyint"
    case .smallint: "smallint"
    case .integer: "integer"
    case .bigint: "bigint"
    case .real: "real"
    case .double: "double"
    case .decimal(let precision, let scale): "decimal(\(precision),\(scale))"
    case .varchar(nil): "varchar"
    case .varchar(let length?): "varchar(\(length))"
    case .char(let length): "char(\(length))"
    case .varbinary: "varbinary"
    case .date: "date"
    case .time(let precision): "time(\(precision))"
    case .timeWithTimeZone(let precision): "time(\(precision)) with time zone"
    case .timestamp(let precision): "timestamp(\(precision))"
    case .timestampWithTimeZone(let precision): "timestamp(\(precision)) with time zone"
    case .json: "json"
    case .uuid: "uuid"
    case .ipAddress: "ipaddress"
    case .ipPrefix: "ipprefix"
    case .color: "color"
    case .hyperLogLog: "HyperLogLog"
    case .quantileDigest(let type): "qdigest(\(type))"
    case .tDigest: "tdigest"
    case .setDigest: "SetDigest"
    case .geometry: "Geometry"
    case .sphericalGeography: "SphericalGeography"
    case .bingTile: "BingTile"
    case .intervalDayToSecond: "interval day to second"
    case .intervalYearToMonth: "interval year to month"
    case .array(let element): "array(\(element))"
    case .map(let key, let value): "map(\(key), \(value))"
    case .row(let fields): "row(\(fields.map(\.description).joined(separator: ", ")))"
    }
  }
}

extension RowField: CustomStringConvertible {
  /// `name type`, the name in quotes where it needs them.
  public var description: String {
    guard let name else { return type.description }
    let isPlain = name.utf8.enumerated().allSatisfy { index, byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"): true
      case UInt8(ascii: "0")...UInt8(ascii: "9"): index > 0
      default: false
      }
    }
    let shown =
      isPlain
      ? name
      : "\""
        + name.split(separator: "\"", omittingEmptySubsequences: false)
        .joined(separator: "\"\"") + "\""
    return "\(shown) \(type)"
  }
}
