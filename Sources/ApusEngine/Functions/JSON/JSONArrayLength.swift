import ApusPlanner
import ApusValues
import ApusVectors

/// `json_array_length(document)`: NULL for what is no array.
///
///     json_array_length('[1, [2, 3]]') = 2
enum JSONArrayLength: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("json_array_length('[1, 2, [3, 4]]')", "3")
    ]
  }

  static let overloads: [ScalarOverload] = [overload(.type(.json)), overload(.anyVarchar)]

  private static func overload(_ parameter: FunctionSignature.Parameter) -> ScalarOverload {
    .rows(
      .bigint("json_array_length", [parameter], "Returns the number of elements of a JSON array.")
    ) { arguments in
      let documents = arguments[0].texts
      return { row throws(SQLError) -> Int64? in
        var reader = JSONReader(documents.bytes(row))
        do throws(JSONFailure) {
          guard try reader.next() == .beginArray else { return nil }
          return try reader.countChildren()
        } catch {
          return nil
        }
      }
    }
  }
}
