import ApusEngine
import ApusPlanner
import ApusValues
import Testing

/// Operators without room give the rows that they give with room, or the query's error, and leave
/// nothing behind.
struct SpillingTests {
  /// A plan whose operator can spill.
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var plan: LogicalPlan
    /// Whether rows have an order that all keys of which tell.
    var isOrdered = false

    var testDescription: String { name }

    static let all: [Case] = aggregates + joins + sorts

    /// The rows of a result, to compare.
    func rows(_ found: [[Value]]) -> [String] {
      let texts = found.map { key($0) }
      return isOrdered ? texts : texts.sorted()
    }

    private static let sorts = SortTests.types.flatMap { types in
      [nil, 300].map { limit in
        var maker = PlanMaker()
        let scan = maker.scan(types, randomRows(types, count: 900, distinct: 40, seed: 4))
        let keys = SortTests.keys(scan, 1)
        let plan: LogicalPlan =
          if let limit {
            .topN(TopN(input: scan, keys: keys, count: limit, offset: 30))
          } else {
            .sort(Sort(input: scan, keys: keys))
          }
        return Case(
          name: "\(limit == nil ? "sort" : "first") by \(types)",
          plan: plan,
          isOrdered: true
        )
      }
    }

    private static let aggregates = [false, true].flatMap { isDistinct in
      [[SQLType.bigint], [.text], [.double, .text], [.array(.integer)]].map { keys in
        let types = keys + [.bigint, .text]
        return Case(
          name: "aggregate by \(keys)\(isDistinct ? ", distinct" : "")",
          plan: HashAggregateTests.plan(
            types,
            randomRows(types, count: 900, distinct: 300, seed: 3),
            isDistinct: isDistinct
          )
        )
      }
    }

