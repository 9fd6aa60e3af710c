import ApusPlanner
import ApusValues
import ApusVectors
import Testing

@testable import ApusEngine

/// What several workers have grouped, merged, is what one would have grouped alone.
struct AggregateMergeTests {
  /// A call over columns of the input, counted from the first one that is no key.
  struct Call {
    var name: String
    var arguments: [Int] = []
    var isDistinct = false
    var hasCondition = false
  }

  /// Columns after the keys: a condition, then what the calls are over.
  static let argumentTypes: [SQLType] = [
    .boolean, .bigint, .double, .text, .decimal(precision: 30, scale: 2),
  ]

  /// Calls whose results do not depend on the order of the rows but for rounding.
  static let calls: [Call] =
    [
      Call(name: "count"), Call(name: "count", hasCondition: true),
      Call(name: "count_if", arguments: [0]), Call(name: "bool_and", arguments: [0]),
      Call(name: "bool_or", arguments: [0]), Call(name: "bitwise_and_agg", arguments: [1]),
      Call(name: "bitwise_or_agg", arguments: [1]), Call(name: "bitwise_xor_agg", arguments: [1]),
      Call(name: "variance", arguments: [2]), Call(name: "stddev_pop", arguments: [2]),
      Call(name: "corr", arguments: [2, 2]), Call(name: "approx_distinct", arguments: [3]),
      Call(name: "max_by", arguments: [1, 1]), Call(name: "min_by", arguments: [3, 3]),
      Call(name: "avg", arguments: [4]), Call(name: "sum", arguments: [4]),
      Call(name: "count", arguments: [3], isDistinct: true, hasCondition: true),
    ]
    + (1...3).flatMap { column in
      ["count", "min", "max"].flatMap { name in
        [false, true].map { Call(name: name, arguments: [column], isDistinct: $0) }
      }
    }
    + [1, 2].flatMap { column in
      ["sum", "avg"].flatMap { name in
        [false, true].map { Call(name: name, arguments: [column], isDistinct: $0) }
      }
    }

  static func specification(keys: [SQLType], _ calls: [Call]) throws -> AggregateSpecification {
    var specification = AggregateSpecification(
      keys: Array(keys.indices),
      keyTypes: keys,
      inputs: argumentTypes.enumerated().map { column, type in
        .init(expression: ColumnExpression(position: keys.count + column, type: type))
      },
      calls: [],
      distinctSets: [],
      output: keys.indices.map { .key($0) } + calls.indices.map { .call($0) }
    )
    for call in calls {
      let function = try bind(call.name, call.arguments.map { argumentTypes[$0] })
      guard case .aggregate(let overload) = try FunctionLibrary.standard.entry(for: function) else {
        throw SQLError.internal("\(call.name) is no aggregate")
      }
      let condition = call.hasCondition ? 0 : nil
      var distinctSet: Int?
      if call.isDistinct {
        let set = AggregateSpecification.DistinctSet(
          arguments: call.arguments,
          condition: condition
        )
        if !specification.distinctSets.contains(set) { specification.distinctSets.append(set) }
        distinctSet = specification.distinctSets.firstIndex(of: set)
      }
      specification.calls.append(
        .init(
          overload: overload,
          function: function,
          arguments: call.arguments,
          condition: condition,
          distinctSet: distinctSet
        )
      )
    }
    return specification
  }

  static func context(
    workers: Int,
    memory: MemoryPool = MemoryPool(limit: 1 << 30),
    cancellation: CancellationToken = CancellationToken()
  ) -> WorkerContext {
    WorkerContext(
      index: 0,
      workerCount: workers,
      batchCapacity: 700,
      memory: memory,
      temporaryFile: TemporaryFile(directory: temporaryDirectory),
      cancellation: cancellation,
      profile: WorkerProfile(nodeCount: 1)
    )
  }

  /// Feeds batches to workers in turns, without merging yet.
  static func collect(
    _ specification: AggregateSpecification,
    _ batches: [Batch],
    _ context: WorkerContext
  ) throws -> HashAggregateSink {
    let sink = HashAggregateSink(node: 0, specification: specification)
    let consumers = try (0..<context.workerCount).map { _ in try sink.makeConsumer(context) }
    for (index, batch) in batches.enumerated() {
      _ = try consumers[index % consumers.count].consume(batch)
    }
    for consumer in consumers { try consumer.close() }
    return sink
  }

