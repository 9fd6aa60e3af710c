// Two values are the same if they print the same: 0.0 and -0.0 differ, NaN equals itself. That is
// what telling expressions apart needs; `Value.compare` compares as SQL does.

extension Value {
  public static func == (left: Value, right: Value) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.boolean(let a), .boolean(let b)): a == b
    case (.integer(let a), .integer(let b)): a == b
    case (.wide(let a), .wide(let b)): a == b
    case (.zoned(let a), .zoned(let b)): a == b
    case (.real(let a), .real(let b)): a.bitPattern == b.bitPattern
    case (.double(let a), .double(let b)): a.bitPattern == b.bitPattern
    case (.text(let a), .text(let b)): a.utf8.elementsEqual(b.utf8)
    case (.binary(let a), .binary(let b)): a == b
    case (.array(let a), .array(let b)), (.row(let a), .row(let b)): a == b
    case (.map(let a), .map(let b)): a == b
    default: false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .boolean(let value): hasher.combine(value)
    case .integer(let value): hasher.combine(value)
    case .wide(let value): hasher.combine(value)
    case .zoned(let value): hasher.combine(value)
    case .real(let value): hasher.combine(value.bitPattern)
    case .double(let value): hasher.combine(value.bitPattern)
    case .text(let value): for byte in value.utf8 { hasher.combine(byte) }
    case .binary(let value): hasher.combine(value)
    case .array(let values), .row(let values): hasher.combine(values)
    case .map(let entries): hasher.combine(entries)
    }
  }
}
