import ApusPlanner
import ApusValues
import ApusVectors

/// `reduce_agg(x, start, (state, x) -> …, (state, other) -> …)`: folds the values that are not NULL.
enum ReduceAggregate: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        """
        SELECT reduce_agg(x, 1, (s, x) -> s * x, (s, t) -> s * t)
        FROM (VALUES 2, 3, 4) AS t(x)
        """,
        "24"
      )
    ]
  }

  static let overloads = [
    AggregateOverload(
      FunctionSignature(
        "reduce_agg",
        kind: .aggregate,
        [
          .same(0), .same(1), .function([.same(1), .same(0)], .same(1)),
          .function([.same(1), .same(1)], .same(1)),
        ],
        returns: .pattern(.same(1)),
        summary: "Folds all values into a state: one lambda adds a value, another adds up states."
      ),
      isOrderSensitive: true
    ) { function, lambdas throws(SQLError) in
      let type = function.returnType
      // As in Trino: states that are one machine word.
      guard lambdas.count == 2, !type.isNested, type.physicalType != .string,
        type.physicalType != .int128
      else {
        throw SQLError(.notSupported, "State type not supported for reduce_agg: \(type)")
      }
      return ReduceAccumulator(type, step: lambdas[0], combine: lambdas[1])
    }
  ]
}

/// A state per group that lambdas make.
///
/// A lambda is evaluated for many groups at once: first with the first row that a batch has of each,
/// then with the second, and so on.
final class ReduceAccumulator: Accumulator {
  private let type: SQLType
  private let step: CompiledLambda
  private let combine: CompiledLambda
  private let states: GroupValues
  /// How often each group has occurred in what is being added; zeros between calls.
  private var occurrences: [Int32] = []

  init(_ type: SQLType, step: CompiledLambda, combine: CompiledLambda) {
    self.type = type
    self.step = step
    self.combine = combine
    states = GroupValues(type: type)
  }

  func resize(groupCount: Int) {
    states.resize(to: groupCount)
    occurrences.grow(to: groupCount, with: 0)
  }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) throws(SQLError) {
    let start = arguments[1].decoded
    defer { extendLifetime(start) }
    var rows: [Int32] = []
    var targets: [Int32] = []
    for row in 0..<groups.count
    where groups[row] >= 0 && !arguments[0].isNull(row) && !start.isNull(row) {
      rows.append(Int32(truncatingIfNeeded: row))
      targets.append(groups[row])
      if !states.isKnown(Int(groups[row])) {
        states.set(Int(groups[row]), from: start, row: row)
      }
    }
    try fold(arguments[0], rows, into: targets, by: step)
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) throws(SQLError) {
    let other = try sameKind(other, as: ReduceAccumulator.self)
    var sources: [Int32] = []
    var targets: [Int32] = []
    for (group, target) in mapping where other.states.isKnown(group) {
      if states.isKnown(target) {
        sources.append(Int32(truncatingIfNeeded: group))
        targets.append(Int32(truncatingIfNeeded: target))
      } else {
        states.set(target, from: other.states, group: group)
      }
    }
    let values = other.states.vector(sources[...])
    try fold(
      values,
      sources.indices.map { Int32(truncatingIfNeeded: $0) },
      into: targets,
      by: combine
    )
  }

  /// Makes of each group's state and the values of its rows, one after the other, its new state.
  ///
  /// - Parameter targets: the group of each of the rows.
  private func fold(
    _ values: ColumnVector,
    _ rows: [Int32],
    into targets: [Int32],
    by lambda: CompiledLambda
  ) throws(SQLError) {
    for (rows, groups) in rounds(rows, targets) {
      var errors = RowErrors()
      let result = try lambda.evaluate(
        [states.vector(groups[...]), rows.withUnsafeBufferPointer { values.gather($0) }],
        captured: [],
        rows: rows.indices.map { Int32(truncatingIfNeeded: $0) },
        errors: &errors
      ).decoded
      defer { extendLifetime(result) }
      if !errors.isEmpty { try errors.raise(for: .all(rows.count)) }
      for (row, group) in groups.enumerated() {
        if result.isNull(row) {
          throw SQLError(.notSupported, "A lambda of reduce_agg must not return NULL")
        }
        states.set(Int(group), from: result, row: row)
      }
    }
  }

  /// Divides rows so that no group occurs twice in a part, those of a group in their order.
  private func rounds(_ rows: [Int32], _ targets: [Int32]) -> [(rows: [Int32], groups: [Int32])] {
    var rounds: [(rows: [Int32], groups: [Int32])] = []
    for (row, group) in zip(rows, targets) {
      let round = Int(occurrences[Int(group)])
      occurrences[Int(group)] += 1
      if round == rounds.count { rounds.append(([], [])) }
      rounds[round].rows.append(row)
      rounds[round].groups.append(group)
    }
    for group in targets { occurrences[Int(group)] = 0 }
    return rounds
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    states.vector(range, type: type)
  }

  var byteCount: Int { states.byteCount + occurrences.capacity * 4 }
}
