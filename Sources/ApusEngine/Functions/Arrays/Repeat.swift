import ApusPlanner
import ApusValues
import ApusVectors

/// `repeat(element, count)`: an array of one value several times.
enum Repeat: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("repeat('x', 3)", "[x, x, x]")
    ]
  }

  private static let greatestCount: Int64 = 10_000

  static let overloads: [ScalarOverload] = [
    ScalarOverload(
      FunctionSignature(
        "repeat",
        [.same(0), .type(.bigint)],
        returns: .pattern(.array(.same(0))),
        summary: "Returns an array of one value n times."
      )
    ) { call throws(SQLError) in
      let type = call.function.returnType
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let counts = arguments[1].bigints
        var positions: [Int32] = []
        var ends = [Int32](repeating: 0, count: rows.rowCount)
        var isValid = [UInt8](repeating: 0, count: rows.rowCount)
        let wanted = rows.filter { !counts.isNull($0) }
        wanted.visit { row in isValid[row] = 1 }
        for row in 0..<rows.rowCount {
          if isValid[row] != 0 {
            let count = counts[row]
            if count < 0 || count > greatestCount {
              let bound = count < 0 ? "greater than or equal to 0" : "less than or equal to 10000"
              errors.record(
                invalidArgument("count argument of repeat function must be \(bound)")
                  .located(at: range),
                row: row
              )
              isValid[row] = 0
            } else if count > 0 {
              positions += repeatElement(Int32(truncatingIfNeeded: row), count: Int(count))
            }
          }
          ends[row] = Int32(truncatingIfNeeded: positions.count)
        }
        let elements = positions.withUnsafeBufferPointer { arguments[0].gather($0) }
        return .arrays(ArrayElements(ends: ends, elements: elements), type: type, validity: isValid)
      }
    }
  ]
}
