import ApusPlanner
import ApusValues
import ApusVectors

/// `reverse(x)`: the characters of text, the bytes of a varbinary.
enum Reverse: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("reverse('Zürich')", "hcirüZ"),
      FunctionExample("reverse(X'0102')", "02 01"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .text(.shorterText("reverse", [.anyVarchar], "Returns the characters in reverse order.")) {
      arguments in
      let text = arguments[0].texts
      return { row, heap throws(SQLError) -> StringView? in
        heap.store(scalars(text.bytes(row)).reversed())
      }
    },
    .text(.shorterText("reverse", [.type(.varbinary)], "Returns the bytes in reverse order.")) {
      arguments in
      let binary = arguments[0].texts
      return { row, heap throws(SQLError) -> StringView? in
        heap.store([UInt8](binary.bytes(row).reversed()))
      }
    },
  ]
}
