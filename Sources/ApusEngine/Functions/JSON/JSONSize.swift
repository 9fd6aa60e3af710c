import ApusPlanner
import ApusValues
import ApusVectors

/// `json_size(document, path)`: how many members or elements are where the path leads to; a scalar
/// has none.
///
///     json_size('{"x": {"a": 1, "b": 2}}', '$.x') = 2
enum JSONSize: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(#"json_size('{"x": {"a": 1, "b": 2}}', '$.x')"#, "2"),
      FunctionExample(#"json_size('{"x": 1}', '$.x')"#, "0"),
    ]
  }

  static let overloads: [ScalarOverload] = [overload(.type(.json)), overload(.anyVarchar)]

  private static func overload(_ parameter: FunctionSignature.Parameter) -> ScalarOverload {
    .jsonPath(
      .bigint(
        "json_size",
        [parameter, .anyVarchar],
        "Returns the number of members or elements of what a path leads to; 0 for scalars."
      )
    ) { arguments, paths in
      let documents = arguments[0].texts
      let output = JSONOutput()
      return { row throws(SQLError) -> Int64? in
        let path = try paths.path(row)
        var reader = JSONReader(documents.bytes(row))
        do throws(JSONFailure) {
          guard try path.find(&reader, scratch: &output.scratch) else { return nil }
          return try reader.countChildren()
        } catch {
          return nil
        }
      }
    }
  }
}

extension JSONReader {
  /// Counts the members or elements of the value whose first token has been read.
  mutating func countChildren() throws(JSONFailure) -> Int64 {
    guard token == .beginArray || token == .beginObject else { return 0 }
    let isObject = token == .beginObject
    var count: Int64 = 0
    while true {
      switch try next() {
      case .endArray, .endObject: return count
      case .end: throw .malformed
      default:
        if isObject { try next() }
        try skipChildren()
        count += 1
      }
    }
  }
}
