import ApusPlanner
import ApusValues
import ApusVectors

/// `qdigest_agg(x)`, `qdigest_agg(x, weight)`, `qdigest_agg(x, weight, error)`.
///
///     value_at_quantile(qdigest_agg(x), 0.5) FROM (VALUES 1, 2, 7) AS t (x)  →  2
enum QuantileDigestAggregate: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        """
        SELECT value_at_quantile(qdigest_agg(x), 0.5)
        FROM (VALUES 1, 2, 3, 4, 100) AS t(x)
        """,
        "3"
      )
    ]
  }

  static let overloads = [SQLType.bigint, .double, .real].flatMap { type in
    [
      overload(type, []),
      overload(type, [.type(.bigint)]),
      overload(type, [.type(.bigint), .type(.double)]),
    ]
  }

  private static func overload(_ type: SQLType, _ more: [FunctionSignature.Parameter])
    -> AggregateOverload
  {
    let result = SQLType.quantileDigest(type)
    return AggregateOverload(
      FunctionSignature(
        "qdigest_agg",
        kind: .aggregate,
        [.type(type)] + more,
        returns: .type(result),
        summary: "Returns the qdigest of all values, each of a weight (1), within an error (0.01)."
      )
    ) { _ throws(SQLError) in
      SketchAccumulator<QuantileDigest>(result) { (digests, rows, vectors) throws(SQLError) in
        let value = digestValue(vectors[0])
        let weights = vectors.count > 1 ? vectors[1].bigints : nil
        let errors = vectors.count > 2 ? vectors[2].doubles : nil
        try rows.visit(nonNullsOf: vectors) { (group, row) throws(SQLError) in
          let error = errors?[row] ?? QuantileDigest.standardError
          guard error > 0, error < 1 else {
            throw invalidArgument(
              "Percentile accuracy must be exclusively between 0 and 1, was \(javaText(error))"
            )
          }
          let weight = weights?[row] ?? 1
          guard weight > 0 else {
            throw invalidArgument("Percentile weight must be > 0, was \(weight)")
          }
          if digests[group] == nil { digests[group] = QuantileDigest(maximalError: error) }
          digests[group]?.add(value(row), weight: Double(weight))
        }
      }
    }
  }

  /// The integer that stands for the value of each row and orders as it does.
  private static func digestValue(_ vector: ColumnVector) -> (Int) -> Int64 {
    switch vector.type {
    case .double:
      let values = vector.doubles
      return { QuantileDigest.ordered(values[$0]) }
    case .real:
      let values = vector.operand(as: Float.self)
      return { QuantileDigest.ordered(values[$0]) }
    default:
      let values = vector.bigints
      return { values[$0] }
    }
  }
}

/// A number as Java prints it.
func javaText(_ value: Double) -> String { floatingPointText(value, shortest: value.description) }

// Floating-point numbers as integers in the same order: of negative ones all bits but the sign are
// turned over. NaN is above all.
extension QuantileDigest {
  static func ordered(_ value: Double) -> Int64 {
    let bits = Int64(bitPattern: (value.isNaN ? Double.nan : value).bitPattern)
    return bits ^ bits >> 63 & Int64.max
  }

  static func ordered(_ value: Float) -> Int64 {
    let bits = Int32(bitPattern: (value.isNaN ? Float.nan : value).bitPattern)
    return Int64(bits ^ bits >> 31 & Int32.max)
  }

  static func double(_ ordered: Int64) -> Double {
    Double(bitPattern: UInt64(bitPattern: ordered ^ ordered >> 63 & Int64.max))
  }

  static func real(_ ordered: Int64) -> Float {
    let bits = Int32(truncatingIfNeeded: ordered)
    return Float(bitPattern: UInt32(bitPattern: bits ^ bits >> 31 & Int32.max))
  }
}
