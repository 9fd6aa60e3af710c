import ApusPlanner
import ApusValues
import ApusVectors

/// `array_first(array)` and `array_last(array)`: NULL for an empty array; `array_first(array, x -> …)`:
/// the first element for which the lambda is true, which is not asked any further.
enum ArrayEnds: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("array_first(ARRAY[1, 2, 3])", "1"),
      FunctionExample("array_first(ARRAY[1, 2, 3], x -> x > 1)", "2"),
      FunctionExample("array_last(ARRAY[1, 2, 3])", "3"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    end("array_first", "Returns the first element of an array, NULL if it is empty.") {
      $0.lowerBound
    },
    end("array_last", "Returns the last element of an array, NULL if it is empty.") {
      $0.upperBound - 1
    },
    ScalarOverload(
      FunctionSignature(
        "array_first",
        [.array(.same(0)), .function([.same(0)], .type(.boolean))],
        returns: .pattern(.same(0)),
        summary: "Returns the first element for which a lambda is true, NULL if there is none."
      )
    ) { call throws(SQLError) in
      let lambda = try call.lambda(1)
      let element = try call.elementType(0)
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let parts = arguments[0].arrayElements(element, rows: rows)
        let owners = parts.rows
        let (results, elementErrors) = try lambda.evaluate(
          [parts.elements],
          captured: arguments[2...],
          rows: owners
        )
        let wanted = Selection.all(parts.elements.count).intersection(whereTrue: results)
        var places = [Int32](repeating: -1, count: rows.rowCount)
        wanted.visit { position in
          let row = Int(owners[position])
          if places[row] < 0 { places[row] = Int32(truncatingIfNeeded: position) }
        }
        for (position, error) in elementErrors.entries {
          let row = Int(owners[position])
          if places[row] < 0 || position < Int(places[row]) { errors.record(error, row: row) }
        }
        return places.withUnsafeBufferPointer { parts.elements.gather($0, mayBeNegative: true) }
      }
    },
  ]

  /// - Parameter position: tells the position of the element in a range that is not empty.
  private static func end(
    _ name: String,
    _ summary: String,
    _ position: @escaping @Sendable (Range<Int>) -> Int
  ) -> ScalarOverload {
    ScalarOverload(
      FunctionSignature(name, [.array(.same(0))], returns: .pattern(.same(0)), summary: summary)
    ) { call throws(SQLError) in
      let element = try call.elementType(0)
      return BatchEvaluator { arguments, rows, _ throws(SQLError) in
        let parts = arguments[0].arrayElements(element, rows: rows)
        let places = (0..<rows.rowCount).map { row -> Int32 in
          let range = parts.range(row)
          return range.isEmpty ? -1 : Int32(truncatingIfNeeded: position(range))
        }
        return places.withUnsafeBufferPointer { parts.elements.gather($0, mayBeNegative: true) }
      }
    }
  }
}
