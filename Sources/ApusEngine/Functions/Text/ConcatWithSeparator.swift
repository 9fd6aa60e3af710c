import ApusPlanner
import ApusValues
import ApusVectors

/// `concat_ws(separator, a, …)` and `concat_ws(separator, array)`: leave out NULLs; NULL only if the
/// separator is, or the array.
enum ConcatWithSeparator: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("concat_ws(', ', 'a', NULL, 'c')", "a, c"),
      FunctionExample("concat_ws('/', ARRAY['usr', 'lib'])", "usr/lib"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    ScalarOverload(
      FunctionSignature(
        "concat_ws",
        [.anyVarchar, .anyVarchar],
        isVariadic: true,
        returns: .type(.text),
        summary: "Joins the texts that are not NULL with a separator between them."
      )
    ) { call throws(SQLError) in
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let separator = arguments[0].texts
        let parts = arguments.dropFirst().map(\.texts)
        // Only the separator's NULLs are NULLs of the result; flat, so that each row is asked for.
        let separators = arguments[0].flattened()
        defer { extendLifetime(separators) }
        return mapText([separators], to: .text, rows: rows, range: range, errors: &errors) {
          (row: Int, heap: StringHeap) throws(SQLError) -> StringView? in
          var output: [UInt8] = []
          var isFirst = true
          for part in parts where !part.isNull(row) {
            if !isFirst { output.append(contentsOf: separator.bytes(row)) }
            output.append(contentsOf: part.bytes(row))
            isFirst = false
          }
          return heap.store(output)
        }
      }
    },
    ScalarOverload(
      FunctionSignature(
        "concat_ws",
        [.anyVarchar, .array(.type(.text))],
        returns: .type(.text),
        summary: "Joins the elements of an array that are not NULL with a separator between them."
      )
    ) { call throws(SQLError) in
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let separator = arguments[0].texts
        let parts = arguments[1].arrayElements(.text, rows: rows)
        let elements = parts.elements
        let texts = elements.texts
        // Flat, so that each row is asked for.
        let arrays = arguments[1].flattened()
        defer { extendLifetime((elements, arrays)) }
        return mapText(
          [arguments[0], arrays],
          to: .text,
          rows: rows,
          range: range,
          errors: &errors
        ) { (row: Int, heap: StringHeap) throws(SQLError) -> StringView? in
          var output: [UInt8] = []
          var isFirst = true
          for position in parts.range(row) where !texts.isNull(position) {
            if !isFirst { output.append(contentsOf: separator.bytes(row)) }
            output.append(contentsOf: texts.bytes(position))
            isFirst = false
          }
          return heap.store(output)
        }
      }
    },
  ]
}
