import ApusPlanner
import ApusValues
import ApusVectors

/// `length(x)`: code points of text, bytes of a varbinary.
enum Length: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("length('Zürich')", "6"),
      FunctionExample("length(to_utf8('Zürich'))", "7"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .rows(
      .bigint(
        "length",
        [.anyVarchar],
        """
        Returns the number of characters, which are code points.
        """
      )
    ) { arguments in
      let text = arguments[0].texts
      return { row throws(SQLError) -> Int64? in Int64(codePointCount(text.bytes(row))) }
    },
    .unary(.bigint("length", [.type(.varbinary)], "Returns the number of bytes.")) {
      (view: StringView) in Int64(view.count)
    },
  ]
}
