public import ApusValues

/// A Swift type that cells of a row can be read as.
public protocol RowDecodable {
  /// Converts a value of a SQL type without losing any of it; nil if that cannot be.
  init?(_ value: Value, of type: SQLType)
}

extension String: RowDecodable {
  /// Takes any value but NULL, in Athena's text.
  public init?(_ value: Value, of type: SQLType) {
    guard let text = value.text(as: type) else { return nil }
    self = text
  }
}

extension Bool: RowDecodable {
  public init?(_ value: Value, of type: SQLType) {
    guard case .boolean(let value) = value else { return nil }
    self = value
  }
}

extension RowDecodable where Self: FixedWidthInteger {
  /// Takes integers of any SQL type that fit.
  public init?(_ value: Value, of type: SQLType) {
    guard type.isInteger, let wide = value.int128 else { return nil }
    self.init(exactly: wide)
  }
}

extension Int: RowDecodable {}
extension Int8: RowDecodable {}
extension Int16: RowDecodable {}
extension Int32: RowDecodable {}
extension Int64: RowDecodable {}
extension UInt: RowDecodable {}
extension UInt64: RowDecodable {}

extension Double: RowDecodable {
  /// Takes floating-point values, integers of up to 2^53, and decimals, which are rounded.
  public init?(_ value: Value, of type: SQLType) {
    switch value {
    case .double(let value): self = value
    case .real(let value): self = Double(value)
    case .integer, .wide:
      if case .decimal = type {
        guard let text = value.text(as: type), let number = Double(text) else { return nil }
        self = number
      } else {
        guard type.isInteger, let wide = value.int128, let number = Double(exactly: wide) else {
          return nil
        }
        self = number
      }
    case .null, .boolean, .zoned, .text, .binary, .array, .map, .row: return nil
    }
  }
}

extension Float: RowDecodable {
  public init?(_ value: Value, of type: SQLType) {
    guard case .real(let value) = value else { return nil }
    self = value
  }
}

extension [UInt8]: RowDecodable {
  /// Takes varbinary, and the UTF-8 bytes of text.
  public init?(_ value: Value, of type: SQLType) {
    switch value {
    case .binary(let bytes): self = bytes
    case .text(let text): self = Array(text.utf8)
    case .null, .boolean, .integer, .wide, .zoned, .real, .double, .array, .map, .row: return nil
    }
  }
}

extension CalendarDate: RowDecodable {
  public init?(_ value: Value, of type: SQLType) {
    guard type == .date, case .integer(let days) = value else { return nil }
    self.init(daysSinceEpoch: Int(days))
  }
}

extension Optional: RowDecodable where Wrapped: RowDecodable {
  /// Takes NULL as nil.
  public init?(_ value: Value, of type: SQLType) {
    if value.isNull {
      self = Wrapped?.none
      return
    }
    guard let wrapped = Wrapped(value, of: type) else { return nil }
    self = wrapped
  }
}
