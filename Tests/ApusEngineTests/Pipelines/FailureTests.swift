import ApusEngine
import ApusPlanner
import ApusValues
import Testing

/// Errors and cancellation in every operator: reported once, and the executor goes on.
struct FailureTests {
  /// An operator over a scan of one bigint column, with an expression over that column in it.
  enum Place: CaseIterable, Sendable {
    case filter, project, aggregateArgument, aggregateFilter, probeKey, buildKey
    case nestedLoopFilter, sortKey, topNKey, partitionKey, windowArgument, union

    func plan(
      over scan: LogicalPlan,
      _ expression: Expression,
      _ maker: inout PlanMaker
    ) -> LogicalPlan {
      let isPositive = Expression.compare(.greaterOrEqual, expression, .bigint(0))
      let key = SortKey(expression, isAscending: true, nullsFirst: true)
      let other = maker.scan([.bigint], integers(0..<10))
      func join(_ left: Expression, _ right: Expression, filter: Expression?) -> LogicalPlan {
        .join(
          Join(
            kind: .inner,
            left: scan,
            right: other,
            criteria: [.init(left: left, right: right)],
            filter: filter
          )
        )
      }
      func aggregate(_ argument: Expression, filter: Expression?) -> LogicalPlan {
        let column = maker.column(.bigint)
        return .aggregate(
          Aggregate(
            input: scan,
            keys: scan.output,
            aggregates: [
              .init(column: column, function: .sum, arguments: [argument], filter: filter)
            ]
          )
        )
      }
      func window(partitionBy: [Expression], _ argument: Expression) -> LogicalPlan {
        let column = maker.column(.bigint)
        return .window(
          Window(
            input: scan,
            partitionBy: partitionBy,
            orderBy: [],
            functions: [
              .init(column: column, function: .sum, arguments: [argument], frame: .standard)
            ]
          )
        )
      }
      switch self {
      case .filter: return .filter(Filter(input: scan, predicate: isPositive))
      case .project, .union:
        let column = maker.column(.bigint)
        let project = LogicalPlan.project(
          Project(input: scan, assignments: [.init(column: column, expression: expression)])
        )
        if self == .project { return project }
        let result = maker.column(.bigint)
        return .union(
          Union(
            columns: [result],
            inputs: [other, project],
            inputColumns: [other.output, [column]]
          )
        )
      case .aggregateArgument: return aggregate(expression, filter: nil)
      case .aggregateFilter: return aggregate(scan[0], filter: isPositive)
      case .probeKey: return join(expression, other[0], filter: nil)
      case .buildKey:
        return .join(
          Join(
            kind: .left,
            left: other,
            right: scan,
            criteria: [.init(left: other[0], right: expression)]
          )
        )
      case .nestedLoopFilter:
        return .join(Join(kind: .left, left: scan, right: other, filter: isPositive))
      case .sortKey: return .sort(Sort(input: scan, keys: [key]))
      case .topNKey: return .topN(TopN(input: scan, keys: [key], count: 3, offset: 0))
      case .partitionKey: return window(partitionBy: [expression], scan[0])
      case .windowArgument: return window(partitionBy: [scan[0]], expression)
      }
    }
  }

  @Test(arguments: Place.allCases, [1, 4])
  func reportsErrorsOfRowsOnce(_ place: Place, workers: Int) throws {
    var maker = PlanMaker()
    let shape = RunShape(workers: workers, capacity: 50)
    let scan = maker.scan([.bigint], integers(0..<1000) + integers([-1]) + integers(0..<1000))
    let plan = place.plan(over: scan, .check(scan[0]), &maker)
    let run = try start(plan, shape)
    var codes: [ErrorCode] = []
    for _ in 0..<10_000 {
      do throws(SQLError) {
        if try run.next() == nil { break }
      } catch {
        codes.append(error.code)
      }
    }
    #expect(codes == [.invalidFunctionArgument])
    #expect(try run.next() == nil)
    #expect(try rows(of: scan, shape).count == 2001)
  }

  @Test(arguments: Place.allCases, [1, 4])
  func stopsInTheMiddle(_ place: Place, workers: Int) throws {
    var maker = PlanMaker()
    let shape = RunShape(workers: workers, capacity: 10)
    let scan = maker.scan([.bigint], integers(0..<20_000))
    let plan = place.plan(over: scan, scan[0], &maker)
    let cancelled = try start(plan, shape)
    cancelled.cancel()
    var thrown: SQLError?
    do throws(SQLError) { while try cancelled.next() != nil {} } catch { thrown = error }
    #expect(thrown == nil || thrown?.code == .userCanceled)
    let dropped = try start(plan, shape)
    dropped.stop()
    #expect(try dropped.next() == nil)
  }

  @Test(arguments: Place.allCases)
  func stopsTheScanWhenALimitIsReached(_ place: Place) throws {
    // A worker that meets no match must learn of the limit, too. Operators that pass rows on as they come must not read a table to its end for one row.
    switch place {
    case .filter, .project, .probeKey, .nestedLoopFilter, .union: break
    default: return
    }
    var maker = PlanMaker()
    let table = TestTable([.bigint], rows: integers(0..<20_000), failingRow: 19_990)
    let scan = maker.scan(table)
    let plan = LogicalPlan.limit(Limit(input: place.plan(over: scan, scan[0], &maker), count: 1))
    #expect(try rows(of: plan, RunShape(workers: 2, capacity: 10)).count == 1)
  }
}
