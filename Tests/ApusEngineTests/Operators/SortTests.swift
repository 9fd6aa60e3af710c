import ApusEngine
import ApusPlanner
import ApusValues
import ApusVectors
import Testing

/// Sorts, first rows of sorts and scalar subqueries.
struct SortTests {
  static let types: [[SQLType]] = [
    [.bigint], [.text], [.double], [.real], [.boolean, .smallint], [.tinyint, .text, .integer],
    [.decimal(precision: 30, scale: 1), .bigint], [.bigint, .bigint, .double], [.text, .text],
    [.varbinary],
  ]

  /// A sort key per column: directions and places of NULL by the bits of `variant`.
  static func keys(_ scan: LogicalPlan, _ variant: Int) -> [SortKey] {
    scan.output.indices.map {
      SortKey(
        scan[$0],
        isAscending: variant >> $0 & 1 == 0,
        nullsFirst: variant >> ($0 + 1) & 1 == 0
      )
    }
  }

  private func keys(_ scan: LogicalPlan, _ variant: Int) -> [SortKey] {
    SortTests.keys(scan, variant)
  }

  private func isBefore(_ left: [Value], _ right: [Value], _ keys: [SortKey]) -> Bool {
    for (index, key) in keys.enumerated() {
      let (a, b) = (left[index], right[index])
      if a.isNull != b.isNull { return a.isNull == key.nullsFirst }
      let order = a.isNull ? 0 : Value.compare(a, b)
      if order != 0 { return (order < 0) == key.isAscending }
    }
    return false
  }

  /// Rows as text in which equal keys look equal.
  private func text(_ rows: [[Value]]) -> [String] { rows.map { key($0) } }

  @Test(arguments: RunShape.all)
  func agreesWithTheReference(_ shape: RunShape) throws {
    for (seed, types) in SortTests.types.enumerated() {
      for variant in 0..<4 {
        var maker = PlanMaker()
        var input = randomRows(types, count: 500, distinct: 40, seed: UInt64(seed))
        if types == [.varbinary] {
          input = input.map { $0.map { $0.isNull ? .null : .binary(Array("\($0)".utf8)) } }
        }
        let scan = maker.scan(types, input)
        let keys = keys(scan, variant)
        let expected = text(input.sorted { isBefore($0, $1, keys) })
        let sort = LogicalPlan.sort(Sort(input: scan, keys: keys))
        #expect(text(try rows(of: sort, shape)) == expected, "\(types) \(variant)")
        let topN = LogicalPlan.topN(TopN(input: scan, keys: keys, count: 20, offset: 7))
        #expect(text(try rows(of: topN, shape)) == Array(expected[7..<27]), "\(types) \(variant)")
      }
    }
  }

  @Test(arguments: [1, 4])
  func sortsManyRows(workers: Int) throws {
    let types: [SQLType] = [.bigint, .text]
    let shape = RunShape(workers: workers, capacity: 1000)
    for distinct in [10, 100_000] {
      var maker = PlanMaker()
      let input = randomRows(types, count: 50_000, distinct: distinct, seed: 3)
      let scan = maker.scan(types, input)
      let keys = keys(scan, 1)
      let result = try rows(of: .sort(Sort(input: scan, keys: keys)), shape)
      #expect(result.count == input.count)
      #expect(zip(result, result.dropFirst()).allSatisfy { !isBefore($1, $0, keys) })
      let topN = LogicalPlan.topN(TopN(input: scan, keys: keys, count: 100, offset: 0))
      #expect(text(try rows(of: topN, shape)) == text(Array(result.prefix(100))))
    }
  }

  @Test(arguments: RunShape.all)
  func keepsTheOrderToTheReader(_ shape: RunShape) throws {
    var maker = PlanMaker()
    let scan = maker.scan([.bigint], integers((0..<3000).reversed()))
    let sort = LogicalPlan.sort(
      Sort(input: scan, keys: [SortKey(scan[0], isAscending: true, nullsFirst: false)])
    )
    let filter = LogicalPlan.filter(
      Filter(input: sort, predicate: .compare(.greaterOrEqual, scan[0], .bigint(10)))
    )
    #expect(try rows(of: filter, shape) == integers(10..<3000))
    let limit = LogicalPlan.limit(Limit(input: filter, count: 5, offset: 2))
    #expect(try rows(of: limit, shape) == integers(12..<17))
  }

  @Test(arguments: RunShape.all)
  func sortsNothing(_ shape: RunShape) throws {
    var maker = PlanMaker()
    let scan = maker.scan([.text], [])
    #expect(try rows(of: .sort(Sort(input: scan, keys: keys(scan, 0))), shape) == [])
    let full = maker.scan([.bigint], integers(0..<10))
    let none = TopN(input: full, keys: keys(full, 0), count: 0, offset: 0)
    #expect(try rows(of: .topN(none), shape) == [])
    let beyond = TopN(input: full, keys: keys(full, 0), count: 5, offset: 20)
    #expect(try rows(of: .topN(beyond), shape) == [])
    let most = TopN(input: full, keys: keys(full, 0), count: .max, offset: 8)
    #expect(try rows(of: .topN(most), shape) == integers([8, 9]))
  }

  @Test(arguments: RunShape.all)
  func enforcesSingleRows(_ shape: RunShape) throws {
    var maker = PlanMaker()
    func single(_ rows: [[Value]]) -> LogicalPlan {
      .enforceSingleRow(EnforceSingleRow(input: maker.scan([.bigint, .text], rows)))
    }
    #expect(try rows(of: single([]), shape) == [[.null, .null]])
    #expect(try rows(of: single([[.integer(1), .null]]), shape) == [[.integer(1), .null]])
    var thrown: SQLError?
    let two = single([[.integer(1), .null], [.integer(2), .null]])
    do throws(SQLError) { _ = try rows(of: two, shape) } catch { thrown = error }
    #expect(thrown?.code == .subqueryMultipleRows)
    #expect(thrown?.message == "Scalar sub-query has returned multiple rows")
  }
}
