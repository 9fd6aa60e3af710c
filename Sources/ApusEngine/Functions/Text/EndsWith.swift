import ApusPlanner
import ApusValues
import ApusVectors

/// `ends_with(text, suffix)`.
enum EndsWith: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("ends_with('part-0.parquet', '.parquet')", "true")
    ]
  }

  static let overloads: [ScalarOverload] = [
    .rows(
      FunctionSignature(
        "ends_with",
        [.anyVarchar, .anyVarchar],
        returns: .type(.boolean),
        summary: "Returns whether a text ends with another."
      )
    ) { arguments in
      let text = arguments[0].texts
      let suffix = arguments[1].texts
      return { row throws(SQLError) -> UInt8? in
        let end = suffix.bytes(row)
        return bit(text.bytes(row).suffix(end.count).elementsEqual(end))
      }
    }
  ]
}
