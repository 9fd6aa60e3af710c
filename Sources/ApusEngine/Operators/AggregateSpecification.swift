import ApusPlanner
import ApusValues
import ApusVectors

/// What an aggregation computes, prepared for all its workers.
struct AggregateSpecification: Sendable {
  /// A vector that calls need: an argument or a condition, evaluated once per batch.
  struct Input: Sendable {
    var expression: any CompiledExpression
    /// The input that says for which rows this one is needed, if not for all.
    var condition: Int?
  }

  /// One call.
  struct Call: Sendable {
    var overload: AggregateOverload
    var function: BoundFunction
    var lambdas: [CompiledLambda] = []
    /// Positions among the inputs; in the order of `ordering` if there is one.
    var arguments: [Int]
    /// The order in which rows are fed, if it matters.
    var ordering: AggregateOrdering?
    /// The input that must be true for a row to count.
    var condition: Int?
    /// The position of its rows among `distinctSets`, if only distinct ones count.
    var distinctSet: Int?

    func makeAccumulator() throws(SQLError) -> any Accumulator {
      guard let ordering else { return try overload.makeAccumulator(function, lambdas) }
      return OrderedAccumulator(ordering) { [overload, function, lambdas] () throws(SQLError) in
        try overload.makeAccumulator(function, lambdas)
      }
    }
  }

  /// Arguments of which each group keeps distinct rows; calls with the same ones share it.
  struct DistinctSet: Hashable, Sendable {
    var arguments: [Int]
    var condition: Int?
  }

  /// Positions of the keys in the input batches.
  var keys: [Int]
  var keyTypes: [SQLType]
  /// Conditions come before what depends on them.
  var inputs: [Input]
  var calls: [Call]
  var distinctSets: [DistinctSet]
  /// For each output column, where it comes from.
  var output: [Output]
  var observer: (any CallObserver)?

  enum Output: Sendable {
    case key(Int)
    case call(Int)
    /// A sum as if every value had been greater.
    case shiftedSum(Int, by: Int64)
  }

  func makeAccumulators() throws(SQLError) -> [any Accumulator] {
    var accumulators: [any Accumulator] = []
    for call in calls { accumulators.append(try call.makeAccumulator()) }
    observe([], [], rowCount: 0)
    return accumulators
  }

  /// Keys with NULLs equal to each other.
  var keyLayout: KeyLayout { KeyLayout(keyTypes, hasNullBits: true) }

  /// A row of a distinct set: the group, then the arguments.
  func layout(of set: DistinctSet) -> KeyLayout {
    KeyLayout([.integer] + set.arguments.map { inputs[$0].expression.type }, hasNullBits: true)
  }

  /// Feeds rows of a distinct set to those accumulators that are over it; there is one per call.
  func feed(
    _ rows: DistinctRows,
    _ range: Range<Int>,
    of set: Int,
    to accumulators: [any Accumulator]
  ) throws(SQLError) {
    for start in stride(from: range.lowerBound, to: range.upperBound, by: KeyChunk.capacity) {
      let (groups, arguments) = rows.columns(
        start..<min(start + KeyChunk.capacity, range.upperBound)
      )
      defer { extendLifetime(groups) }
      let rowGroups = UnsafeBufferPointer(
        start: groups.values(as: Int32.self),
        count: groups.count
      )
      for (call, accumulator) in zip(calls, accumulators) where call.distinctSet == set {
        try accumulator.update(groups: rowGroups, arguments: arguments)
      }
    }
  }

  /// Evaluates all inputs over a batch.
  ///
  /// - Returns: the vectors, and for each input that is a condition the rows where it is true.
  func evaluate(_ batch: Batch) throws(SQLError) -> (vectors: [ColumnVector], rows: [Selection]) {
    var vectors: [ColumnVector] = []
    var selections: [Selection] = []
    for input in inputs {
      let rows = input.condition.map { selections[$0] } ?? .all(batch.rowCount)
      var errors = RowErrors()
      let vector = try input.expression.evaluate(batch, rows: rows, errors: &errors)
      if !errors.isEmpty { try errors.raise(for: rows) }
      vectors.append(vector)
      selections.append(
        input.expression.type == .boolean ? rows.intersection(whereTrue: vector) : rows
      )
    }
    observe(vectors, selections, rowCount: batch.rowCount)
    return (vectors, selections)
  }

  private func observe(_ vectors: [ColumnVector], _ selections: [Selection], rowCount: Int) {
    guard let observer else { return }
    for call in calls {
      observer.observe(
        ObservedCall(
          function: call.function,
          place: .aggregate(isGrouped: !keys.isEmpty),
          arguments: rowCount == 0 ? [] : call.arguments.map { vectors[$0] },
          areConstant: call.arguments.map { inputs[$0].expression is ConstantExpression },
          rows: rowCount == 0 ? .all(0) : call.condition.map { selections[$0] } ?? .all(rowCount)
        )
      )
    }
  }
}
