import ApusEngine
import ApusPlanner
import ApusValues
import ApusVectors
import Synchronization
import Testing

/// Joins of all kinds against a reference of two loops.
struct JoinTests {
  /// A kind without its column, to name tests by.
  enum Kind: CaseIterable, Sendable {
    case inner, left, right, full, semi, anti, mark, nullAwareAnti, nullAwareMark

    var isNullAware: Bool { self == .nullAwareAnti || self == .nullAwareMark }

    func kind(_ maker: inout PlanMaker) -> Join.Kind {
      switch self {
      case .inner: .inner
      case .left: .left
      case .right: .right
      case .full: .full
      case .semi: .semi
      case .anti, .nullAwareAnti: .anti
      case .mark, .nullAwareMark: .mark(maker.column(.boolean))
      }
    }
  }

  /// A join of keys in the leading columns; the last column of each side is for the filter.
  struct Case {
    var kind: Kind
    var types: [SQLType]
    var keyCount: Int
    var hasFilter: Bool
    var left: [[Value]]
    var right: [[Value]]

    var plan: LogicalPlan {
      var maker = PlanMaker()
      let leftScan = maker.scan(types, left)
      let rightScan = maker.scan(types, right)
      let last = types.count - 1
      return .join(
        Join(
          kind: kind.kind(&maker),
          left: leftScan,
          right: rightScan,
          criteria: (0..<keyCount).map { .init(left: leftScan[$0], right: rightScan[$0]) },
          filter: hasFilter ? .compare(.less, leftScan[last], rightScan[last]) : nil,
          isNullAware: kind.isNullAware
        )
      )
    }

    /// Whether two values are equal; nil if unknown.
    private func equal(_ left: Value, _ right: Value) -> Bool? {
      left.isNull || right.isNull ? nil : isSameKey(left, right)
    }

    private func passes(_ left: [Value], _ right: [Value]) -> Bool? {
      guard hasFilter else { return true }
      guard
        case (.integer(let a), .integer(let b)) = (left[types.count - 1], right[types.count - 1])
      else { return nil }
      return a < b
    }

    /// Whether a pair matches; nil if it might, were the first keys known.
    private func matches(_ left: [Value], _ right: [Value]) -> Bool? {
      let others = (0..<keyCount).dropFirst().allSatisfy { equal(left[$0], right[$0]) == true }
      if keyCount == 0 { return passes(left, right) }
      guard others, passes(left, right) == true else { return false }
      return equal(left[0], right[0])
    }

    var expected: [[Value]] {
      let nulls = Array(repeating: Value.null, count: types.count)
      var result: [[Value]] = []
      var matchedRight = Set<Int>()
      for row in left {
        var partners: [[Value]] = []
        var isUnknown = false
        for (position, other) in right.enumerated() {
          switch matches(row, other) {
          case true:
            partners.append(other)
            matchedRight.insert(position)
          case nil: isUnknown = isUnknown || kind.isNullAware
          default: break
          }
        }
        switch kind {
        case .inner, .right: result += partners.map { row + $0 }
        case .left, .full: result += (partners.isEmpty ? [nulls] : partners).map { row + $0 }
        case .semi: if !partners.isEmpty { result.append(row) }
        case .anti, .nullAwareAnti: if partners.isEmpty, !isUnknown { result.append(row) }
        case .mark, .nullAwareMark:
          result.append(
            row + [!partners.isEmpty ? .boolean(true) : isUnknown ? .null : .boolean(false)]
          )
        }
      }
      if kind == .right || kind == .full {
        for (position, row) in right.enumerated() where !matchedRight.contains(position) {
          result.append(nulls + row)
        }
      }
      return result
    }
  }

  private static let shapes: [(types: [SQLType], keyCount: Int)] = [
    ([.bigint, .bigint], 1), ([.text, .bigint], 1), ([.double, .bigint], 1),
    ([.integer, .text, .bigint], 2), ([.bigint, .integer, .bigint], 2),
    ([.decimal(precision: 30, scale: 0), .bigint], 1),
    ([.text, .bigint], 0),
  ]

