import ApusPlanner
import ApusValues
import ApusVectors

/// `map_agg(key, value)`: of rows with equal keys one counts, of those without a key none.
enum MapAggregate: AggregateFunction {
  static let overloads = [
    AggregateOverload(
      FunctionSignature(
        "map_agg",
        kind: .aggregate,
        [.same(0), .same(1)],
        returns: .pattern(.map(.same(0), .same(1))),
        summary: "Returns the map of keys to values."
      )
    ) { function throws(SQLError) in
      MapAccumulator(
        key: function.parameterTypes[0],
        value: function.parameterTypes[1],
        result: function.returnType
      )
    }
  ]
}

/// Collects the entries of each group.
final class MapAccumulator: Accumulator {
  private let key: SQLType
  private let value: SQLType
  private let result: SQLType
  private let lists: GroupLists

  init(key: SQLType, value: SQLType, result: SQLType) {
    self.key = key
    self.value = value
    self.result = result
    lists = GroupLists([key, value])
  }

  func resize(groupCount: Int) { lists.resize(to: groupCount) }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) throws(SQLError) {
    let vectors = arguments.map(\.decoded)
    defer { extendLifetime(vectors) }
    for row in 0..<groups.count where groups[row] >= 0 && !vectors[0].isNull(row) {
      try lists.append(Int(groups[row]), from: vectors, row: row)
    }
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) throws(SQLError) {
    let other = try sameKind(other, as: MapAccumulator.self)
    for (group, target) in mapping {
      try lists.append(target, from: other.lists, group: group)
    }
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    let (entries, ends) = try lists.entries(range)
    let keys = lists.column(0, entries)
    let all = ArrayElements(ends: ends, elements: keys)
    var kept: [Int32] = []
    for group in range.indices {
      var seen: Set<Value> = []
      for entry in all.range(group - range.lowerBound)
      where seen.insert(keys.value(entry)).inserted {
        kept.append(Int32(truncatingIfNeeded: entry))
      }
    }
    let selection = Selection(rowCount: entries.count, indices: kept)
    let values = ArrayElements(ends: ends, elements: lists.column(1, entries))
    return .maps(
      keys: .arrays(all.keeping(selection), type: .array(key), validity: all.nonEmpty),
      values: .arrays(values.keeping(selection), type: .array(value)),
      type: result
    )
  }

  var byteCount: Int { lists.byteCount }
}
