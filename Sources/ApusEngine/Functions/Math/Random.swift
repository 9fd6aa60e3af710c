import ApusPlanner
import ApusValues
import ApusVectors

/// `random()`, `random(n)`, `random(m, n)`, also called `rand`: another number for every row.
enum Random: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("random() < 1", "true"),
      FunctionExample("random(10, 20) BETWEEN 10 AND 19", "true"),
      FunctionExample("rand(6) + 1 BETWEEN 1 AND 6", "true"),
    ]
  }

  static let overloads: [ScalarOverload] = ["rand", "random"].flatMap { name in
    [
      ScalarOverload(signature(name, 0, .double)) { _ throws(SQLError) in
        BatchEvaluator { _, rows, _ throws(SQLError) in
          let builder = VectorBuilder(type: .double, capacity: rows.rowCount)
          let output = builder.values(as: Double.self)
          for row in 0..<rows.rowCount { output[row] = Double.random(in: 0..<1) }
          return builder.finish(count: rows.rowCount)
        }
      }
    ] + integers(name, .tinyint, Int8.self) + integers(name, .smallint, Int16.self)
      + integers(name, .integer, Int32.self) + integers(name, .bigint, Int64.self)
  }

  private static func integers<Element: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ name: String,
    _ type: SQLType,
    _ element: Element.Type
  ) -> [ScalarOverload] {
    [
      integer(name, 1, type) { (bounds: [Element]) in 0..<bounds[0] },
      integer(name, 2, type) { (bounds: [Element]) in bounds[0]..<bounds[1] },
    ]
  }

  private static func signature(_ name: String, _ count: Int, _ type: SQLType) -> FunctionSignature
  {
    FunctionSignature(
      name,
      Array(repeating: .type(type), count: count),
      returns: .type(type),
      isDeterministic: false,
      summary:
        "Returns a random number: from 0 to below 1, from 0 to below n, or from m to below n."
    )
  }

  /// - Parameter range: makes the range of bounds that are known to ascend.
  private static func integer<Element: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ name: String,
    _ count: Int,
    _ type: SQLType,
    _ range: @escaping @Sendable ([Element]) -> Range<Element>
  ) -> ScalarOverload {
    ScalarOverload(signature(name, count, type)) { call throws(SQLError) in
      let place = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let count = rows.rowCount
        // Constants would be computed once for all rows.
        let flat = arguments.map { $0.flattened() }
        defer { extendLifetime(flat) }
        if count == 0 { return .nulls(type, count: 0) }
        let bounds = flat.map { $0.operand(as: Element.self) }
        return mapRows(flat, to: type, rows: rows, range: place, errors: &errors) {
          (row: Int) throws(SQLError) -> Element? in
          let values = bounds.map { $0[row] }
          guard values.count == 1 ? values[0] > 0 : values[1] > values[0] else {
            throw invalidArgument(
              values.count == 1
                ? "bound must be positive" : "start value must be less than stop value"
            )
          }
          return Element.random(in: range(values))
        }
      }
    }
  }
}
