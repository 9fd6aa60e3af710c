import ApusEngine
import ApusPlanner
import ApusValues
import Testing

/// Grouping and aggregating against a reference that uses dictionaries.
struct HashAggregateTests {
  /// Groups by the leading columns; the last two are a bigint to sum and a text to take the max of.
  static func plan(_ types: [SQLType], _ rows: [[Value]], isDistinct: Bool = false)
    -> LogicalPlan
  {
    var maker = PlanMaker()
    let scan = maker.scan(types, rows)
    let output = scan.output
    let keys = Array(output.dropLast(2))
    let condition = Expression.compare(.greater, scan[types.count - 2], .bigint(5))
    return .aggregate(
      Aggregate(
        input: scan,
        keys: keys,
        aggregates: [
          .init(column: maker.column(.bigint), function: .count, arguments: []),
          .init(
            column: maker.column(.bigint),
            function: .sum,
            arguments: [scan[types.count - 2]],
            isDistinct: isDistinct
          ),
          .init(column: maker.column(.text), function: .max, arguments: [scan[types.count - 1]]),
          .init(column: maker.column(.bigint), function: .count, arguments: [], filter: condition),
          .init(
            column: maker.column(.bigint),
            function: .sum,
            arguments: [scan[types.count - 2]],
            isDistinct: isDistinct,
            filter: condition
          ),
        ]
      )
    )
  }

  private func plan(_ types: [SQLType], _ rows: [[Value]], isDistinct: Bool = false)
    -> LogicalPlan
  {
    HashAggregateTests.plan(types, rows, isDistinct: isDistinct)
  }

  /// The same as text rows, sorted.
  private func reference(_ types: [SQLType], _ rows: [[Value]], isDistinct: Bool) -> [String] {
    var groups: [String: [[Value]]] = [:]
    for row in rows { groups[key(Array(row.dropLast(2))), default: []].append(row) }
    if types.count == 2, groups.isEmpty { groups[""] = [] }
    return groups.map { name, members in
      let numbers = members.compactMap { row -> Int64? in
        if case .integer(let value) = row[types.count - 2] { value } else { nil }
      }
      let texts = members.compactMap { row -> String? in
        if case .text(let value) = row[types.count - 1] { value } else { nil }
      }
      let counted = numbers.filter { $0 > 5 }
      func sum(_ numbers: [Int64]) -> Value {
        if numbers.isEmpty { return .null }
        return .integer((isDistinct ? Array(Set(numbers)) : numbers).reduce(0, +))
      }
      let results: [Value] = [
        .integer(Int64(members.count)), sum(numbers), texts.max().map { .text($0) } ?? .null,
        .integer(Int64(counted.count)), sum(counted),
      ]
      return (types.count == 2 ? "" : name + "|") + key(results)
    }.sorted()
  }

  private static let keyTypes: [[SQLType]] = [
    [], [.bigint], [.integer], [.text], [.double], [.boolean], [.decimal(precision: 30, scale: 2)],
    [.text, .text], [.smallint, .text, .real, .tinyint],
  ]

  @Test(arguments: RunShape.all)
  func agreesWithTheReference(_ shape: RunShape) throws {
    for (seed, keys) in HashAggregateTests.keyTypes.enumerated() {
      for isDistinct in [false, true] {
        let types = keys + [.bigint, .text]
        let input = randomRows(types, count: 600, distinct: 12, seed: UInt64(seed))
        let result = try rows(of: plan(types, input, isDistinct: isDistinct), shape)
        let expected = reference(types, input, isDistinct: isDistinct)
        #expect(result.map { key($0) }.sorted() == expected, "\(keys) \(isDistinct)")
      }
    }
  }

  @Test(arguments: RunShape.all)
  func aggregatesNothing(_ shape: RunShape) throws {
    #expect(try rows(of: plan([.bigint, .bigint, .text], []), shape) == [])
    let result = try rows(of: plan([.bigint, .text], [], isDistinct: true), shape)
    #expect(result == [[.integer(0), .null, .null, .integer(0), .null]])
  }

  @Test(arguments: RunShape.all)
  func groupsNulls(_ shape: RunShape) throws {
    let input: [[Value]] = Array(repeating: [.null, .null, .null], count: 30)
    let result = try rows(of: plan([.text, .bigint, .text], input), shape)
    #expect(result == [[.null, .integer(30), .null, .null, .integer(0), .null]])
  }

  @Test(arguments: [1, 4, 8], [false, true])
  func mergesManyGroups(workers: Int, isDistinct: Bool) throws {
    let types: [SQLType] = [.bigint, .text, .bigint, .text]
    let input = randomRows(types, count: 24_000, distinct: 16_000, seed: 7)
    let shape = RunShape(workers: workers, capacity: 1000)
    let result = try rows(of: plan(types, input, isDistinct: isDistinct), shape)
    #expect(result.map { key($0) }.sorted() == reference(types, input, isDistinct: isDistinct))
  }

  @Test
  func failsWithinTheMemoryLimit() throws {
    // Without keys there is nothing to divide.
    let types: [SQLType] = [.bigint, .text]
    let input = (0..<50_000).map { [Value.integer($0), .null] }
    var thrown: SQLError?
    do throws(SQLError) {
      _ = try rows(of: plan(types, input, isDistinct: true), memoryLimit: 1 << 20)
    } catch { thrown = error }
    #expect(thrown?.code == .exceededLocalMemoryLimit)
    #expect(thrown?.message == "Query exceeded per-node memory limit of 1MB")
  }

  @Test(arguments: RunShape.all)
  func raisesErrorsOfCountedRowsOnly(_ shape: RunShape) throws {
    var maker = PlanMaker()
    let scan = maker.scan([.bigint], integers(-50..<50))
    func plan(_ filter: Expression?) -> LogicalPlan {
      .aggregate(
        Aggregate(
          input: scan,
          keys: [],
          aggregates: [
            .init(
              column: scan.output[0],
              function: .sum,
              arguments: [.check(scan[0])],
              filter: filter
            )
          ]
        )
      )
    }
    #expect(throws: SQLError.self) { try rows(of: plan(nil), shape) }
    let counted = plan(.compare(.greaterOrEqual, scan[0], .bigint(0)))
    #expect(try rows(of: counted, shape) == integers([1225]))
  }
}