    private static let joins = JoinTests.Kind.allCases.flatMap { kind in
      [[SQLType.bigint], [.text], [.integer, .double]].map { keys in
        let types = keys + [.bigint]
        let test = JoinTests.Case(
          kind: kind,
          types: types,
          keyCount: keys.count,
          hasFilter: false,
          left: randomRows(types, count: 500, distinct: 90, seed: 1),
          // Without NULLs, so that null-aware joins have something to say.
          right: randomRows(types, count: 300, distinct: 90, seed: 2).filter { !$0.contains(.null) }
        )
        return Case(name: "\(kind) join by \(keys)", plan: test.plan)
      }
    }
  }

  /// Null-aware joins by several keys compare rows of all parts.
  private func canSpill(_ test: Case) -> Bool {
    !(test.name.hasPrefix("nullAware") && test.name.contains(","))
  }

  @Test(arguments: Case.all)
  func givesTheSameRows(_ test: Case) throws {
    let expected = test.rows(try rows(of: test.plan))
    for shape in [(1, 1), (4, 3), (1, 1000), (4, 100)] {
      let executor = QueryExecutor(memoryLimit: .max)
      do {
        let run = try start(
          test.plan,
          RunShape(workers: shape.0, capacity: shape.1),
          refusal: .offers,
          executor: executor
        )
        #expect(test.rows(try rows(of: run)) == expected)
        if canSpill(test) { #expect(run.profile.spilledByteCount > 0) }
      }
      #expect(executor.memory.reservedByteCount == 0)
    }
  }

  /// Whichever request for memory is refused.
  @Test(arguments: Case.all)
  func survivesAnyRefusal(_ test: Case) throws {
    let expected = test.rows(try rows(of: test.plan))
    var undisturbed = 0
    var disturbed = 0
    var number = 0
    // Requests that come late are reached: so many runs without effect say that there are no more.
    while undisturbed < 12 {
      number += 1
      let executor = QueryExecutor(memoryLimit: .max)
      do {
        let run = try start(
          test.plan,
          RunShape(workers: 2, capacity: 100),
          refusal: .request(number),
          executor: executor
        )
        let found: [[Value]]
        do throws(SQLError) {
          found = try rows(of: run)
        } catch {
          #expect(error.code == .exceededLocalMemoryLimit)
          disturbed += 1
          undisturbed = 0
          continue
        }
        #expect(test.rows(found) == expected, "request \(number)")
        if run.profile.spilledByteCount > 0 {
          disturbed += 1
          undisturbed = 0
        } else {
          undisturbed += 1
        }
      }
      #expect(executor.memory.reservedByteCount == 0, "request \(number)")
    }
    #expect(disturbed > 0)
  }

  /// A full disk, and one that is not there.
  @Test(arguments: Case.all)
  func failsWithoutSpace(_ test: Case) throws {
    guard canSpill(test) else { return }
    for (directory, limit, code) in [
      ("/var/tmp", 10, ErrorCode.exceededSpillLimit),
      ("/var/tmp/no/such/directory", .max, .outOfSpillSpace),
    ] {
      let executor = QueryExecutor(memoryLimit: .max)
      do {
        var thrown: SQLError?
        let run = try start(
          test.plan,
          refusal: .offers,
          temporaryDirectory: directory,
          temporaryLimit: limit,
          executor: executor
        )
        do throws(SQLError) { _ = try rows(of: run) } catch { thrown = error }
        #expect(thrown?.code == code)
      }
      #expect(executor.memory.reservedByteCount == 0)
    }
  }

  /// Parts that are themselves too large are divided again and again.
  @Test(arguments: [false, true])
  func dividesParts(isDistinct: Bool) throws {
    let types: [SQLType] = [.bigint, .bigint, .text]
    let input = (0..<60_000).map { [Value.integer($0 % 50_000), .integer($0 % 7), .null] }
    let plan = HashAggregateTests.plan(types, input, isDistinct: isDistinct)
    let expected = sorted(try rows(of: plan))
    let limit = 1 << 20
    let run = try start(plan, RunShape(workers: 2, capacity: 500), memoryLimit: limit)
    #expect(sorted(try rows(of: run)) == expected)
    #expect(run.profile.spilledByteCount > 0)
  }

  /// More runs than are merged at once.
  @Test(arguments: [1, 3])
  func mergesManyRuns(workers: Int) throws {
    let types: [SQLType] = [.bigint, .text]
    var maker = PlanMaker()
    let scan = maker.scan(types, randomRows(types, count: 60_000, distinct: 100_000, seed: 8))
    let plan = LogicalPlan.sort(Sort(input: scan, keys: SortTests.keys(scan, 2)))
    let expected = try rows(of: plan).map { key($0) }
    for limit in [1 << 22, 6 << 20] {
      let run = try start(plan, RunShape(workers: workers, capacity: 100), memoryLimit: limit)
      #expect(try rows(of: run).map { key($0) } == expected)
      #expect(run.profile.spilledByteCount > 0)
    }
  }

  /// Few rows of many bytes: blocks and runs are told by bytes, not by rows.
  @Test
  func sortsLongTexts() throws {
    let input = (0..<300).map { number in
      [Value.integer(Int64(number * 7919 % 300)), .text(String(repeating: "x", count: 50_000))]
    }
    var maker = PlanMaker()
    let scan = maker.scan([.bigint, .text], input)
    let plan = LogicalPlan.sort(Sort(input: scan, keys: [SortTests.keys(scan, 0)[0]]))
    let limit = 8 << 20
    let run = try start(plan, RunShape(workers: 2, capacity: 4), memoryLimit: limit)
    #expect(try rows(of: run).map { $0[0] } == (0..<300).map { .integer($0) })
    #expect(run.profile.spilledByteCount > 0)
    #expect(run.profile.peakByteCount <= limit)
  }

  @Test
  func dividesPartsOfJoins() throws {
    let input = (0..<40_000).map { [Value.integer($0), .integer($0)] }
    let test = JoinTests.Case(
      kind: .full,
      types: [.bigint, .bigint],
      keyCount: 1,
      hasFilter: false,
      left: input.filter { $0[0] != .integer(17) },
      right: input.filter { $0[0] != .integer(71) }
    )
    let run = try start(test.plan, RunShape(workers: 2, capacity: 500), memoryLimit: 300_000)
    let found = try rows(of: run)
    #expect(found.count == 40_000)
    #expect(found.allSatisfy { $0[0] == $0[2] || $0[0].isNull || $0[2].isNull })
    #expect(run.profile.spilledByteCount > 0)
  }
}
