import ApusPlanner
import ApusValues
import ApusVectors

/// `width_bucket(x, bound1, bound2, n)`.
enum WidthBucket: ScalarFunction {
  static let overloads: [ScalarOverload] = [
    .rows(
      FunctionSignature(
        "width_bucket",
        [.type(.double), .type(.double), .type(.double), .type(.bigint)],
        returns: .type(.bigint),
        summary: "Returns the number of the bucket among n equal ones between two bounds."
      )
    ) { arguments in
      let x = arguments[0].doubles
      let low = arguments[1].doubles
      let high = arguments[2].doubles
      let count = arguments[3].bigints
      return { row throws(SQLError) -> Int64? in
        try bucket(x[row], low[row], high[row], count[row])
      }
    }
  ]

  private static func bucket(_ x: Double, _ first: Double, _ second: Double, _ count: Int64)
    throws(SQLError) -> Int64
  {
    guard count > 0 else { throw invalidArgument("bucketCount must be greater than 0") }
    guard !x.isNaN else { throw invalidArgument("operand must not be NaN") }
    guard first.isFinite else { throw invalidArgument("first bound must be finite") }
    guard second.isFinite else { throw invalidArgument("second bound must be finite") }
    guard first != second else { throw invalidArgument("bounds cannot equal each other") }
    let lower = min(first, second)
    let upper = max(first, second)
    var result: Int64
    if x < lower {
      result = 0
    } else if x >= upper {
      let (next, overflow) = count.addingReportingOverflow(1)
      if overflow {
        throw SQLError(.numericValueOutOfRange, "Bucket for value \(x) is out of range")
      }
      result = next
    } else {
      let position = Double(count) * (x - lower) / (upper - lower)
      result = (Int64(exactly: position.rounded(.down)) ?? count - 1) + 1
    }
    return first > second ? count - result + 1 : result
  }
}
