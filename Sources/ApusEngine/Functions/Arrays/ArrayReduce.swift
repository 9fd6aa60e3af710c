import ApusPlanner
import ApusValues
import ApusVectors

/// `reduce(array, start, (state, x) -> …, state -> …)`: folds an array from its first element on.
///
/// All rows take their first step together, then those that have a second element their second, and
/// so on: each step is one evaluation of the lambda.
enum ArrayReduce: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("reduce(ARRAY[5, 20, 50], 0, (s, x) -> s + x, s -> s)", "75"),
      FunctionExample(
        "reduce(ARRAY[1, 2, 3], 1, (s, x) -> s * x, s -> 'product ' || CAST(s AS VARCHAR))",
        "product 6"
      ),
    ]
  }

  static let overloads: [ScalarOverload] = [
    ScalarOverload(
      FunctionSignature(
        "reduce",
        [
          .array(.same(0)), .same(1), .function([.same(1), .same(0)], .same(1)),
          .function([.same(1)], .same(2)),
        ],
        returns: .pattern(.same(2)),
        summary: """
          Folds an array into a state, element by element, and makes the result of the last.
          """
      )
    ) { call throws(SQLError) in
      let step = try call.lambda(2)
      let output = try call.lambda(3)
      let element = try call.elementType(0)
      let type = call.function.returnType
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let captured = arguments[4...]
        let selected = rows.filter { !arguments[0].isNull($0) }
        let parts = arguments[0].arrayElements(element, rows: selected)
        var active: [Int32] = []
        selected.visit { active.append(Int32(truncatingIfNeeded: $0)) }
        var states = active.withUnsafeBufferPointer { arguments[1].gather($0) }
        // Rows that are through, with their states.
        var finished: [Int32] = []
        var results: [ColumnVector] = []
        var stepErrors = RowErrors()
        var failed: Set<Int> = []
        var position = 0
        while !active.isEmpty {
          let isThrough = active.map { parts.range(Int($0)).count <= position }
          if isThrough.contains(true) {
            let (ended, going) = split(isThrough)
            results.append(ended.withUnsafeBufferPointer { states.gather($0) })
            finished += ended.map { active[Int($0)] }
            states = going.withUnsafeBufferPointer { states.gather($0) }
            active = going.map { active[Int($0)] }
            if active.isEmpty { break }
          }
          let elements = active.map {
            Int32(truncatingIfNeeded: parts.range(Int($0)).lowerBound + position)
          }
          var newErrors = RowErrors()
          states = try step.evaluate(
            [states, elements.withUnsafeBufferPointer { parts.elements.gather($0) }],
            captured: captured,
            rows: active,
            errors: &newErrors
          )
          // The first error of a row is its error, whatever comes of a state that is none.
          newErrors.filter { row, _ in failed.insert(row).inserted }
          stepErrors.append(newErrors)
          position += 1
        }
        errors.append(stepErrors)
        let all = ColumnVector.concatenated(
          results.isEmpty ? [states] : results,
          type: arguments[1].type
        )
        var outputErrors = RowErrors()
        let values = try output.evaluate(
          [all],
          captured: captured,
          rows: finished,
          errors: &outputErrors
        )
        outputErrors.filter { row, _ in !failed.contains(row) }
        errors.append(outputErrors)
        var places = [Int32](repeating: -1, count: rows.rowCount)
        for (place, row) in finished.enumerated() {
          places[Int(row)] = Int32(truncatingIfNeeded: place)
        }
        if finished.isEmpty { return .nulls(type, count: rows.rowCount) }
        return places.withUnsafeBufferPointer { values.gather($0, mayBeNegative: true) }
      }
    }
  ]

  /// The positions where a flag is set, and those where it is not.
  private static func split(_ flags: [Bool]) -> (set: [Int32], unset: [Int32]) {
    var set: [Int32] = []
    var unset: [Int32] = []
    for (position, flag) in flags.enumerated() {
      if flag {
        set.append(Int32(truncatingIfNeeded: position))
      } else {
        unset.append(Int32(truncatingIfNeeded: position))
      }
    }
    return (set, unset)
  }
}
