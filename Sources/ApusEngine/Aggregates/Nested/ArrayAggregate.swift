import ApusPlanner
import ApusValues
import ApusVectors

/// `array_agg(x)`: all values of a group, NULLs included; NULL for no rows.
enum ArrayAggregate: AggregateFunction {
  static let overloads = [
    AggregateOverload(
      FunctionSignature(
        "array_agg",
        kind: .aggregate,
        [.same(0)],
        returns: .pattern(.array(.same(0))),
        summary: "Returns the array of all values."
      )
    ) { function throws(SQLError) in
      ArrayAccumulator(element: function.parameterTypes[0], result: function.returnType)
    }
  ]
}

/// Collects the values of each group.
final class ArrayAccumulator: Accumulator {
  private let result: SQLType
  private let lists: GroupLists

  init(element: SQLType, result: SQLType) {
    self.result = result
    lists = GroupLists([element])
  }

  func resize(groupCount: Int) { lists.resize(to: groupCount) }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) throws(SQLError) {
    let vectors = [arguments[0].decoded]
    defer { extendLifetime(vectors) }
    for row in 0..<groups.count where groups[row] >= 0 {
      try lists.append(Int(groups[row]), from: vectors, row: row)
    }
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) throws(SQLError) {
    let other = try sameKind(other, as: ArrayAccumulator.self)
    for (group, target) in mapping {
      try lists.append(target, from: other.lists, group: group)
    }
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    let (entries, ends) = try lists.entries(range)
    let parts = ArrayElements(ends: ends, elements: lists.column(0, entries))
    return .arrays(parts, type: result, validity: parts.nonEmpty)
  }

  var byteCount: Int { lists.byteCount }
}

extension ArrayElements {
  /// For each row whether it has an element.
  var nonEmpty: [UInt8] { ends.indices.map { range($0).isEmpty ? 0 : 1 } }
}
