import ApusPlanner
import ApusValues
import ApusVectors

/// `json_extract(document, path)`: what the path leads to, and `json_extract_scalar(document,
/// path)`: its text if it is a string, a number or a boolean. The document is a `json` or a text; of
/// a text that is malformed, what comes before the fault is found all the same, and else is NULL.
///
///     json_extract('{"a": [1, 2]}', '$.a') = [1,2]
///     json_extract_scalar('{"a": [1, 2]}', '$.a[1]') = '2'
enum JSONExtract: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(#"json_extract('{"store": {"book": [1, 2]}}', '$.store.book')"#, "[1,2]"),
      FunctionExample(#"json_extract_scalar('{"a": {"b": "x"}}', '$.a.b')"#, "x"),
      FunctionExample(#"json_extract_scalar('{"a": [1]}', '$.a')"#, "NULL"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    document(.type(.json)), document(.anyVarchar),
    scalar(.text("json_extract_scalar", [.type(.json), .anyVarchar], scalarSummary)),
    scalar(.shorterText("json_extract_scalar", [.anyVarchar, .anyVarchar], scalarSummary)),
  ]

  private static let scalarSummary =
    "Returns the text of the string, number or boolean that a path leads to; NULL for other things."

  private static func document(_ parameter: FunctionSignature.Parameter) -> ScalarOverload {
    .jsonPathText(
      FunctionSignature(
        "json_extract",
        [parameter, .anyVarchar],
        returns: .type(.json),
        summary: "Returns what a path leads to in a document; NULL if nothing."
      )
    ) { arguments, paths in
      let documents = arguments[0].texts
      let output = JSONOutput()
      return { row, heap throws(SQLError) -> StringView? in
        let path = try paths.path(row)
        var reader = JSONReader(documents.bytes(row))
        output.bytes.removeAll(keepingCapacity: true)
        do throws(JSONFailure) {
          guard try path.find(&reader, scratch: &output.scratch) else { return nil }
          let place = try reader.readValue(
            orAppendTo: &output.bytes,
            scratch: &output.scratch
          )
          if let place { return StringView(reader.slice(place)) }
          return output.bytes.withUnsafeBytes { heap.store($0) }
        } catch {
          return nil
        }
      }
    }
  }

  private static func scalar(_ signature: FunctionSignature) -> ScalarOverload {
    .jsonPathText(signature) { arguments, paths in
      let documents = arguments[0].texts
      let output = JSONOutput()
      return { row, heap throws(SQLError) -> StringView? in
        let path = try paths.path(row)
        var reader = JSONReader(documents.bytes(row))
        do throws(JSONFailure) {
          guard try path.find(&reader, scratch: &output.scratch) else { return nil }
        } catch {
          return nil
        }
        switch reader.token {
        case .string where reader.hasEscapes:
          output.bytes.removeAll(keepingCapacity: true)
          reader.appendText(to: &output.bytes)
          return output.bytes.withUnsafeBytes { heap.store($0) }
        case .string, .integer, .decimal, .true, .false:
          return StringView(reader.bytes)
        default:
          return nil
        }
      }
    }
  }
}