  /// Runs the rounds, in an order of tasks that no worker would choose.
  static func merge(
    _ sink: HashAggregateSink,
    _ context: WorkerContext,
    beforeTask: (_ round: Int) -> Void = { _ in }
  ) throws {
    var round = 0
    while let taskCount = try sink.prepareRound(context) {
      for task in (0..<taskCount).reversed() {
        beforeTask(round)
        try sink.runTask(task, context)
      }
      round += 1
    }
  }

  /// Returns the results by key, read by two workers in turns.
  static func rows(_ sink: HashAggregateSink, keyCount: Int, _ context: WorkerContext) throws
    -> [String: [Value]]
  {
    let source = AggregateSource(sink)
    let readers = [source.makeReader(context), source.makeReader(context)]
    var rows: [String: [Value]] = [:]
    var turn = 0
    var ended = 0
    while ended < 2 {
      turn += 1
      guard let batch = try readers[turn % 2].next()?.batch else {
        ended += 1
        continue
      }
      ended = 0
      #expect(batch.rowCount > 0)
      for row in 0..<batch.rowCount {
        let values = batch.columns.map { $0.value(row) }
        let name = key(Array(values.prefix(keyCount)))
        #expect(rows[name] == nil, "group \(name) twice")
        rows[name] = Array(values.dropFirst(keyCount))
      }
    }
    return rows
  }

  /// Batches of random rows; of `skew` in ten rows the key is the same.
  static func batches(_ keys: [SQLType], rowCount: Int, distinct: Int, skew: Int, seed: UInt64)
    -> [Batch]
  {
    let types = keys + argumentTypes
    var rows = randomRows(types, count: rowCount, distinct: distinct, seed: seed)
    for row in rows.indices where row % 10 < skew {
      rows[row].replaceSubrange(0..<keys.count, with: rows[0].prefix(keys.count))
    }
    return stride(from: 0, to: rowCount, by: 500).map { start in
      let chunk = rows[start..<min(start + 500, rowCount)]
      return Batch(
        columns: types.indices.map { column in flat(chunk.map { $0[column] }, types[column]) },
        rowCount: chunk.count
      )
    }
  }

  static func isClose(_ left: Value, _ right: Value) -> Bool {
    if case .double(let a) = left, case .double(let b) = right, a.isFinite, b.isFinite {
      return (a - b).magnitude <= 1e-9 * max(a.magnitude, 1)
    }
    return isSameKey(left, right)
  }

