import ApusPlanner
import ApusValues
import ApusVectors

/// `url_encode(text)`, `url_decode(text)`: names and values of the parameters of a URL.
enum URLEncoding: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("url_encode('a b/ü')", "a+b%2F%C3%BC"),
      FunctionExample("url_decode('a+b%2F%C3%BC')", "a b/ü"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .text(.text("url_encode", [.anyVarchar], "Escapes a text for the query of a URL.")) {
      arguments in
      let text = arguments[0].texts
      return { row, heap throws(SQLError) -> StringView? in
        heap.store(PercentEncoding.encodeForm(text.bytes(row)))
      }
    },
    .text(.shorterText("url_decode", [.anyVarchar], "Reads what url_encode has escaped.")) {
      arguments in
      let text = arguments[0].texts
      return { row, heap throws(SQLError) -> StringView? in
        heap.store(try decode(text.bytes(row)))
      }
    },
  ]

  static func decode(_ text: some Collection<UInt8>) throws(SQLError) -> String {
    do throws(PercentEncoding.Failure) {
      return try PercentEncoding.decode(text, isForm: true)
    } catch {
      switch error {
      case .incomplete:
        throw invalidArgument("URLDecoder: Incomplete trailing escape (%) pattern")
      case .notHexadecimal(let digits):
        throw invalidArgument(
          "URLDecoder: Illegal hex characters in escape (%) pattern - \"\(digits)\""
        )
      }
    }
  }
}
