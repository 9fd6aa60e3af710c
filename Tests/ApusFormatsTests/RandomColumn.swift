import ApusValues
import ApusVectors

/// How the values of a random column are spread.
enum ColumnShape: CaseIterable {
  case fewDistinct
  case allDistinct
  case ascending
  case extremes
  case oneValue
  case allNull
}

/// Makes values of a type, a part of them NULL.
///
/// - Parameter nulls: of every hundred.
func randomColumn(
  _ type: SQLType,
  _ shape: ColumnShape,
  count: Int,
  nulls: Int,
  using generator: inout SplitMix
) -> [Value] {
  (0..<count).map { row in
    if shape == .allNull || Int.random(in: 0..<100, using: &generator) < nulls { return .null }
    switch shape {
    case .fewDistinct: return distinctValue(type, UInt64.random(in: 0..<20, using: &generator))
    case .allDistinct: return distinctValue(type, generator.next())
    case .ascending: return distinctValue(type, UInt64(row))
    case .oneValue, .allNull: return distinctValue(type, 5)
    case .extremes: return extremeValues(type).randomElement(using: &generator) ?? .null
    }
  }
}

/// The value of a type that a number stands for; other numbers mostly give other values.
private func distinctValue(_ type: SQLType, _ number: UInt64) -> Value {
  let signed = Int64(bitPattern: number)
  switch type {
  case .boolean: return .boolean(number % 3 == 0)
  case .tinyint: return .integer(Int64(Int8(truncatingIfNeeded: signed)))
  case .smallint: return .integer(Int64(Int16(truncatingIfNeeded: signed)))
  case .integer: return .integer(Int64(Int32(truncatingIfNeeded: signed)))
  case .date: return .integer(signed % 100_000)
  case .bigint: return .integer(signed)
  case .real: return .real(Float(Int32(truncatingIfNeeded: signed)) / 8)
  case .double: return .double(Double(signed) / 1024)
  case .decimal(let precision, _):
    let wide = Int128(signed) * 1_000_003 % (PowersOfTen.wide[precision] - 1)
    return precision <= 18 ? .integer(Int64(wide)) : .wide(wide)
  case .varchar, .char:
    let words = ["", "å", "Zürich ", "日本語", "a rather long text that has no room in a view "]
    return .text("\(words[Int(number % 5)])\(number)")
  case .varbinary:
    return .binary((0..<Int(number % 40)).map { UInt8(truncatingIfNeeded: number >> ($0 % 60)) })
  case .time(let precision):
    let step: Int64 = precision <= 3 ? 1000 : 1
    return .integer(Int64(number % 86_400_000_000) / step * step)
  case .timestamp(let precision):
    if precision <= 3 { return .integer(signed % 1_000_000_000_000 * 1000) }
    if precision <= 6 { return .integer(signed % 1_000_000_000_000_000) }
    return .wide(Int128(signed) * 1000)
  default: return .null
  }
}

/// The least and greatest values of a type and those between which differences hide.
func extremeValues(_ type: SQLType) -> [Value] {
  switch type {
  case .boolean: return [.boolean(true), .boolean(false)]
  case .tinyint: return [.integer(-128), .integer(127), .integer(0)]
  case .smallint: return [.integer(-32768), .integer(32767), .integer(-1)]
  case .integer: return [.integer(Int64(Int32.min)), .integer(Int64(Int32.max)), .integer(0)]
  case .date: return [.integer(-719_162), .integer(2_932_896), .integer(0)]
  case .bigint: return [.integer(.min), .integer(.max), .integer(0)]
  case .real:
    return [
      .real(.nan), .real(-0.0), .real(0.0), .real(.infinity), .real(-.infinity),
      .real(.greatestFiniteMagnitude), .real(.leastNonzeroMagnitude),
      .real(Float(bitPattern: 0xffc0_0001)),
    ]
  case .double:
    return [
      .double(.nan), .double(-0.0), .double(0.0), .double(.infinity), .double(-.infinity),
      .double(.greatestFiniteMagnitude), .double(.leastNonzeroMagnitude),
      .double(Double(bitPattern: 0xfff8_0000_0000_0001)),
    ]
  case .decimal(let precision, _):
    let greatest = PowersOfTen.wide[precision] - 1
    let values = [greatest, -greatest, 0, 1, -1, 127, 128, -128, -129].filter {
      $0.magnitude <= greatest.magnitude
    }
    return values.map { precision <= 18 ? .integer(Int64($0)) : .wide($0) }
  case .varchar, .char:
    return [
      .text(""), .text("\u{0}"), .text("twelve bytes"), .text("thirteen byte"),
      .text("\u{10ffff}"), .text(String(repeating: "\u{10ffff}", count: 40)),
      .text(String(repeating: "ü", count: 3000)), .text("ü"),
    ]
  case .varbinary:
    return [
      .binary([]), .binary([0]), .binary([255]), .binary([UInt8](repeating: 255, count: 200)),
      .binary([UInt8](repeating: 7, count: 5000)),
    ]
  case .time: return [.integer(0), .integer(86_399_999_000)]
  case .timestamp(let precision):
    if precision <= 3 { return [.integer(-62_135_596_800_000_000), .integer(0), .integer(-1000)] }
    if precision <= 6 { return [.integer(.min), .integer(.max), .integer(-1)] }
    return [.wide(Int128(Int64.min) * 1000), .wide(Int128(Int64.max) * 1000), .wide(-1000)]
  default: return [.null]
  }
}

/// Makes a vector of values: flat, a slice of a longer one, over a dictionary, or, where all are
/// one, a constant.
func makeVector(_ values: [Value], _ type: SQLType, using generator: inout SplitMix)
  -> ColumnVector
{
  if let first = values.first, values.allSatisfy({ exactText($0) == exactText(first) }),
    Bool.random(using: &generator)
  {
    return .constant(first, type: type, count: values.count)
  }
  switch Int.random(in: 0..<3, using: &generator) {
  case 0:
    return makeFlat(values, type)
  case 1:
    let padded = [Value](repeating: .null, count: 3) + values + values.prefix(2)
    return makeFlat(padded, type).slice(3..<3 + values.count)
  default:
    var entries: [Value] = [.null]
    var places: [String: Int32] = [exactText(.null): 0]
    let indices = VectorBuffer(byteCount: values.count * 4)
    let output = indices.base.assumingMemoryBound(to: Int32.self)
    for (row, value) in values.enumerated() {
      let key = exactText(value)
      if places[key] == nil {
        places[key] = Int32(entries.count)
        entries.append(value)
      }
      output[row] = places[key] ?? 0
    }
    return ColumnVector(
      type: type,
      count: values.count,
      encoding: .dictionary,
      storage: makeFlat(entries, type).storage,
      indexBuffer: indices
    )
  }
}

func makeFlat(_ values: [Value], _ type: SQLType) -> ColumnVector {
  let builder = VectorBuilder(type: type, capacity: values.count)
  for (row, value) in values.enumerated() { builder.set(row, value) }
  return builder.finish(count: values.count)
}
