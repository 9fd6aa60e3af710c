import ApusPlanner
import ApusValues
import ApusVectors

/// `json_array_contains(document, value)`: whether an array has a boolean, a number or a string
/// among its elements; NULL for what is no array.
///
/// A bigint is looked for among the numbers without a point, a double among the others.
///
///     json_array_contains('[1, "a"]', 'a') = true
enum JSONArrayContains: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("json_array_contains('[1, 2, 3]', 2)", "true")
    ]
  }

  static let overloads: [ScalarOverload] =
    overloads(.type(.boolean)) { vector in
      let values = vector.operand(as: UInt8.self)
      return { reader, row, _ in reader.token == (values[row] != 0 ? .true : .false) }
    }
    + overloads(.type(.bigint)) { vector in
      let values = vector.bigints
      return { reader, row, _ in
        guard reader.token == .integer, let number: Int64 = parseInteger(reader.bytes) else {
          return false
        }
        return number == values[row]
      }
    }
    + overloads(.type(.double)) { vector in
      let values = vector.doubles
      return { reader, row, _ in
        reader.token == .decimal && values[row].isFinite && reader.double == values[row]
      }
    }
    + overloads(.anyVarchar) { vector in
      let values = vector.texts
      return { reader, row, scratch in
        guard reader.token == .string else { return false }
        guard reader.hasEscapes else { return values.bytes(row).elementsEqual(reader.bytes) }
        scratch.removeAll(keepingCapacity: true)
        reader.appendText(to: &scratch)
        return values.bytes(row).elementsEqual(scratch)
      }
    }

  /// Whether the element whose first token has been read is the value of a row.
  private typealias Match = (_ reader: JSONReader, _ row: Int, _ scratch: inout [UInt8]) -> Bool

  private static func overloads(
    _ value: FunctionSignature.Parameter,
    _ makeMatch: @escaping @Sendable (ColumnVector) -> Match
  ) -> [ScalarOverload] {
    [FunctionSignature.Parameter.type(.json), .anyVarchar].map { document in
      .rows(
        FunctionSignature(
          "json_array_contains",
          [document, value],
          returns: .type(.boolean),
          summary: "Returns whether a JSON array has a value among its elements."
        )
      ) { arguments in
        let documents = arguments[0].texts
        let matches = makeMatch(arguments[1])
        var scratch: [UInt8] = []
        return { row throws(SQLError) -> UInt8? in
          var reader = JSONReader(documents.bytes(row))
          do throws(JSONFailure) {
            guard try reader.next() == .beginArray else { return nil }
            while try reader.next() != .endArray {
              if matches(reader, row, &scratch) { return 1 }
              try reader.skipChildren()
            }
            return 0
          } catch {
            return nil
          }
        }
      }
    }
  }
}
