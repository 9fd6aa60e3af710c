import ApusPlanner
import ApusValues
import ApusVectors

/// `covar_samp(y, x)`, `covar_pop(y, x)`, `corr(y, x)`, `regr_slope(y, x)`, `regr_intercept(y, x)`.
enum Covariance: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("SELECT corr(y, x) FROM (VALUES (1, 2), (2, 4), (3, 6)) AS t(x, y)", "1.0"),
      FunctionExample(
        """
        SELECT covar_pop(y, x)
        FROM (VALUES (1, 2), (2, 4), (3, 6)) AS t(x, y)
        """,
        "1.3333333333333333"
      ),
      FunctionExample(
        """
        SELECT covar_samp(y, x)
        FROM (VALUES (1, 2), (2, 4), (3, 6)) AS t(x, y)
        """,
        "2.0"
      ),
      FunctionExample(
        """
        SELECT regr_slope(y, x)
        FROM (VALUES (1, 3), (2, 5), (3, 7)) AS t(x, y)
        """,
        "2.0"
      ),
      FunctionExample(
        """
        SELECT regr_intercept(y, x)
        FROM (VALUES (1, 3), (2, 5), (3, 7)) AS t(x, y)
        """,
        "1.0"
      ),
    ]
  }

  static let overloads: [AggregateOverload] = [
    overload("covar_samp", .sample, "sample covariance of pairs of values; NULL of fewer than two"),
    overload("covar_pop", .population, "population covariance of pairs of values"),
    overload("corr", .correlation, "correlation of pairs of values, -1 to 1"),
    overload("regr_slope", .slope, "slope of the regression line of y, the first argument, over x"),
    overload(
      "regr_intercept",
      .intercept,
      "intercept of the regression line of y, the first argument, over x"
    ),
  ]

  private static func overload(
    _ name: String,
    _ kind: CovarianceAccumulator.Kind,
    _ what: String
  ) -> AggregateOverload {
    AggregateOverload(
      FunctionSignature(
        name,
        kind: .aggregate,
        [.type(.double), .type(.double)],
        returns: .type(.double),
        summary: "Returns the \(what)."
      )
    ) { _ throws(SQLError) in CovarianceAccumulator(kind) }
  }
}

/// Means, squared distances and products of distances of pairs, added and merged as for the
/// variance. A pair with a NULL does not count.
final class CovarianceAccumulator: Accumulator {
  enum Kind {
    case sample
    case population
    case correlation
    case slope
    case intercept
  }

  private struct State {
    var count: Double = 0
    var meanY: Double = 0
    var meanX: Double = 0
    var squaresY: Double = 0
    var squaresX: Double = 0
    var products: Double = 0

    mutating func add(_ y: Double, _ x: Double) {
      count += 1
      let distanceY = y - meanY
      let distanceX = x - meanX
      meanY += distanceY / count
      meanX += distanceX / count
      squaresY += distanceY * (y - meanY)
      squaresX += distanceX * (x - meanX)
      products += distanceY * (x - meanX)
    }

    mutating func add(_ other: State) {
      if other.count == 0 { return }
      let total = count + other.count
      let weight = count * other.count / total
      let distanceY = other.meanY - meanY
      let distanceX = other.meanX - meanX
      squaresY += other.squaresY + distanceY * distanceY * weight
      squaresX += other.squaresX + distanceX * distanceX * weight
      products += other.products + distanceY * distanceX * weight
      meanY += distanceY * other.count / total
      meanX += distanceX * other.count / total
      count = total
    }
  }

  private let kind: Kind
  private var states: [State] = []

  init(_ kind: Kind) { self.kind = kind }

  func resize(groupCount: Int) { states.grow(to: groupCount, with: State()) }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) throws(SQLError) {
    let first = arguments[0].decoded
    let second = arguments[1].decoded
    defer { extendLifetime((first, second)) }
    let y = first.operand(as: Double.self)
    let x = second.operand(as: Double.self)
    states.withUnsafeMutableBufferPointer { states in
      GroupedRows(groups).visit(nonNullsOf: first) { group, row in
        if !x.isNull(row) { states[group].add(y[row], x[row]) }
      }
    }
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) throws(SQLError) {
    let other = try sameKind(other, as: CovarianceAccumulator.self)
    for (group, target) in mapping { states[target].add(other.states[group]) }
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    let builder = VectorBuilder(type: .double, capacity: range.count)
    let output = builder.values(as: Double.self)
    for (row, group) in range.enumerated() {
      if let value = result(states[group]) { output[row] = value } else { builder.setNull(row) }
    }
    return builder.finish(count: range.count)
  }

  private func result(_ state: State) -> Double? {
    switch kind {
    case .sample: return state.count > 1 ? state.products / (state.count - 1) : nil
    case .population: return state.count > 0 ? state.products / state.count : nil
    case .correlation:
      let divisor = (state.squaresY * state.squaresX).squareRoot()
      return state.count > 0 && divisor > 0 ? state.products / divisor : nil
    case .slope:
      return state.count > 0 && state.squaresX > 0 ? state.products / state.squaresX : nil
    case .intercept:
      guard state.count > 0, state.squaresX > 0 else { return nil }
      return state.meanY - state.products / state.squaresX * state.meanX
    }
  }

  var byteCount: Int { states.capacity * MemoryLayout<State>.stride }
}
