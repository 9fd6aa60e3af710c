import ApusPlanner
import ApusValues
import ApusVectors

/// `width_bucket(x, bound1, bound2, n)`, `width_bucket(x, bins)`.
enum WidthBucket: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("width_bucket(5.3, 0, 10, 5)", "3"),
      FunctionExample("width_bucket(11, 0, 10, 5)", "6"),
      FunctionExample("width_bucket(15, ARRAY[0, 10, 20])", "2"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .rows(
      FunctionSignature(
        "width_bucket",
        [.type(.double), .type(.double), .type(.double), .type(.bigint)],
        returns: .type(.bigint),
        summary: """
          Returns the number of the bucket, from 1, of n equal ones between two bounds; 0 or n + \
          1 beyond.
          """
      )
    ) { arguments in
      let x = arguments[0].doubles
      let low = arguments[1].doubles
      let high = arguments[2].doubles
      let count = arguments[3].bigints
      return { row throws(SQLError) -> Int64? in
        try bucket(x[row], low[row], high[row], count[row])
      }
    },
    ScalarOverload(
      FunctionSignature(
        "width_bucket",
        [.type(.double), .array(.type(.double))],
        returns: .type(.bigint),
        summary: """
          Returns the number of the bucket, from 1, that begins at a bin of an array; 0 before \
          the first.
          """
      )
    ) { call throws(SQLError) in
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let x = arguments[0].doubles
        let bins = arguments[1].arrayElements(.double, rows: rows)
        let elements = bins.elements
        let starts = elements.doubles
        // Flat, so that each row is asked for.
        let arrays = arguments[1].flattened()
        defer { extendLifetime((elements, arrays)) }
        return mapRows(
          [arguments[0], arrays],
          to: .bigint,
          rows: rows,
          range: range,
          errors: &errors
        ) { (row: Int) throws(SQLError) -> Int64? in
          try bucket(x[row], bins.range(row)) { starts.isNull($0) ? 0 : starts[$0] }
        }
      }
    },
  ]

  /// - Parameter start: gives what is at a position in the range of the bins.
  private static func bucket(_ x: Double, _ bins: Range<Int>, _ start: (Int) -> Double)
    throws(SQLError) -> Int64
  {
    guard !bins.isEmpty else { throw invalidArgument("Bins cannot be an empty array") }
    guard !x.isNaN else { throw invalidArgument("Operand cannot be NaN") }
    var (lower, upper) = (bins.lowerBound, bins.upperBound)
    while lower < upper {
      guard start(lower) <= start(upper - 1) else {
        throw invalidArgument("Bin values are not sorted in ascending order")
      }
      let index = (lower + upper) / 2
      let bin = start(index)
      guard bin.isFinite else {
        throw invalidArgument(
          "Bin value must be finite, got \(Value.double(bin).text(as: .double) ?? "")"
        )
      }
      if x < bin { upper = index } else { lower = index + 1 }
    }
    return Int64(lower - bins.lowerBound)
  }

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
