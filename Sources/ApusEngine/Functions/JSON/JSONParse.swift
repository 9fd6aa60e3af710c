import ApusPlanner
import ApusValues
import ApusVectors

/// `json_parse(text)`: the document in its normal form, see `JSONNormalizer`.
///
///     json_parse('{"b": 1.50, "a": [true]}') = {"a":[true],"b":1.5}
enum JSONParse: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(#"json_parse('{"a": [1, 2]}')"#, #"{"a":[1,2]}"#)
    ]
  }

  static let overloads: [ScalarOverload] = [
    .text(
      FunctionSignature(
        "json_parse",
        [.anyVarchar],
        returns: .type(.json),
        summary: "Reads a document from a text."
      )
    ) { arguments in
      let text = arguments[0].texts
      var normalizer = JSONNormalizer()
      return { row, heap throws(SQLError) -> StringView? in
        let bytes = text.bytes(row)
        do throws(JSONFailure) {
          return try normalizer.normalize(bytes) { document in
            // What is in its normal form already is a part of the argument.
            document.baseAddress == bytes.baseAddress ? StringView(bytes) : heap.store(document)
          }
        } catch {
          let shown = String(decoding: bytes, as: UTF8.self)
          throw invalidArgument("Cannot convert value to JSON: '\(shown)'")
        }
      }
    }
  ]
}