  private func check(_ test: Case, _ shape: RunShape) throws {
    let result = try rows(of: test.plan, shape).map { key($0) }.sorted()
    let expected = test.expected.map { key($0) }.sorted()
    #expect(
      result == expected,
      "\(test.kind) \(test.types) keys \(test.keyCount) filter \(test.hasFilter)"
    )
  }

  @Test(arguments: Kind.allCases, RunShape.all)
  func agreesWithTheReference(_ kind: Kind, _ shape: RunShape) throws {
    for (seed, (types, keyCount)) in JoinTests.shapes.enumerated() {
      for hasFilter in [false, true] {
        let seed = UInt64(seed)
        var test = Case(
          kind: kind,
          types: types,
          keyCount: keyCount,
          hasFilter: hasFilter,
          left: randomRows(types, count: 40, distinct: 14, seed: seed),
          right: randomRows(types, count: 25, distinct: 14, seed: seed + 100)
        )
        try check(test, shape)
        // Without NULLs on the right, so that null-aware joins have something to say.
        test.right = test.right.filter { !$0.contains(.null) }
        try check(test, shape)
        if hasFilter { continue }
        test.right = []
        try check(test, shape)
        test.right = test.left
        test.left = []
        try check(test, shape)
      }
    }
  }

  @Test(arguments: Kind.allCases)
  func joinsManyRows(_ kind: Kind) throws {
    let types: [SQLType] = [.bigint, .bigint]
    // A few hot keys on the right make long chains.
    let right = randomRows(types, count: 500, distinct: 30, seed: 5)
    let left = randomRows(types, count: 1500, distinct: 90, seed: 6)
    let test = Case(
      kind: kind,
      types: types,
      keyCount: 1,
      hasFilter: false,
      left: left,
      right: right
    )
    try check(test, RunShape(workers: 4, capacity: 100))
  }

  @Test(arguments: RunShape.all)
  func passesScalarSubqueries(_ shape: RunShape) throws {
    let test = Case(
      kind: .inner,
      types: [.text, .bigint],
      keyCount: 0,
      hasFilter: false,
      left: randomRows([.text, .bigint], count: 100, distinct: 10, seed: 1),
      right: [[.text("a single row, and a long one"), .null]]
    )
    try check(test, shape)
  }

  @Test
  func failsWithinTheMemoryLimit() throws {
    // Rows of one key cannot be divided.
    let test = Case(
      kind: .inner,
      types: [.bigint, .bigint],
      keyCount: 1,
      hasFilter: false,
      left: [[.integer(1), .integer(1)]],
      right: (0..<20_000).map { [Value.integer(1), .integer($0)] }
    )
    var thrown: SQLError?
    do throws(SQLError) { _ = try rows(of: test.plan, memoryLimit: 300_000) } catch {
      thrown = error
    }
    #expect(thrown?.code == .exceededLocalMemoryLimit)
  }

  @Test(arguments: [SQLType.tinyint, .smallint, .integer, .bigint, .date])
  func rowsWithoutAKeyOfTheBuildSideStayInTheScan(_ type: SQLType) throws {
    let extremes: [Int64] =
      switch type {
      case .tinyint: [-128, 127]
      case .smallint: [-32768, 32767]
      case .bigint: [.min, .max]
      default: [Int64(Int32.min), Int64(Int32.max)]
      }
    var left = (-120...120).map { [Value.integer($0)] } + extremes.map { [.integer($0)] }
    left += [[.null], [.integer(0)]]
    let right: [[Value]] = [-120, -119, -64, 0, 63, 119].map { [.integer($0)] } + [[.null]]
    for (kind, count) in [(Join.Kind.inner, 7), (.semi, 7), (.rightSemi, 6), (.left, 245)] {
      for filters in [false, true] {
        var maker = PlanMaker()
        let scan = maker.scan([type], left)
        let notThree = Expression.compare(
          .notEqual,
          scan[0],
          .literal(Literal(.integer(3), type))
        )
        let input = filters ? .filter(Filter(input: scan, predicate: notThree)) : scan
        let other = maker.scan([type], right)
        let criterion = Join.Criterion(left: scan[0], right: other[0])
        let join = Join(kind: kind, left: input, right: other, criteria: [criterion])
        let run = try start(.join(join))
        var found = 0
        while let batch = try run.next() { found += batch.rowCount }
        // The filter drops the NULL and the 3, which a left join would keep.
        #expect(found == (kind == .left && filters ? count - 2 : count))
        let profile = run.profile.operators[filters ? 2 : 1]
        #expect(profile.rowCount == left.count)
        let unmatched = profile.scan?.rowsUnmatched
        #expect(unmatched == (kind == .left ? 0 : left.count - 7 - (filters ? 2 : 0)))
      }
    }
  }

  @Test
  func tellsScansWhatTheBuildSideHas() throws {
    var maker = PlanMaker()
    let request = Mutex<ScanRequest?>(nil)
    var table = TestTable([.bigint, .bigint], rows: (0..<500).map { [.integer($0), .null] })
    table.onScan = { scanned in request.withLock { $0 = scanned } }
    let left = maker.scan(table)
    func domains(_ kind: Join.Kind, _ keys: [Int]) throws -> [ColumnDomain.Range]? {
      let right = maker.scan([.bigint], integers(keys))
      // The condition moves through filters and projections that keep the column.
      let filter = LogicalPlan.filter(
        Filter(input: left, predicate: .compare(.greaterOrEqual, left[0], .bigint(0)))
      )
      let renamed = maker.column(.bigint)
      let project = LogicalPlan.project(
        Project(input: filter, assignments: [.init(column: renamed, expression: left[0])])
      )
      let join = Join(
        kind: kind,
        left: project,
        right: right,
        criteria: [.init(left: .column(renamed), right: right[0])]
      )
      let expected = kind == .left || kind == .anti ? 500 - keys.count : keys.count
      let result = try rows(of: .join(join))
      #expect(result.count == (kind == .left ? 500 : expected))
      return request.withLock { $0?.domains[0]?.ranges }
    }
    #expect(try domains(.inner, [7, 3]) == [.exactly(.integer(3)), .exactly(.integer(7))])
    #expect(try domains(.semi, [9]) == [.exactly(.integer(9))])
    #expect(try domains(.inner, []) == [])
    #expect(
      try domains(.inner, Array(100..<400))
        == [ColumnDomain.Range(lower: .integer(100), upper: .integer(399))]
    )
    #expect(try domains(.left, [7]) == nil)
    #expect(try domains(.anti, [7]) == nil)
  }

  @Test
  func emitsOnlyColumnsInUse() throws {
    var maker = PlanMaker()
    let left = maker.scan([.bigint, .bigint], (0..<10).map { [.integer($0), .integer(-$0)] })
    let right = maker.scan([.bigint, .text], (0..<10).map { [.integer($0), .text("\($0)")] })
    let join = LogicalPlan.join(
      Join(
        kind: .inner,
        left: left,
        right: right,
        criteria: [.init(left: left[0], right: right[0])]
      )
    )
    let plan = LogicalPlan.project(
      Project(
        input: join,
        assignments: [.init(column: maker.column(.text), expression: right[1])]
      )
    )
    #expect(sorted(try rows(of: plan)) == sorted((0..<10).map { [.text("\($0)")] }))
    let count = LogicalPlan.aggregate(
      Aggregate(
        input: join,
        keys: [],
        aggregates: [.init(column: maker.column(.bigint), function: .count, arguments: [])]
      )
    )
    #expect(try rows(of: count) == integers([10]))
  }
}
