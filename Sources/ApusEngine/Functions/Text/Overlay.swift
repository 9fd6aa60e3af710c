import ApusPlanner
import ApusValues
import ApusVectors

/// `OVERLAY(text PLACING replacement FROM start FOR length)`, without FOR as long as the
/// replacement.
enum Overlay: ScalarFunction {
  static let overloads: [ScalarOverload] = [overload(hasLength: false), overload(hasLength: true)]

  private static func overload(hasLength: Bool) -> ScalarOverload {
    let numbers: [FunctionSignature.Parameter] =
      hasLength ? [.type(.bigint), .type(.bigint)] : [.type(.bigint)]
    return .text(
      .text(
        "overlay",
        [.anyVarchar, .anyVarchar] + numbers,
        "Replaces as many characters as a text has, or so many, from a position on, counted from 1."
      )
    ) { arguments in
      let text = arguments[0].texts
      let replacement = arguments[1].texts
      let start = arguments[2].bigints
      let length = hasLength ? arguments[3].bigints : nil
      return { row, heap throws(SQLError) -> StringView? in
        let bytes = text.bytes(row)
        let new = replacement.bytes(row)
        let count = length?[row] ?? Int64(codePointCount(new))
        guard start[row] > 0 else { throw invalidArgument("start must be greater than zero") }
        guard count >= 0 else { throw invalidArgument("length must not be negative") }
        let total = codePointCount(bytes)
        let first = Int(min(start[row] - 1, Int64(total)))
        let end = first + Int(min(count, Int64(total - first)))
        let head = codePointSlice(bytes, 0, first)
        let tail = codePointSlice(bytes, end, total)
        return heap.store(Array(head) + Array(new) + Array(tail))
      }
    }
  }
}
