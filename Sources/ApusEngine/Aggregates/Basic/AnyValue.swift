import ApusPlanner
import ApusValues
import ApusVectors

/// `arbitrary(x)`, also called `any_value`.
enum AnyValue: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("SELECT any_value(x) FROM (VALUES NULL, 7, NULL) AS t(x)", "7"),
      FunctionExample("SELECT arbitrary(x) FROM (VALUES 'a', 'a') AS t(x)", "a"),
    ]
  }

  static let overloads = ["any_value", "arbitrary"].map { name in
    AggregateOverload(
      FunctionSignature(
        name,
        kind: .aggregate,
        [.any],
        returns: .parameter(0),
        summary: "Returns one of the values that are not NULL; NULL if there are none."
      )
    ) { function throws(SQLError) in AnyValueAccumulator(result: function.returnType) }
  }
}

/// Keeps the first value of each group that is not NULL.
final class AnyValueAccumulator: Accumulator {
  private let result: SQLType
  private let values: GroupValues

  init(result: SQLType) {
    self.result = result
    values = GroupValues(type: result)
  }

  func resize(groupCount: Int) { values.resize(to: groupCount) }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) throws(SQLError) {
    let argument = arguments[0].decoded
    defer { extendLifetime(argument) }
    GroupedRows(groups).visit(nonNullsOf: argument) { group, row in
      if !values.isKnown(group) { values.set(group, from: argument, row: row) }
    }
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) throws(SQLError) {
    let other = try sameKind(other, as: AnyValueAccumulator.self)
    for (group, target) in mapping
    where other.values.isKnown(group) && !values.isKnown(target) {
      values.set(target, from: other.values, group: group)
    }
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    values.vector(range, type: result)
  }

  var byteCount: Int { values.byteCount }
}
