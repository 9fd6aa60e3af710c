import ApusPlanner
import ApusValues
import ApusVectors

/// `ngrams(array, n)`, `combinations(array, n)`: arrays of arrays of an array's elements; and
/// `contains_sequence(array, part)`.
enum SubArrays: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("contains_sequence(ARRAY[1, 2, 3], ARRAY[2, 3])", "true"),
      FunctionExample("combinations(ARRAY['a', 'b', 'c'], 2)", "[[a, b], [a, c], [b, c]]"),
      FunctionExample("ngrams(ARRAY['to', 'be', 'or'], 2)", "[[to, be], [be, or]]"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    nested("ngrams", "Returns the arrays of n neighbouring elements.") {
      (range, count, output) throws(SQLError) in
      guard count > 0 else { throw invalidArgument("N must be positive") }
      if range.count <= count {
        output.append(range.map { Int32(truncatingIfNeeded: $0) })
        return
      }
      for start in range.lowerBound...(range.upperBound - Int(count)) {
        output.append((start..<(start + Int(count))).map { Int32(truncatingIfNeeded: $0) })
      }
    },
    nested("combinations", "Returns all ways to choose n elements, at most 5, each as an array.") {
      (range, count, output) throws(SQLError) in
      guard (0...5).contains(count) else {
        throw invalidArgument(
          count < 0
            ? "combination size must not be negative: \(count)"
            : "combination size must not exceed 5: \(count)"
        )
      }
      try combine(range, Int(count), &output)
    },
    ScalarOverload(
      FunctionSignature(
        "contains_sequence",
        [.array(.same(0)), .array(.same(0))],
        returns: .type(.boolean),
        summary: "Returns whether an array has the elements of another one after the other."
      )
    ) { call throws(SQLError) in
      let element = try call.elementType(0)
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let picked = PickedElements(Array(arguments.prefix(2)), element, rows: rows)
        let codes = try picked.codes()
        return mapRows(arguments, to: .boolean, rows: rows, range: nil, errors: &errors) {
          (row: Int) throws(SQLError) -> UInt8? in
          let all = codes[picked.range(0, row)]
          let part = codes[picked.range(1, row)]
          if part.isEmpty { return 1 }
          if part.count > all.count { return 0 }
          let starts = all.startIndex...(all.endIndex - part.count)
          return bit(starts.contains { all[$0..<($0 + part.count)].elementsEqual(part) })
        }
      }
    },
  ]

  private static let greatestCombinationCount = 100_000

  /// - Parameter fill: appends the arrays of one row, as positions of elements.
  private static func nested(
    _ name: String,
    _ summary: String,
    _ fill:
      @escaping @Sendable (_ range: Range<Int>, _ count: Int64, _ output: inout [[Int32]])
      throws(SQLError) -> Void
  ) -> ScalarOverload {
    ScalarOverload(
      FunctionSignature(
        name,
        [.array(.same(0)), .type(.bigint)],
        returns: .pattern(.array(.array(.same(0)))),
        summary: summary
      )
    ) { call throws(SQLError) in
      let element = try call.elementType(0)
      let type = call.function.returnType
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let parts = arguments[0].arrayElements(element, rows: rows)
        let counts = arguments[1].bigints
        var lists: [[Int32]] = []
        var ends = [Int32](repeating: 0, count: rows.rowCount)
        var isValid = [UInt8](repeating: 0, count: rows.rowCount)
        let wanted = rows.filter { !arguments[0].isNull($0) && !counts.isNull($0) }
        wanted.visit { row in isValid[row] = 1 }
        for row in 0..<rows.rowCount {
          if isValid[row] != 0 {
            let before = lists.count
            do throws(SQLError) {
              try fill(parts.range(row), counts[row], &lists)
            } catch {
              lists.removeLast(lists.count - before)
              isValid[row] = 0
              errors.record(error.located(at: range), row: row)
            }
          }
          ends[row] = Int32(truncatingIfNeeded: lists.count)
        }
        var end = 0
        let innerEnds = lists.map { list in
          end += list.count
          return Int32(truncatingIfNeeded: end)
        }
        let elements = Array(lists.joined()).withUnsafeBufferPointer { parts.elements.gather($0) }
        let inner = ColumnVector.arrays(
          ArrayElements(ends: innerEnds, elements: elements),
          type: .array(element)
        )
        return .arrays(ArrayElements(ends: ends, elements: inner), type: type, validity: isValid)
      }
    }
  }

  /// Appends all choices of `count` positions, the last position growing slowest (Trino's order).
  private static func combine(_ range: Range<Int>, _ count: Int, _ output: inout [[Int32]])
    throws(SQLError)
  {
    if count == 0 {
      output.append([])
      return
    }
    guard count <= range.count else { return }
    var chosen = Array(0..<count)
    var made = 0
    while true {
      guard made < greatestCombinationCount else {
        throw invalidArgument("combinations exceed max size")
      }
      output.append(chosen.map { Int32(truncatingIfNeeded: range.lowerBound + $0) })
      made += 1
      // The first position that can move on without meeting the next one.
      var place = 0
      while place < count,
        chosen[place] + 1 == (place + 1 < count ? chosen[place + 1] : range.count)
      {
        place += 1
      }
      if place == count { return }
      chosen[place] += 1
      for index in 0..<place { chosen[index] = index }
    }
  }
}
