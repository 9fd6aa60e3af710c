import ApusPlanner
import ApusValues
import ApusVectors

/// `concat(a, b, …)`, which is also what `||` is: of texts or of varbinaries.
enum Concat: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("concat('a', 'b', 'c')", "abc"),
      FunctionExample("concat('a', NULL)", "NULL"),
      FunctionExample("concat(X'01', X'ff')", "01 ff"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    overload([.anyVarchar, .anyVarchar], .text),
    overload([.type(.varbinary), .type(.varbinary)], .varbinary),
  ]

  private static func overload(_ parameters: [FunctionSignature.Parameter], _ result: SQLType)
    -> ScalarOverload
  {
    .text(
      FunctionSignature(
        "concat",
        parameters,
        isVariadic: true,
        returns: .type(result),
        summary: "Joins values end to end."
      )
    ) { arguments in
      let parts = arguments.map(\.texts)
      return { row, heap throws(SQLError) -> StringView? in
        var count = 0
        for part in parts { count += part[row].count }
        return heap.store(count: count) { output in
          var position = output
          for part in parts {
            let bytes = part.bytes(row)
            if let base = bytes.baseAddress {
              position.copyMemory(from: base, byteCount: bytes.count)
            }
            position += bytes.count
          }
        }
      }
    }
  }
}
