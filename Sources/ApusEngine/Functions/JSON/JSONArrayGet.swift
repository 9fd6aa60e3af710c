import ApusPlanner
import ApusValues
import ApusVectors

/// `json_array_get(document, index)`: an element of an array, counted from 0, or from the end by
/// negative numbers. NULL for what is no array, for an element that is not there, and for a JSON
/// null.
///
/// As in Trino, a string comes without its quotes, and so is no JSON in truth; `json_extract` does
/// better.
///
///     json_array_get('["a", [3, 9]]', -1) = [3,9]
enum JSONArrayGet: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(#"json_array_get('["a", [3, 9], "c"]', 1)"#, "[3,9]"),
      FunctionExample(#"json_array_get('["a", "b"]', -1)"#, "b"),
    ]
  }

  static let overloads: [ScalarOverload] = [overload(.type(.json)), overload(.anyVarchar)]

  private static func overload(_ parameter: FunctionSignature.Parameter) -> ScalarOverload {
    .text(
      FunctionSignature(
        "json_array_get",
        [parameter, .type(.bigint)],
        returns: .type(.json),
        summary: """
          Returns an element of a JSON array by its index from 0, or from the end if negative.
          """
      )
    ) { arguments in
      let documents = arguments[0].texts
      let indexes = arguments[1].bigints
      let output = JSONOutput()
      return { row, heap throws(SQLError) -> StringView? in
        let document = documents.bytes(row)
        do throws(JSONFailure) {
          var index = indexes[row]
          if index < 0 {
            var reader = JSONReader(document)
            guard try reader.next() == .beginArray else { return nil }
            index = try reader.countChildren().addingReportingOverflow(index).partialValue
          }
          guard index >= 0 else { return nil }
          return try element(index, of: document, output, heap)
        } catch {
          return nil
        }
      }
    }
  }

  private static func element(
    _ index: Int64,
    of document: UnsafeRawBufferPointer,
    _ output: JSONOutput,
    _ heap: StringHeap
  ) throws(JSONFailure) -> StringView? {
    var reader = JSONReader(document)
    guard try reader.next() == .beginArray else { return nil }
    var position: Int64 = 0
    while try reader.next() != .endArray {
      if position == index {
        output.bytes.removeAll(keepingCapacity: true)
        switch reader.token {
        case .null:
          return nil
        case .string where reader.hasEscapes:
          reader.appendText(to: &output.bytes)
        case .beginArray, .beginObject:
          let place = try reader.readValue(
            orAppendTo: &output.bytes,
            scratch: &output.scratch
          )
          if let place { return StringView(reader.slice(place)) }
        default:
          return StringView(reader.bytes)
        }
        return output.bytes.withUnsafeBytes { heap.store($0) }
      }
      position += 1
      try reader.skipChildren()
    }
    return nil
  }
}
