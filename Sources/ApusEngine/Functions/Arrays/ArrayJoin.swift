import ApusPlanner
import ApusValues
import ApusVectors

/// `array_join(array, delimiter[, nullReplacement])`: the elements as texts; NULLs are left out or
/// replaced.
enum ArrayJoin: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("array_join(ARRAY[1, NULL, 3], ', ')", "1, 3"),
      FunctionExample("array_join(ARRAY[1, NULL, 3], ', ', '?')", "1, ?, 3"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    overload([.array(.same(0)), .anyVarchar]),
    overload([.array(.same(0)), .anyVarchar, .anyVarchar]),
  ]

  private static func overload(_ parameters: [FunctionSignature.Parameter]) -> ScalarOverload {
    let nulls = parameters.count > 2 ? "a text for NULLs" : "NULLs left out"
    return ScalarOverload(
      FunctionSignature(
        "array_join",
        parameters,
        returns: .type(.text),
        summary: "Returns the elements as one text with a delimiter between them, \(nulls)."
      )
    ) { call throws(SQLError) in
      let element = try call.elementType(0)
      guard SQLType.isCastSupported(from: element, to: .text) else {
        throw SQLError(
          .invalidFunctionArgument,
          "Input type \(element) not supported",
          at: call.range
        )
      }
      let range = call.range
      let cast = try CastOperation(from: element, to: .text, range: range).kernel()
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let parts = arguments[0].arrayElements(element, rows: rows)
        var castErrors = RowErrors()
        let elements = try cast(parts.elements, .all(parts.elements.count), &castErrors).decoded
        try castErrors.raise()
        defer { extendLifetime(elements) }
        let texts = elements.texts
        let delimiters = arguments[1].texts
        let replacements = arguments.count > 2 ? arguments[2].texts : nil
        return mapText(arguments, to: .text, rows: rows, range: range, errors: &errors) {
          (row: Int, heap: StringHeap) throws(SQLError) -> StringView? in
          var bytes: [UInt8] = []
          var isFirst = true
          for position in parts.range(row) {
            let isNull = texts.isNull(position)
            if isNull, replacements == nil { continue }
            if !isFirst { bytes.append(contentsOf: delimiters.bytes(row)) }
            isFirst = false
            if isNull, let replacements {
              bytes.append(contentsOf: replacements.bytes(row))
            } else {
              bytes.append(contentsOf: texts.bytes(position))
            }
          }
          return heap.store(bytes)
        }
      }
    }
  }
}