  /// Aggregates by one worker and by several and compares.
  ///
  /// - Returns: the number of groups.
  func compare(_ keys: [SQLType], _ calls: [Call], _ batches: [Batch]) throws -> Int {
    let specification = try AggregateMergeTests.specification(keys: keys, calls)
    let results = try [1, 8].map { workers in
      let context = AggregateMergeTests.context(workers: workers)
      let sink = try AggregateMergeTests.collect(specification, batches, context)
      try AggregateMergeTests.merge(sink, context)
      return try AggregateMergeTests.rows(sink, keyCount: keys.count, context)
    }
    #expect(results[0].count == results[1].count)
    for (name, values) in results[0] {
      let others = try #require(results[1][name], "no group \(name)")
      for (call, (value, other)) in zip(calls, zip(values, others)) {
        #expect(
          AggregateMergeTests.isClose(value, other),
          "\(call) of \(name): \(value) is not \(other)"
        )
      }
    }
    return results[0].count
  }

  @Test(arguments: [4, 9000], [0, 8])
  func mergesAllCalls(distinct: Int, skew: Int) throws {
    let batches = AggregateMergeTests.batches(
      [.bigint],
      rowCount: 12_000,
      distinct: distinct,
      skew: skew,
      seed: 3
    )
    let count = try compare([.bigint], AggregateMergeTests.calls, batches)
    #expect(distinct == 4 ? count == 5 : count > 1500)
  }

  @Test(
    arguments: [
      [], [.bigint], [.integer], [.text], [.double], [.real], [.boolean], [.smallint], [.varbinary],
      [.decimal(precision: 30, scale: 2)], [.date, .double], [.text, .text, .bigint],
      [.smallint, .text, .real, .tinyint], [.array(.double)],
      [.row([RowField(nil, .text), RowField(nil, .bigint)])], [.map(key: .integer, value: .text)],
    ] as [[SQLType]],
    [3, 9000]
  )
  func mergesKeysOfAllTypes(_ keys: [SQLType], distinct: Int) throws {
    let batches = AggregateMergeTests.batches(
      keys,
      rowCount: 9000,
      distinct: distinct,
      skew: 1,
      seed: 5
    )
    let calls = [
      Call(name: "count"), Call(name: "sum", arguments: [1]),
      Call(name: "count", arguments: [3], isDistinct: true),
    ]
    #expect(try compare(keys, calls, batches) > 0)
  }

  @Test(arguments: [SQLType.smallint, .integer, .bigint, .date], [1, 5])
  func mergesDenseIntegers(_ type: SQLType, step: Int64) throws {
    var generator = SeededGenerator(seed: 7)
    let arguments = AggregateMergeTests.batches(
      [],
      rowCount: 30_000,
      distinct: 50,
      skew: 0,
      seed: 2
    )
    let batches = arguments.map { batch in
      let keys = (0..<batch.rowCount).map { row -> Value in
        row % 100 == 99 ? .null : .integer(Int64.random(in: -3000...3000, using: &generator) * step)
      }
      return Batch(columns: [flat(keys, type)] + batch.columns, rowCount: batch.rowCount)
    }
    let calls = [
      Call(name: "count"), Call(name: "sum", arguments: [1]),
      Call(name: "count", arguments: [3], isDistinct: true),
    ]
    #expect(try compare([type], calls, batches) > 5500)
  }

  /// Calls for which one group has many distinct rows, or many groups have some.
  private static let distinctCalls = [
    Call(name: "count", arguments: [1], isDistinct: true), Call(name: "sum", arguments: [1]),
  ]

  /// Groups by a column with few or many values, over rows with many distinct arguments.
  private func input(hasManyGroups: Bool) throws -> (AggregateSpecification, [Batch]) {
    let keys: [SQLType] = hasManyGroups ? [.bigint] : [.boolean]
    let specification = try AggregateMergeTests.specification(
      keys: keys,
      AggregateMergeTests.distinctCalls
    )
    let batches = AggregateMergeTests.batches(
      keys,
      rowCount: 40_000,
      distinct: 60_000,
      skew: 0,
      seed: 1
    )
    return (specification, batches)
  }

  @Test(arguments: [false, true])
  func mergesInPartsWithoutRoomForAll(hasManyGroups: Bool) throws {
    let (specification, batches) = try input(hasManyGroups: hasManyGroups)
    let generous = MemoryPool(limit: 1 << 30)
    var collected = 0
    var whole: [String: [Value]] = [:]
    do {
      let context = AggregateMergeTests.context(workers: 4, memory: generous)
      let sink = try AggregateMergeTests.collect(specification, batches, context)
      collected = generous.reservedByteCount
      #expect(collected > 0)
      try AggregateMergeTests.merge(sink, context)
      whole = try AggregateMergeTests.rows(sink, keyCount: 1, context)
      #expect(whole.count > (hasManyGroups ? 4096 : 2))
    }
    #expect(generous.reservedByteCount == 0)
    #expect(generous.peakByteCount > collected)
    let tight = MemoryPool(limit: (generous.peakByteCount + collected) / 2)
    do {
      let context = AggregateMergeTests.context(workers: 4, memory: tight)
      let sink = try AggregateMergeTests.collect(specification, batches, context)
      try AggregateMergeTests.merge(sink, context)
      #expect(sink.parts != nil)
      #expect(try AggregateMergeTests.rows(sink, keyCount: 1, context) == whole)
    }
    #expect(tight.reservedByteCount == 0)
    #expect(tight.peakByteCount <= tight.limit)
  }

  @Test(arguments: [false, true])
  func stopsInTheMerge(hasManyGroups: Bool) throws {
    let (specification, batches) = try input(hasManyGroups: hasManyGroups)
    let cancellation = CancellationToken()
    let context = AggregateMergeTests.context(workers: 4, cancellation: cancellation)
    let sink = try AggregateMergeTests.collect(specification, batches, context)
    var thrown: SQLError?
    do {
      try AggregateMergeTests.merge(sink, context) { round in
        if round == 1 { cancellation.cancel() }
      }
      // Many groups are made while they are read.
      #expect(hasManyGroups)
      cancellation.cancel()
      _ = try AggregateMergeTests.rows(sink, keyCount: 1, context)
    } catch { thrown = error as? SQLError }
    #expect(thrown?.code == .userCanceled)
  }
}
