// What a column's values mean. Files say it twice: in the LogicalType union and in the older
// ConvertedType, which alone is what old files have.
//
// Source: parquet-format, LogicalTypes.md.

enum TimeUnit: Sendable {
  case milliseconds
  case microseconds
  case nanoseconds
}

enum LogicalType: Sendable, Equatable {
  case string
  case map
  case list
  case enumeration
  case decimal(precision: Int, scale: Int)
  case date
  case time(TimeUnit)
  case timestamp(TimeUnit)
  case integer(bitWidth: Int, isSigned: Bool)
  case unknown
  case json
  case bson
  case uuid
  case float16
  case interval
  /// By its name in the format: what has no place in Apus yet, or a number that it did not have.
  case other(String)

  /// Reads the LogicalType union.
  init(_ reader: inout ThriftReader) throws(FormatError) {
    var result: LogicalType?
    var last = 0
    while let field = try reader.field(after: &last) {
      try reader.expectStructure(field)
      switch field.id {
      case 1: result = .string
      case 2: result = .map
      case 3: result = .list
      case 4: result = .enumeration
      case 5:
        let (scale, precision) = try LogicalType.twoIntegers(&reader)
        result = .decimal(precision: precision, scale: scale)
        continue
      case 6: result = .date
      case 7:
        result = .time(try LogicalType.timeUnit(&reader))
        continue
      case 8:
        result = .timestamp(try LogicalType.timeUnit(&reader))
        continue
      case 10:
        result = try LogicalType.integer(&reader)
        continue
      case 11: result = .unknown
      case 12: result = .json
      case 13: result = .bson
      case 14: result = .uuid
      case 15: result = .float16
      case 16: result = .other("VARIANT")
      case 17: result = .other("GEOMETRY")
      case 18: result = .other("GEOGRAPHY")
      default: result = .other("logical type \(field.id)")
      }
      try reader.skip(field)
    }
    guard let result else { throw reader.corrupt("an empty logical type in the schema") }
    self = result
  }

  private static func twoIntegers(_ reader: inout ThriftReader) throws(FormatError) -> (Int, Int) {
    var first = 0
    var second = 0
    var last = 0
    while let field = try reader.field(after: &last) {
      switch field.id {
      case 1: first = Int(truncatingIfNeeded: try reader.integer(field))
      case 2: second = Int(truncatingIfNeeded: try reader.integer(field))
      default: try reader.skip(field)
      }
    }
    return (first, second)
  }

  /// Reads TimeType or TimestampType; whether values are adjusted to UTC makes no difference.
  private static func timeUnit(_ reader: inout ThriftReader) throws(FormatError) -> TimeUnit {
    var unit: TimeUnit?
    var last = 0
    while let field = try reader.field(after: &last) {
      guard field.id == 2 else {
        try reader.skip(field)
        continue
      }
      try reader.expectStructure(field)
      var lastUnit = 0
      while let choice = try reader.field(after: &lastUnit) {
        switch choice.id {
        case 1: unit = .milliseconds
        case 2: unit = .microseconds
        case 3: unit = .nanoseconds
        default: throw reader.corrupt("unknown unit of time in the schema")
        }
        try reader.skip(choice)
      }
    }
    guard let unit else { throw reader.corrupt("a type of time has no unit in the schema") }
    return unit
  }

  private static func integer(_ reader: inout ThriftReader) throws(FormatError) -> LogicalType {
    var bitWidth = 0
    var isSigned = true
    var last = 0
    while let field = try reader.field(after: &last) {
      switch field.id {
      case 1: bitWidth = Int(truncatingIfNeeded: try reader.integer(field))
      case 2: isSigned = try reader.boolean(field)
      default: try reader.skip(field)
      }
    }
    return .integer(bitWidth: bitWidth, isSigned: isSigned)
  }

  /// The type that a ConvertedType number means.
  init?(convertedType: Int, precision: Int, scale: Int) {
    switch convertedType {
    case 0: self = .string
    case 1, 2: self = .map
    case 3: self = .list
    case 4: self = .enumeration
    case 5: self = .decimal(precision: precision, scale: scale)
    case 6: self = .date
    case 7: self = .time(.milliseconds)
    case 8: self = .time(.microseconds)
    case 9: self = .timestamp(.milliseconds)
    case 10: self = .timestamp(.microseconds)
    case 11: self = .integer(bitWidth: 8, isSigned: false)
    case 12: self = .integer(bitWidth: 16, isSigned: false)
    case 13: self = .integer(bitWidth: 32, isSigned: false)
    case 14: self = .integer(bitWidth: 64, isSigned: false)
    case 15: self = .integer(bitWidth: 8, isSigned: true)
    case 16: self = .integer(bitWidth: 16, isSigned: true)
    case 17: self = .integer(bitWidth: 32, isSigned: true)
    case 18: self = .integer(bitWidth: 64, isSigned: true)
    case 19: self = .json
    case 20: self = .bson
    case 21: self = .interval
    default: return nil
    }
  }
}
