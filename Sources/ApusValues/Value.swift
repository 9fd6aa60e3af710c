/// One SQL value outside a vector: a literal, a partition value, a cell of a small result.
///
/// A value carries the bits of its physical type; the `SQLType` beside it says what they mean.
/// Never used per row in a kernel.
public enum Value: Hashable, Sendable {
  case null
  case boolean(Bool)
  /// tinyint … bigint, date, time and timestamp(p ≤ 6), intervals and decimal(p ≤ 18).
  case integer(Int64)
  /// decimal(p > 18), time and timestamp(p > 6), and the bits of uuid and ipaddress.
  case wide(Int128)
  /// timestamp and time with time zone.
  case zoned(ZonedTime)
  case real(Float)
  case double(Double)
  /// varchar, char and json; a char is kept without its trailing spaces.
  case text(String)
  /// varbinary, ipprefix and sketches.
  case binary([UInt8])
  case array([Value])
  /// In the order in which the entries were put in.
  case map([MapEntry])
  /// As many values as the type has fields.
  case row([Value])

  /// A key of a map with its value.
  public struct MapEntry: Hashable, Sendable {
    public var key: Value
    public var value: Value

    public init(_ key: Value, _ value: Value) {
      self.key = key
      self.value = value
    }
  }

  public var isNull: Bool {
    if case .null = self { true } else { false }
  }

  /// The value as an integer of any width, nil if it is not one.
  public var int128: Int128? {
    switch self {
    case .integer(let value): Int128(value)
    case .wide(let value): value
    default: nil
    }
  }
}
