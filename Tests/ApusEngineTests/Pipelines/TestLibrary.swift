import ApusEngine
import ApusPlanner
import ApusValues
import ApusVectors

/// The functions that plans in these tests call.
let testLibrary = FunctionLibrary(
  [
    "row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "ntile", "lag", "lead",
    "first_value", "last_value", "nth_value",
  ].map { .window(FunctionSignature($0, kind: .window, [], returns: .type(.bigint), summary: "")) }
    + testFunctions
)

private let testFunctions: [FunctionLibrary.Entry] = [
  .aggregate(
    AggregateOverload(
      FunctionSignature("test_count", kind: .aggregate, [], returns: .type(.bigint), summary: "")
    ) { _ in TestCount() }
  ),
  .aggregate(
    AggregateOverload(
      FunctionSignature(
        "test_sum",
        kind: .aggregate,
        [.type(.bigint)],
        returns: .type(.bigint),
        summary: ""
      )
    ) { _ in TestSum() }
  ),
  .aggregate(
    AggregateOverload(
      FunctionSignature(
        "test_max",
        kind: .aggregate,
        [.anyVarchar],
        returns: .type(.text),
        summary: ""
      )
    ) { _ in TestMax() }
  ),
  .scalar(
    ScalarOverload(
      FunctionSignature(
        "test_check",
        [.type(.bigint)],
        returns: .type(.bigint),
        summary: "The argument, an error if it is negative."
      )
    ) { _ in TestCheck() }
  ),
]

extension BoundFunction {
  static func test(_ name: String, _ parameterTypes: [SQLType], _ returnType: SQLType)
    -> BoundFunction
  {
    BoundFunction(
      name: name,
      overload: 0,
      parameterTypes: parameterTypes,
      returnType: returnType,
      isDeterministic: true
    )
  }

  static let count = test("test_count", [], .bigint)
  static let sum = test("test_sum", [.bigint], .bigint)
  static let max = test("test_max", [.text], .text)
  static let check = test("test_check", [.bigint], .bigint)
}

extension Expression {
  /// The argument, an error if it is negative.
  static func check(_ argument: Expression) -> Expression {
    .call(Call(function: .check, arguments: [argument], range: nil))
  }
}

struct TestCheck: ScalarEvaluator {
  func evaluate(_ arguments: [ColumnVector], rows: Selection, errors: inout RowErrors)
    throws(SQLError) -> ColumnVector
  {
    for row in rows.indices?.map({ Int($0) }) ?? Array(0..<rows.rowCount) {
      if case .integer(let value) = arguments[0].value(row), value < 0 {
        errors.record(SQLError(.invalidFunctionArgument, "negative"), row: row)
      }
    }
    return arguments[0]
  }
}

final class TestCount: Accumulator {
  private var counts: [Int64] = []

  var byteCount: Int { counts.count * 8 }

  func resize(groupCount: Int) {
    counts += Array(repeating: 0, count: Swift.max(groupCount - counts.count, 0))
  }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) {
    for group in groups where group >= 0 { counts[Int(group)] += 1 }
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) {
    guard let other = other as? TestCount else { return }
    for (group, target) in mapping {
      counts[target] += other.counts[group]
    }
  }

  func finish(_ range: Range<Int>) -> ColumnVector {
    vector(range.map { .integer(counts[$0]) }, .bigint)
  }
}

final class TestSum: Accumulator {
  private var sums: [Int64?] = []

  var byteCount: Int { sums.count * 16 }

  func resize(groupCount: Int) {
    sums += Array(repeating: nil, count: Swift.max(groupCount - sums.count, 0))
  }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) {
    for (row, group) in groups.enumerated() where group >= 0 {
      guard case .integer(let value) = arguments[0].value(row) else { continue }
      sums[Int(group)] = (sums[Int(group)] ?? 0) + value
    }
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) {
    guard let other = other as? TestSum else { return }
    for (group, target) in mapping {
      guard let sum = other.sums[group] else { continue }
      sums[target] = (sums[target] ?? 0) + sum
    }
  }

  func finish(_ range: Range<Int>) -> ColumnVector {
    vector(range.map { sums[$0].map { .integer($0) } ?? .null }, .bigint)
  }
}

final class TestMax: Accumulator {
  private var values: [String?] = []

  var byteCount: Int { values.count * 32 }

  func resize(groupCount: Int) {
    values += Array(repeating: nil, count: Swift.max(groupCount - values.count, 0))
  }

  private func add(_ value: String, to group: Int) {
    if values[group].map({ $0 < value }) ?? true { values[group] = value }
  }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) {
    for (row, group) in groups.enumerated() where group >= 0 {
      if case .text(let value) = arguments[0].value(row) { add(value, to: Int(group)) }
    }
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) {
    guard let other = other as? TestMax else { return }
    for (group, target) in mapping {
      if let value = other.values[group] { add(value, to: target) }
    }
  }

  func finish(_ range: Range<Int>) -> ColumnVector {
    vector(range.map { values[$0].map { .text($0) } ?? .null }, .text)
  }
}

private func vector(_ values: [Value], _ type: SQLType) -> ColumnVector {
  let builder = VectorBuilder(type: type, capacity: values.count)
  for (row, value) in values.enumerated() { builder.set(row, value) }
  return builder.finish(count: values.count)
}
