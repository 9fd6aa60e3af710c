import ApusPlanner
import ApusValues
import ApusVectors

/// `format(format, x, …)`, as Java's `String.format`: `format('%05d', 7)`. A NULL among the
/// arguments is written `null`.
enum Format: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("format('%s has %,d rows', 'flights', 336776)", "flights has 336,776 rows"),
      FunctionExample("format('%05.1f', 3.14159)", "003.1"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    ScalarOverload(
      FunctionSignature(
        "format",
        [.anyVarchar, .any],
        isVariadic: true,
        returns: .type(.text),
        summary: "Writes values as a format of Java says, such as %s, %,d or %.2f."
      )
    ) { call throws(SQLError) in
      let range = call.range
      let types = Array(call.function.parameterTypes.dropFirst())
      // A format that is the same for all rows is read once; an error of it is each row's.
      let constant: JavaFormat? =
        if case .text(let text)? = call.constants[0] { try? JavaFormat(text) } else { nil }
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let isConstant = arguments.allSatisfy { $0.encoding == .constant }
        if arguments[0].isNullConstant { return .nulls(.text, count: rows.rowCount) }
        // Only the format decides which rows are NULL, so it must have as many rows as the others.
        let format = isConstant ? arguments[0] : arguments[0].flattened()
        let values = Array(arguments.dropFirst())
        defer { extendLifetime((format, values)) }
        let formats = format.texts
        return mapText([format], to: .text, rows: rows, range: range, errors: &errors) {
          (row: Int, heap: StringHeap) throws(SQLError) -> StringView? in
          let format: JavaFormat
          if let constant {
            format = constant
          } else {
            format = try JavaFormat(formats[row].string)
          }
          return heap.store(try format.write(values.map { $0.value(row) }, types: types))
        }
      }
    }
  ]
}
