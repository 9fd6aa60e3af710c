import ApusEngine
import ApusPlanner
import ApusValues
import Testing

/// Scan, values, filter, project, limit and union from end to end.
struct StreamingTests {
  @Test(arguments: RunShape.all)
  func scansAllRows(_ shape: RunShape) throws {
    var maker = PlanMaker()
    let plan = maker.scan([.bigint], integers(0..<2500))
    #expect(sorted(try rows(of: plan, shape)) == sorted(integers(0..<2500)))
  }

  @Test(arguments: RunShape.all)
  func scansNothing(_ shape: RunShape) throws {
    var maker = PlanMaker()
    let plan = maker.scan([.bigint, .text], [])
    #expect(try rows(of: plan, shape) == [])
  }

  @Test(arguments: RunShape.all)
  func filtersByConjuncts(_ shape: RunShape) throws {
    var maker = PlanMaker()
    let rows0 = (0..<2500).map { row -> [Value] in
      [row % 7 == 0 ? .null : .integer(Int64(row)), .text("name \(row % 5) is rather long")]
    }
    let scan = maker.scan([.bigint, .text], rows0)
    let plan = LogicalPlan.filter(
      Filter(
        input: scan,
        predicate: .conjunction([
          .compare(.greaterOrEqual, scan[0], .bigint(100)),
          .compare(.less, scan[0], .bigint(1900)),
        ])
      )
    )
    let expected = rows0.filter { row in
      guard case .integer(let value) = row[0] else { return false }
      return value >= 100 && value < 1900
    }
    #expect(sorted(try rows(of: plan, shape)) == sorted(expected))
  }

  @Test(arguments: RunShape.all)
  func putsOutWhatTheStatementWrote(_ shape: RunShape) throws {
    var maker = PlanMaker()
    let columns = [maker.column(.bigint), maker.column(.bigint)]
    let values = LogicalPlan.values(
      ValuesNode(columns: columns, rows: (0..<5).map { [.bigint($0), .bigint($0 * $0)] })
    )
    #expect(
      try rows(of: values, shape) == (0..<5).map { [.integer($0), .integer($0 * $0)] }
    )
    let single = LogicalPlan.values(ValuesNode(columns: [], rows: [[]]))
    let result = maker.column(.bigint)
    let project = LogicalPlan.project(
      Project(input: single, assignments: [.init(column: result, expression: .bigint(1))])
    )
    #expect(try rows(of: project, shape) == [[.integer(1)]])
  }

  @Test(arguments: RunShape.all)
  func limitsAndSkips(_ shape: RunShape) throws {
    var maker = PlanMaker()
    let scan = maker.scan([.bigint], integers(0..<5000))
    let limited = try rows(of: .limit(Limit(input: scan, count: 7, offset: 3)), shape)
    #expect(limited.count == 7)
    #expect(Set(limited).count == 7)
    #expect(try rows(of: .limit(Limit(input: scan, count: nil, offset: 4990)), shape).count == 10)
    #expect(try rows(of: .limit(Limit(input: scan, count: 0)), shape) == [])
    #expect(try rows(of: .limit(Limit(input: scan, count: .max, offset: 1)), shape).count == 4999)
  }

  @Test(arguments: RunShape.all)
  func unitesAllRows(_ shape: RunShape) throws {
    var maker = PlanMaker()
    let left = maker.scan([.bigint, .bigint], (0..<50).map { [.integer($0), .null] })
    let right = maker.scan([.bigint], integers(50..<90))
    let column = maker.column(.bigint)
    let union = LogicalPlan.union(
      Union(
        columns: [column],
        inputs: [left, right, right],
        inputColumns: [[left.output[0]], [right.output[0]], [right.output[0]]]
      )
    )
    let expected = integers(0..<50) + integers(50..<90) + integers(50..<90)
    #expect(sorted(try rows(of: union, shape)) == sorted(expected))
  }

  @Test(arguments: RunShape.all)
  func raisesErrorsOnce(_ shape: RunShape) throws {
    var maker = PlanMaker()
    let table = TestTable([.bigint], rows: integers(0..<3000), failingRow: 2000)
    let run = try start(maker.scan(table), shape)
    var error: SQLError?
    do throws(SQLError) { _ = try rows(of: run) } catch let thrown { error = thrown }
    #expect(error?.code == .genericInternalError)
    #expect(try run.next() == nil)
  }

  @Test(arguments: RunShape.all)
  func stopsWhenCancelled(_ shape: RunShape) throws {
    var maker = PlanMaker()
    let run = try start(maker.scan([.bigint], integers(0..<100_000)), shape)
    _ = try run.next()
    run.cancel()
    #expect(throws: SQLError.self) { while try run.next() != nil {} }
  }

  @Test(arguments: RunShape.all)
  func stopsWhenDropped(_ shape: RunShape) throws {
    var maker = PlanMaker()
    let scan = maker.scan([.bigint], integers(0..<100_000))
    for _ in 0..<20 {
      let run = try start(scan, shape)
      _ = try run.next()
    }
    let run = try start(scan, shape)
    run.stop()
    #expect(try run.next() == nil)
  }

  @Test
  func profilesNodes() throws {
    var maker = PlanMaker()
    let scan = maker.scan([.bigint], integers(0..<5000))
    let plan = LogicalPlan.filter(
      Filter(input: scan, predicate: .compare(.less, scan[0], .bigint(1000)))
    )
    let run = try start(plan)
    _ = try rows(of: run)
    let profile = run.profile
    #expect(profile.operators.map(\.rowCount) == [1000, 5000])
    #expect(profile.operators[1].scan?.rowGroupsRead ?? 0 > 0)
    #expect(profile.operators[1].nanoseconds > 0)
    #expect(profile.workerCount == 2)
  }
}
