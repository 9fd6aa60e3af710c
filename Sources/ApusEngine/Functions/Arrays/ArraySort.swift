import ApusPlanner
import ApusValues
import ApusVectors

/// `array_sort(array)`, NULLs last, and `array_sort(array, (x, y) -> …)` with a lambda that gives -1, 0
/// or 1.
///
/// With a lambda, arrays are merged from the bottom up: in each step every pair of runs of all rows
/// compares its two next elements, all in one evaluation.
enum ArraySort: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("array_sort(ARRAY[3, NULL, 1])", "[1, 3, null]"),
      FunctionExample(
        "array_sort(ARRAY[3, 1, 2], (x, y) -> IF(x < y, 1, IF(x = y, 0, -1)))",
        "[3, 2, 1]"
      ),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .picking(
      "array_sort",
      [.array(.same(0))],
      summary: "Returns the elements of an array in ascending order, NULLs last."
    ) { picked, _ throws(SQLError) in
      let type = picked.elements.type
      guard type.isOrderable else { throw .notSupported("array_sort of \(type)") }
      let order = SortOrder(type: type, isAscending: true, nullsFirst: false)
      let comparator = RowComparator([order], keys: [picked.elements])
      return { row, output throws(SQLError) in
        let sorted = picked.range(0, row).sorted { comparator.compare($0, $1) < 0 }
        output += sorted.map { Int32(truncatingIfNeeded: $0) }
      }
    },
    ScalarOverload(
      FunctionSignature(
        "array_sort",
        [.array(.same(0)), .function([.same(0), .same(0)], .type(.integer))],
        returns: .pattern(.array(.same(0))),
        summary: "Returns the elements in the order of a lambda that compares two: -1, 0 or 1."
      )
    ) { call throws(SQLError) in
      let lambda = try call.lambda(1)
      let element = try call.elementType(0)
      let type = call.function.returnType
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let parts = arguments[0].arrayElements(element, rows: rows)
        var sorting = LambdaSort(parts)
        var isValid = validity(of: arguments[0]) ?? Array(repeating: 1, count: rows.rowCount)
        while let pairs = sorting.nextPairs() {
          let left = pairs.left.withUnsafeBufferPointer { parts.elements.gather($0) }
          let right = pairs.right.withUnsafeBufferPointer { parts.elements.gather($0) }
          let results = try lambda.evaluate(
            [left, right],
            captured: arguments[2...],
            rows: pairs.rows,
            errors: &errors
          ).decoded
          defer { extendLifetime(results) }
          let order = results.operand(as: Int32.self)
          let takesRight = pairs.rows.indices.map { !order.isNull($0) && order[$0] > 0 }
          for (index, row) in pairs.rows.enumerated()
          where order.isNull(index) || !(-1...1).contains(order[index]) {
            errors.record(
              invalidArgument("Lambda comparator must return either -1, 0, or 1")
                .located(at: call.range),
              row: Int(row)
            )
            isValid[Int(row)] = 0
          }
          sorting.take(takesRight)
        }
        let sorted = sorting.order.withUnsafeBufferPointer { parts.elements.gather($0) }
        return .arrays(
          ArrayElements(ends: parts.ends, elements: sorted),
          type: type,
          validity: isValid
        )
      }
    },
  ]
}

/// A merge sort of many arrays at once that is told the outcome of each comparison.
private struct LambdaSort {
  /// Two neighbouring runs of one row that are being merged.
  private struct Merge {
    let row: Int32
    var left: Range<Int>
    var right: Range<Int>
    /// Where the next element goes.
    var output: Int
  }

  /// The positions of the elements, in the order so far.
  private(set) var order: [Int32]
  private let ranges: [Range<Int>]
  private var merged: [Int32]
  private var width = 1
  private var merges: [Merge] = []

  init(_ parts: ArrayElements) {
    order = (0..<Int32(truncatingIfNeeded: parts.elements.count)).map { $0 }
    merged = order
    ranges = parts.ends.indices.map { parts.range($0) }
    beginPass()
  }

  private mutating func beginPass() {
    merges = []
    for (row, range) in ranges.enumerated() where range.count > width {
      for start in stride(from: range.lowerBound, to: range.upperBound, by: 2 * width) {
        let middle = min(start + width, range.upperBound)
        let end = min(middle + width, range.upperBound)
        if middle < end {
          merges.append(
            Merge(
              row: Int32(truncatingIfNeeded: row),
              left: start..<middle,
              right: middle..<end,
              output: start
            )
          )
        }
      }
    }
  }

  /// The next elements of all runs that are being merged; nil when all is in order.
  mutating func nextPairs() -> (left: [Int32], right: [Int32], rows: [Int32])? {
    while merges.isEmpty {
      width *= 2
      if !ranges.contains(where: { $0.count > width }) { return nil }
      merged = order
      beginPass()
    }
    return (
      merges.map { order[$0.left.lowerBound] }, merges.map { order[$0.right.lowerBound] },
      merges.map(\.row)
    )
  }

  /// Moves on: for each pair whether the right element comes first.
  mutating func take(_ takesRight: [Bool]) {
    var going: [Merge] = []
    for (var merge, isRight) in zip(merges, takesRight) {
      if isRight {
        merged[merge.output] = order[merge.right.lowerBound]
        merge.right = merge.right.dropFirst()
      } else {
        merged[merge.output] = order[merge.left.lowerBound]
        merge.left = merge.left.dropFirst()
      }
      merge.output += 1
      if merge.left.isEmpty || merge.right.isEmpty {
        for position in merge.left.isEmpty ? merge.right : merge.left {
          merged[merge.output] = order[position]
          merge.output += 1
        }
      } else {
        going.append(merge)
      }
    }
    merges = going
    if going.isEmpty { order = merged }
  }
}
