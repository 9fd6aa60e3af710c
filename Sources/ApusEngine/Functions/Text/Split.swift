import ApusPlanner
import ApusValues
import ApusVectors

/// `split(text, delimiter[, limit])`: the last of `limit` fields keeps the rest.
enum Split: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("split('a,b,,c', ',')", "[a, b, , c]"),
      FunctionExample("split('a,b,c', ',', 2)", "[a, b,c]"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    overload([.anyVarchar, .anyVarchar]), overload([.anyVarchar, .anyVarchar, .type(.bigint)]),
  ]

  private static func overload(_ parameters: [FunctionSignature.Parameter]) -> ScalarOverload {
    let limit = parameters.count > 2 ? " of at most n parts" : ""
    return ScalarOverload(
      FunctionSignature(
        "split",
        parameters,
        returns: .computed { .array($0[0]) },
        summary: "Splits a text at a delimiter into an array\(limit)."
      )
    ) { call throws(SQLError) in
      let type = call.function.returnType
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let texts = arguments[0].texts
        let delimiters = arguments[1].texts
        let limits = arguments.count > 2 ? arguments[2].bigints : nil
        return mapTextArrays(arguments, to: type, rows: rows, range: range, errors: &errors) {
          (row, output) throws(SQLError) in
          try split(texts.bytes(row), delimiters.bytes(row), limits?[row] ?? .max, &output)
        }
      }
    }
  }

  private static func split(
    _ text: UnsafeRawBufferPointer,
    _ delimiter: UnsafeRawBufferPointer,
    _ limit: Int64,
    _ output: inout TextArrayBuilder
  ) throws(SQLError) {
    guard limit > 0 else { throw invalidArgument("Limit must be positive") }
    guard limit <= Int64(Int32.max) || limit == .max else {
      throw invalidArgument("Limit is too large")
    }
    guard !delimiter.isEmpty else {
      throw invalidArgument("The delimiter may not be the empty string")
    }
    var start = 0
    var count: Int64 = 1
    while count < limit, let found = ByteSearch.find(delimiter, in: text, from: start) {
      output.append(UnsafeRawBufferPointer(rebasing: text[start..<found]))
      start = found + delimiter.count
      count += 1
    }
    output.append(UnsafeRawBufferPointer(rebasing: text[start...]))
  }
}
