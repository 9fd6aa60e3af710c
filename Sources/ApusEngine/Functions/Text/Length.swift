import ApusPlanner
import ApusValues
import ApusVectors

/// `length(x)`: code points of text, bytes of a varbinary.
enum Length: ScalarFunction {
  static let overloads: [ScalarOverload] = [
    .rows(.bigint("length", [.anyVarchar], "Returns the number of characters.")) { arguments in
      let text = arguments[0].texts
      return { row throws(SQLError) -> Int64? in Int64(codePointCount(text.bytes(row))) }
    },
    .unary(.bigint("length", [.type(.varbinary)], "Returns the number of bytes.")) {
      (view: StringView) in Int64(view.count)
    },
  ]
}
