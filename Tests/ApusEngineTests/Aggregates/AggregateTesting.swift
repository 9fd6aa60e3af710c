import ApusPlanner
import ApusValues
import ApusVectors
import Testing

@testable import ApusEngine

/// Makes an empty accumulator of a function.
func makeAccumulator(_ function: BoundFunction) throws -> any Accumulator {
  guard case .aggregate(let overload) = try FunctionLibrary.standard.entry(for: function) else {
    throw SQLError.internal("\(function.name) is no aggregate")
  }
  return try overload.makeAccumulator(function, [])
}

/// Feeds rows.
func update(_ accumulator: any Accumulator, _ groups: [Int32], _ arguments: [ColumnVector]) throws {
  try groups.withUnsafeBufferPointer { pointer in
    try accumulator.update(groups: pointer, arguments: arguments)
  }
}

/// Adds groups of an accumulator to groups of another.
func merge(
  _ other: any Accumulator,
  into accumulator: any Accumulator,
  _ sources: [Int32],
  _ targets: [Int32]
) throws {
  try sources.withUnsafeBufferPointer { sources in
    try targets.withUnsafeBufferPointer { targets in
      try accumulator.merge(other, mapping: GroupMapping(sources: sources, targets: targets))
    }
  }
}

/// Aggregates all rows as one group and prints the result.
func aggregate(_ name: String, _ columns: (values: [Value], type: SQLType)...) throws -> String {
  let function = try bind(name, columns.map(\.type))
  let accumulator = try makeAccumulator(function)
  accumulator.resize(groupCount: 1)
  let count = columns.first?.values.count ?? 3
  try update(
    accumulator,
    Array(repeating: 0, count: count),
    columns.map { flat($0.values, $0.type) }
  )
  let result = try accumulator.finish(0..<1)
  #expect(result.type == function.returnType)
  return result.text(0) ?? "NULL"
}

/// Checks the laws of an accumulator: rows in any split, order of merging and encoding, in groups or
/// alone, give the same.
///
/// - Parameters:
///   - tolerance: for results that are floating-point, relative.
///   - isExact: false if the function may answer differently (any_value, approximations).
func checkLaws(
  _ name: String,
  _ columns: [(values: [Value], type: SQLType)],
  tolerance: Double = 1e-9,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let function = try bind(name, columns.map(\.type))
  let count = columns[0].values.count
  let groups = (0..<count).map { Int32($0 % 5) - ($0 % 11 == 0 ? 10 : 0) }.map { max(-1, $0) }
  let whole = try makeAccumulator(function)
  whole.resize(groupCount: 6)
  try update(whole, groups, columns.map { flat($0.values, $0.type) })
  let expected = try whole.finish(0..<6)

  func compare(_ vector: ColumnVector, _ what: String, _ range: Range<Int> = 0..<6) {
    for (row, group) in range.enumerated() {
      let a = vector.value(row)
      let b = expected.value(group)
      let isClose: Bool =
        if case .double(let x) = a, case .double(let y) = b {
          x == y || (x.isNaN && y.isNaN) || (x - y).magnitude <= tolerance * max(x.magnitude, 1)
        } else if case .real(let x) = a, case .real(let y) = b {
          x == y || (x.isNaN && y.isNaN) || (x - y).magnitude <= 1e-4 * max(x.magnitude, 1)
        } else {
          a == b
        }
      #expect(
        isClose,
        "\(name) \(what), group \(group): \(a) is not \(b)",
        sourceLocation: sourceLocation
      )
    }
  }

  // Dictionaries.
  let encoded = try makeAccumulator(function)
  encoded.resize(groupCount: 6)
  try update(encoded, groups, columns.map { dictionary($0.values, $0.type) })
  compare(try encoded.finish(0..<6), "of dictionaries")

  // Batches, slices and growing group counts.
  let split = try makeAccumulator(function)
  split.resize(groupCount: 2)
  split.resize(groupCount: 6)
  for start in stride(from: 0, to: count, by: 7) {
    let range = start..<min(count, start + 7)
    try update(
      split,
      Array(groups[range]),
      columns.map { flat($0.values, $0.type).slice(range) }
    )
  }
  compare(try split.finish(0..<6), "in batches")
  compare(try split.finish(2..<4), "in parts", 2..<4)

  // Two workers that know the groups in other orders, and one that saw nothing.
  let left = try makeAccumulator(function)
  let right = try makeAccumulator(function)
  let idle = try makeAccumulator(function)
  left.resize(groupCount: 6)
  right.resize(groupCount: 6)
  idle.resize(groupCount: 6)
  let half = count / 2
  try update(
    left,
    Array(groups[..<half]),
    columns.map { flat(Array($0.values[..<half]), $0.type) }
  )
  try update(
    right,
    groups[half...].map { $0 < 0 ? $0 : 5 - $0 },
    columns.map { flat(Array($0.values[half...]), $0.type) }
  )
  let mirrored: [Int32] = [5, 4, 3, 2, 1, 0]
  let same: [Int32] = [0, 1, 2, 3, 4, 5]
  try merge(right, into: left, same, mirrored)
  try merge(idle, into: left, same, same)
  compare(try left.finish(0..<6), "merged")
  let late = try makeAccumulator(function)
  late.resize(groupCount: 6)
  try merge(left, into: late, same, same)
  compare(try late.finish(0..<6), "merged into nothing")

  // Some groups here, the others there, as partitions do.
  for (wanted, targets) in [([1, 4], [0, 1]), ([0, 2, 3, 5], [3, 0, 2, 1])] as [([Int32], [Int32])]
  {
    let part = try makeAccumulator(function)
    part.resize(groupCount: wanted.count)
    try merge(whole, into: part, wanted, targets)
    for (group, target) in zip(wanted, targets) {
      let range = Int(target)..<Int(target) + 1
      compare(try part.finish(range), "merged in part", Int(group)..<Int(group) + 1)
    }
  }

  // One group alone takes other paths.
  for group in 0..<5 {
    let rows = groups.indices.filter { groups[$0] == Int32(group) }
    let alone = try makeAccumulator(function)
    alone.resize(groupCount: 1)
    try update(
      alone,
      Array(repeating: 0, count: rows.count),
      columns.map { column in flat(rows.map { column.values[$0] }, column.type) }
    )
    compare(try alone.finish(0..<1), "alone", group..<(group + 1))
  }

  // Constants.
  let constant = try makeAccumulator(function)
  constant.resize(groupCount: 1)
  try update(
    constant,
    [0, 0, 0],
    columns.map { .constant($0.values[1], type: $0.type, count: 3) }
  )
  let flattened = try makeAccumulator(function)
  flattened.resize(groupCount: 1)
  try update(
    flattened,
    [0, 0, 0],
    columns.map { flat(Array(repeating: $0.values[1], count: 3), $0.type) }
  )
  #expect(
    try constant.finish(0..<1).text(0) == (try flattened.finish(0..<1).text(0)),
    sourceLocation: sourceLocation
  )
}
