import ApusPlanner
import ApusValues
import ApusVectors

/// `value_at_quantile(digest, quantile)`: the value below which that part of all values lies.
///
///     value_at_quantile(qdigest_agg(x), 0.5) FROM (VALUES 1, 2, 7) AS t (x)  →  2
enum ValueAtQuantile: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        """
        SELECT value_at_quantile(qdigest_agg(x), 0.5)
        FROM (VALUES 1, 2, 3, 4, 5) AS t(x)
        """,
        "3"
      )
    ]
  }

  static let overloads = [
    overload(.quantileDigest(.bigint)) { (digest: QuantileDigest, quantiles) throws(SQLError) in
      try digest.values(at: quantiles)
    },
    overload(.quantileDigest(.double)) { (digest: QuantileDigest, quantiles) throws(SQLError) in
      try digest.values(at: quantiles).map(QuantileDigest.double)
    },
    overload(.quantileDigest(.real)) { (digest: QuantileDigest, quantiles) throws(SQLError) in
      try digest.values(at: quantiles).map(QuantileDigest.real)
    },
    overload(.tDigest) { (digest: TDigestSketch, quantiles) throws(SQLError) in
      try digest.checkedValues(at: quantiles)
    },
  ]

  private static func overload<State: Sketch, Output: Sendable>(
    _ type: SQLType,
    _ values: @escaping @Sendable (State, [Double]) throws(SQLError) -> [Output]
  ) -> ScalarOverload {
    .rows(
      FunctionSignature(
        "value_at_quantile",
        [.type(type), .type(.double)],
        returns: .type(type.digestedType),
        summary: "Returns the value below which a part (0 to 1) of all values lies."
      )
    ) { arguments in
      var column = SketchColumn<State>(arguments[0])
      let quantiles = arguments[1].doubles
      return { row throws(SQLError) -> Output? in
        try values(try column.sketch(row), [quantiles[row]]).first
      }
    }
  }
}

/// `values_at_quantiles(digest, quantiles)`: for each quantile the value below which that part of all
/// values lies.
///
///     values_at_quantiles(qdigest_agg(x), ARRAY[0, 0.5, 1]) FROM (VALUES 1, 2, 7) AS t (x)  →  [1, 2, 7]
enum ValuesAtQuantiles: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        """
        SELECT values_at_quantiles(qdigest_agg(x), ARRAY[0.1, 0.9])
        FROM (VALUES 1, 2, 3, 4, 5) AS t(x)
        """,
        "[1, 5]"
      )
    ]
  }

  static let overloads = [
    overload(.quantileDigest(.bigint)) { (digest: QuantileDigest, quantiles) throws(SQLError) in
      try digest.values(at: quantiles)
    },
    overload(.quantileDigest(.double)) { (digest: QuantileDigest, quantiles) throws(SQLError) in
      try digest.values(at: quantiles).map(QuantileDigest.double)
    },
    overload(.quantileDigest(.real)) { (digest: QuantileDigest, quantiles) throws(SQLError) in
      try digest.values(at: quantiles).map(QuantileDigest.real)
    },
    overload(.tDigest) { (digest: TDigestSketch, quantiles) throws(SQLError) in
      guard zip(quantiles, quantiles.dropFirst()).allSatisfy({ $0 <= $1 }) else {
        throw invalidArgument("percentiles must be sorted in increasing order")
      }
      return try digest.checkedValues(at: quantiles)
    },
  ]

  private static func overload<State: Sketch, Output: Sendable>(
    _ type: SQLType,
    _ values: @escaping @Sendable (State, [Double]) throws(SQLError) -> [Output]
  ) -> ScalarOverload {
    let element = type.digestedType
    return ScalarOverload(
      FunctionSignature(
        "values_at_quantiles",
        [.type(type), .type(.array(.double))],
        returns: .type(.array(element)),
        summary: "Returns the values below which parts (0 to 1) of all values lie."
      )
    ) { call throws(SQLError) in
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let digests = arguments[0].decoded
        let parts = arguments[1].arrayElements(.double, rows: rows)
        defer { extendLifetime((digests, parts)) }
        var column = SketchColumn<State>(digests)
        let quantiles = parts.elements.doubles
        let builder = VectorBuilder(type: element, capacity: parts.elements.count)
        builder.zeroValues()
        let output = builder.values(as: Output.self)
        var isValid = [UInt8](repeating: 0, count: rows.rowCount)
        rows.visit { row in
          if digests.isNull(row) || arguments[1].isNull(row) { return }
          do throws(SQLError) {
            let places = parts.range(row)
            // To Trino a NULL among them is 0.
            let asked = places.map { parts.elements.isNull($0) ? 0 : quantiles[$0] }
            let found = try values(try column.sketch(row), asked)
            for (place, value) in zip(places, found) { output[place] = value }
            isValid[row] = 1
          } catch {
            errors.record(error.located(at: range), row: row)
          }
        }
        return .arrays(
          ArrayElements(ends: parts.ends, elements: builder.finish(count: parts.elements.count)),
          type: .array(element),
          validity: isValid
        )
      }
    }
  }
}

extension SQLType {
  /// The type of the values that a digest summarizes.
  fileprivate var digestedType: SQLType {
    if case .quantileDigest(let value) = self { value } else { .double }
  }
}

extension QuantileDigest {
  /// - Throws: INVALID_FUNCTION_ARGUMENT for a quantile outside of 0...1.
  fileprivate func values(at quantiles: [Double]) throws(SQLError) -> [Int64] {
    guard quantiles.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
      throw invalidArgument("quantile must be between [0,1]")
    }
    return quantiles.map { value(at: $0) }
  }
}

extension TDigestSketch {
  /// - Throws: INVALID_FUNCTION_ARGUMENT for a quantile outside of 0...1.
  fileprivate func checkedValues(at quantiles: [Double]) throws(SQLError) -> [Double] {
    if quantiles.contains(where: { $0 < 0 || $0 > 1 }) {
      throw invalidArgument("quantiles should be in [0, 1] range")
    }
    return values(at: quantiles)
  }
}
