import ApusValues

/// How the stored form of a value becomes its form in a vector.
///
/// The first number of a name is the stored width in bits, the last the width in the vector.
enum ValueConversion: Sendable, Equatable {
  /// Bits to bytes of 0 and 1.
  case boolean
  /// 4 or 8 bytes that are already right.
  case copy32
  case copy64
  case int32ToInt8
  case int32ToInt16
  /// Unsigned 8 bits, held in 16.
  case uint8ToInt16
  /// Unsigned 16 bits, held in 32.
  case uint16ToInt32
  case uint32ToInt64
  /// A decimal of at most nine digits.
  case int32ToInt64
  /// Milliseconds of a time of day to microseconds.
  case int32MillisecondsToInt64
  /// Milliseconds to microseconds.
  case int64MillisecondsToInt64
  /// Nanoseconds of a time of day to microseconds.
  case int64NanosecondsToInt64
  /// Nanoseconds to picoseconds.
  case int64NanosecondsToInt128
  case int64ToInt128
  case uint64ToInt128
  /// Nanoseconds of the day and Julian day to picoseconds since 1970.
  case int96ToInt128
  /// Big-endian two's complement of a fixed or own length.
  case bytesToInt64
  case bytesToInt128
  case float16ToFloat32
  /// 16 bytes to 36 characters.
  case uuidToText
  /// Bytes as they are.
  case string
  /// A column without values.
  case unknown
}

/// What a leaf of the schema is in SQL, or why it is nothing.
enum ColumnType: Sendable, Equatable {
  case supported(SQLType, ValueConversion)
  case unsupported(String)

  /// - Parameter element: a leaf with a known physical type.
  init(_ element: SchemaElement) {
    guard let physical = element.physicalType else {
      self = .unsupported("physical type \(element.unknownPhysicalType ?? -1)")
      return
    }
    if physical == .fixedLengthByteArray, element.typeLength < 1 {
      self = .unsupported("a fixed length of \(element.typeLength) bytes")
      return
    }
    let converted = element.convertedType.flatMap {
      LogicalType(convertedType: $0, precision: element.precision, scale: element.scale)
    }
    // A logical type newer than Apus does not hide what an older annotation says.
    var logical = element.logicalType
    if case .other = logical, let converted { logical = converted }
    if let type = logical ?? converted {
      self = ColumnType.annotated(type, physical, length: element.typeLength)
    } else {
      self = ColumnType.bare(physical)
    }
  }

  private static func bare(_ physical: ParquetPhysicalType) -> ColumnType {
    switch physical {
    case .boolean: .supported(.boolean, .boolean)
    case .int32: .supported(.integer, .copy32)
    case .int64: .supported(.bigint, .copy64)
    case .int96: .supported(.timestamp(precision: 9), .int96ToInt128)
    case .float: .supported(.real, .copy32)
    case .double: .supported(.double, .copy64)
    case .byteArray, .fixedLengthByteArray: .supported(.varbinary, .string)
    }
  }

  private static func annotated(
    _ type: LogicalType,
    _ physical: ParquetPhysicalType,
    length: Int
  ) -> ColumnType {
    switch (type, physical) {
    case (.string, .byteArray), (.enumeration, .byteArray), (.json, .byteArray),
      (.string, .fixedLengthByteArray), (.enumeration, .fixedLengthByteArray):
      return .supported(.text, .string)
    case (.bson, .byteArray):
      return .supported(.varbinary, .string)
    case (.date, .int32):
      return .supported(.date, .copy32)
    case (.time(.milliseconds), .int32):
      return .supported(.time(precision: 3), .int32MillisecondsToInt64)
    case (.time(.microseconds), .int64):
      return .supported(.time(precision: 6), .copy64)
    case (.time(.nanoseconds), .int64):
      return .supported(.time(precision: 6), .int64NanosecondsToInt64)
    case (.timestamp(.milliseconds), .int64):
      return .supported(.timestamp(precision: 3), .int64MillisecondsToInt64)
    case (.timestamp(.microseconds), .int64):
      return .supported(.timestamp(precision: 6), .copy64)
    case (.timestamp(.nanoseconds), .int64):
      return .supported(.timestamp(precision: 9), .int64NanosecondsToInt128)
    case (.integer(let bitWidth, let isSigned), .int32),
      (.integer(let bitWidth, let isSigned), .int64):
      return integer(bitWidth, isSigned, physical)
    case (.decimal(let precision, let scale), _):
      return decimal(precision, scale, physical, length: length)
    case (.uuid, .fixedLengthByteArray) where length == 16:
      return .supported(.text, .uuidToText)
    case (.float16, .fixedLengthByteArray) where length == 2:
      return .supported(.real, .float16ToFloat32)
    case (.unknown, _):
      return .supported(.unknown, .unknown)
    case (.interval, _):
      return .unsupported("type INTERVAL")
    case (.other(let name), .byteArray), (.other(let name), .fixedLengthByteArray):
      return .unsupported("type \(name)")
    case (.other, _):
      // A number is still a number when its annotation is not known.
      return bare(physical)
    default:
      return .unsupported("logical type \(type) on physical type \(physical)")
    }
  }

  private static func integer(
    _ bitWidth: Int,
    _ isSigned: Bool,
    _ physical: ParquetPhysicalType
  ) -> ColumnType {
    switch (bitWidth, isSigned, physical) {
    case (8, true, .int32): .supported(.tinyint, .int32ToInt8)
    case (16, true, .int32): .supported(.smallint, .int32ToInt16)
    case (32, true, .int32): .supported(.integer, .copy32)
    case (64, true, .int64): .supported(.bigint, .copy64)
    case (8, false, .int32): .supported(.smallint, .uint8ToInt16)
    case (16, false, .int32): .supported(.integer, .uint16ToInt32)
    case (32, false, .int32): .supported(.bigint, .uint32ToInt64)
    case (64, false, .int64):
      .supported(.decimal(precision: 20, scale: 0), .uint64ToInt128)
    default:
      .unsupported("an integer of \(bitWidth) bits on physical type \(physical)")
    }
  }

  private static func decimal(
    _ precision: Int,
    _ scale: Int,
    _ physical: ParquetPhysicalType,
    length: Int
  ) -> ColumnType {
    guard (1...38).contains(precision), (0...precision).contains(scale) else {
      return .unsupported("type decimal(\(precision),\(scale))")
    }
    let type = SQLType.decimal(precision: precision, scale: scale)
    let isNarrow = precision <= 18
    switch physical {
    case .int32 where isNarrow: return .supported(type, .int32ToInt64)
    case .int64: return .supported(type, isNarrow ? .copy64 : .int64ToInt128)
    case .byteArray, .fixedLengthByteArray:
      return .supported(type, isNarrow ? .bytesToInt64 : .bytesToInt128)
    case .boolean, .int32, .int96, .float, .double:
      return .unsupported("type \(type) on physical type \(physical)")
    }
  }
}
