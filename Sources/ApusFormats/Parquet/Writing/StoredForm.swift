import ApusValues

/// How the values of a column lie in a file; the other direction of `ValueConversion`.
///
/// | SQL | file |
/// |---|---|
/// | boolean | BOOLEAN |
/// | tinyint, smallint, integer | INT32 with INTEGER(8 or 16, signed) or nothing |
/// | bigint | INT64 |
/// | real, double | FLOAT, DOUBLE |
/// | decimal(p,s) | INT32 for p ≤ 9, INT64 for p ≤ 18, above it as few bytes as hold p digits |
/// | varchar, char | BYTE_ARRAY with STRING |
/// | varbinary | BYTE_ARRAY |
/// | date | INT32 with DATE |
/// | time(p), timestamp(p) | INT64 of milliseconds, microseconds or nanoseconds for p ≤ 3, 6, 9, without a zone; a time of milliseconds INT32 |
///
/// Timestamps are not INT96 as Hive wrote them: nobody agrees on its order, so it has no statistics.
enum StoredForm: Sendable {
  case boolean
  case int8ToInt32
  case int16ToInt32
  case int32
  /// A decimal of at most nine digits.
  case int64ToInt32
  /// Microseconds to milliseconds.
  case int64ToInt32Milliseconds
  case int64
  case int64Milliseconds
  /// Picoseconds to nanoseconds, which must fit.
  case int128Nanoseconds
  case float
  case double
  /// Big-endian two's complement in this many bytes.
  case int128(byteCount: Int)
  case string

  /// The form of a type's values and what the schema says of the column.
  ///
  /// - Throws: `NOT_SUPPORTED` for what Parquet or its readers have no type for.
  static func make(for field: Field) throws(SQLError) -> (form: StoredForm, element: SchemaElement)
  {
    var element = SchemaElement()
    element.name = field.name
    element.repetition = .optional
    let form: StoredForm
    switch field.type {
    case .boolean:
      form = .boolean
    case .tinyint:
      form = .int8ToInt32
      element.annotate(.integer(bitWidth: 8, isSigned: true), convertedType: 15)
    case .smallint:
      form = .int16ToInt32
      element.annotate(.integer(bitWidth: 16, isSigned: true), convertedType: 16)
    case .integer:
      form = .int32
    case .bigint:
      form = .int64
    case .real:
      form = .float
    case .double:
      form = .double
    case .decimal(let precision, let scale):
      if precision <= 9 {
        form = .int64ToInt32
      } else if precision <= 18 {
        form = .int64
      } else {
        form = .int128(byteCount: decimalByteCount(precision: precision))
      }
      element.precision = precision
      element.scale = scale
      element.annotate(.decimal(precision: precision, scale: scale), convertedType: 5)
    case .varchar, .char:
      form = .string
      element.annotate(.string, convertedType: 0)
    case .varbinary:
      form = .string
    case .date:
      form = .int32
      element.annotate(.date, convertedType: 6)
    case .time(let precision) where precision <= 3:
      form = .int64ToInt32Milliseconds
      element.annotate(.time(.milliseconds), convertedType: nil)
    case .time(let precision) where precision <= 6:
      form = .int64
      element.annotate(.time(.microseconds), convertedType: nil)
    case .timestamp(let precision) where precision <= 3:
      form = .int64Milliseconds
      element.annotate(.timestamp(.milliseconds), convertedType: nil)
    case .timestamp(let precision) where precision <= 6:
      form = .int64
      element.annotate(.timestamp(.microseconds), convertedType: nil)
    case .timestamp(let precision) where precision <= 9:
      form = .int128Nanoseconds
      element.annotate(.timestamp(.nanoseconds), convertedType: nil)
    default:
      throw SQLError.notSupported(
        "writing column '\(field.name)' of type \(field.type) to Parquet",
        hint: "CAST it to a type that Parquet has."
      )
    }
    element.physicalType = form.physicalType
    if case .int128(let byteCount) = form { element.typeLength = byteCount }
    return (form, element)
  }

  var physicalType: ParquetPhysicalType {
    switch self {
    case .boolean: .boolean
    case .int8ToInt32, .int16ToInt32, .int32, .int64ToInt32, .int64ToInt32Milliseconds: .int32
    case .int64, .int64Milliseconds, .int128Nanoseconds: .int64
    case .float: .float
    case .double: .double
    case .int128: .fixedLengthByteArray
    case .string: .byteArray
    }
  }

  /// Bytes of a value as stored; nil for booleans and byte arrays.
  var width: Int? {
    switch physicalType {
    case .int32, .float: return 4
    case .int64, .double: return 8
    case .fixedLengthByteArray:
      if case .int128(let byteCount) = self { return byteCount }
      return nil
    case .boolean, .byteArray, .int96: return nil
    }
  }

  /// The fewest bytes whose two's complement holds every number of `precision` digits.
  private static func decimalByteCount(precision: Int) -> Int {
    let greatest = PowersOfTen.wide[precision] - 1
    var byteCount = 1
    while byteCount < 16, greatest >> Int128(byteCount * 8 - 1) != 0 { byteCount += 1 }
    return byteCount
  }
}

extension SchemaElement {
  /// - Parameter convertedType: the older annotation of the same meaning; times without a zone have
  ///   none, since it meant UTC.
  fileprivate mutating func annotate(_ type: LogicalType, convertedType: Int?) {
    logicalType = type
    self.convertedType = convertedType
  }
}
