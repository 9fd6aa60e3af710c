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
  switch type.physicalType {
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
  case .text(let value): "'" + value + "'"
  case .boolean(let value): value ? "true" : "false"
  case .null: "NULL"
  case .binary(let bytes): "\(bytes)"
  }
}

/// Whether two values are one group: 0 and -0, all NaNs.
func isSameKey(_ left: Value, _ right: Value) -> Bool {
  switch (left, right) {
  case (.double(let a), .double(let b)): a == b || (a.isNaN && b.isNaN)
  case (.real(let a), .real(let b)): a == b || (a.isNaN && b.isNaN)
  default: left == right
  }
}

func key(_ row: [Value]) -> String { row.map { key($0) }.joined(separator: "|") }
