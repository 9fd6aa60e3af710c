import ApusValues

/// Makes random rows of types, a fifth of the values NULL, with about `distinct` values a column.
func randomRows(_ types: [SQLType], count: Int, distinct: Int, seed: UInt64) -> [[Value]] {
  var generator = SeededGenerator(seed: seed)
  return (0..<count).map { _ in
    types.map { type in
      if Int.random(in: 0..<5, using: &generator) == 0 { return .null }
      return value(Int.random(in: 0..<distinct, using: &generator), type)
    }
  }
}

private func value(_ number: Int, _ type: SQLType) -> Value {
  switch type {
  case .array(let element):
    return .array((0..<number % 4).map { $0 == 2 ? .null : value(number + $0, element) })
  case .row(let fields):
    return .row(fields.map { value(number, $0.type) })
  case .map(let key, let element):
    // The same entries in two orders are the same map.
    let entries = [number, number + 1].map { Value.MapEntry(value($0, key), value($0, element)) }
    return .map(number % 2 == 0 ? entries : entries.reversed())
  default:
    break
  }
  return switch type.physicalType {
  case .boolean: .boolean(number % 2 == 0)
  case .int8: .integer(Int64(number % 100) - 50)
  case .int16, .int32, .int64: .integer(Int64(number) - 3)
  case .int128: .wide(Int128(number - 3) << 70)
  case .float32: .real(number == 0 ? -0.0 : number == 1 ? 0 : number == 2 ? .nan : Float(number))
  case .float64:
    .double(number == 0 ? -0.0 : number == 1 ? 0 : number == 2 ? -.nan : Double(number) / 4)
  case .string:
    .text(
      number % 3 == 0 ? String(number) : "a string of more than twelve bytes, number \(number)"
    )
  }
}

/// What equal values have in common: 0 and -0, all NaNs.
func key(_ value: Value) -> String {
  switch value {
  case .double(let value): value == 0 ? "0" : value.isNaN ? "NaN" : "\(value)"
  case .real(let value): value == 0 ? "0" : value.isNaN ? "NaN" : "\(value)"
  case .integer(let value): String(value)
  case .wide(let value): "w" + String(value)
  case .zoned(let time): "z" + String(time.picoseconds)
  case .text(let value): "'" + value + "'"
  case .boolean(let value): value ? "true" : "false"
  case .null: "NULL"
  case .binary(let bytes): "\(bytes)"
  case .array(let values): "[" + key(values) + "]"
  case .row(let values): "(" + key(values) + ")"
  case .map(let entries):
    "{" + entries.map { key($0.key) + "=" + key($0.value) }.sorted().joined(separator: "|") + "}"
  }
}

/// Whether two values are one group: 0 and -0, all NaNs.
func isSameKey(_ left: Value, _ right: Value) -> Bool {
  switch (left, right) {
  case (.double(let a), .double(let b)): a == b || (a.isNaN && b.isNaN)
  case (.real(let a), .real(let b)): a == b || (a.isNaN && b.isNaN)
  default: key(left) == key(right)
  }
}

func key(_ row: [Value]) -> String { row.map { key($0) }.joined(separator: "|") }
