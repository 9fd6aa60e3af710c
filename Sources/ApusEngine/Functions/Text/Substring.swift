import ApusPlanner
import ApusValues
import ApusVectors

/// `substr(x, start)`, `substr(x, start, length)`, also called `substring`. Positions count from 1,
/// negative ones from the end; position 0 and those outside give an empty result.
enum SubstringFunction: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("substr('warehouse', 5)", "house"),
      FunctionExample("substr('warehouse', -5, 3)", "hou"),
      FunctionExample("substring('warehouse', 1, 4)", "ware"),
      FunctionExample("substring('warehouse', 0) = ''", "true"),
      FunctionExample("substr(X'01020304', 2, 2)", "02 03"),
    ]
  }

  static let overloads: [ScalarOverload] = ["substr", "substring"].flatMap { name in
    [
      overload(name, .anyVarchar, hasLength: false, slice: sliceText),
      overload(name, .anyVarchar, hasLength: true, slice: sliceText),
      overload(name, .type(.varbinary), hasLength: false, slice: sliceBytes),
      overload(name, .type(.varbinary), hasLength: true, slice: sliceBytes),
    ]
  }

  private typealias Slice =
    @Sendable (UnsafeRawBufferPointer, Int64, Int64?) -> UnsafeRawBufferPointer

  private static func overload(
    _ name: String,
    _ parameter: FunctionSignature.Parameter,
    hasLength: Bool,
    slice: @escaping Slice
  ) -> ScalarOverload {
    let numbers = Array(
      repeating: FunctionSignature.Parameter.type(.bigint),
      count: hasLength ? 2 : 1
    )
    let summary = """
      Returns the part from a position on, counted from 1 or back from the end, of a length or \
      to the end.
      """
    return .text(.shorterText(name, [parameter] + numbers, summary)) { arguments in
      let text = arguments[0].texts
      let start = arguments[1].bigints
      let length = hasLength ? arguments[2].bigints : nil
      return { row, _ throws(SQLError) -> StringView? in
        StringView(slice(text.bytes(row), start[row], length?[row]))
      }
    }
  }

  @Sendable
  private static func sliceText(
    _ bytes: UnsafeRawBufferPointer,
    _ start: Int64,
    _ length: Int64?
  ) -> UnsafeRawBufferPointer {
    let empty = UnsafeRawBufferPointer(rebasing: bytes[..<0])
    if start > 0 {
      // No need to count the whole text.
      guard length ?? 1 > 0, start <= bytes.count else { return empty }
      let first = Int(start) - 1
      let count = Int(min(length ?? .max, Int64(bytes.count)))
      return codePointSlice(bytes, first, first + count)
    }
    guard let range = range(start, length, count: codePointCount(bytes)) else { return empty }
    return codePointSlice(bytes, range.lowerBound, range.upperBound)
  }

  @Sendable
  private static func sliceBytes(
    _ bytes: UnsafeRawBufferPointer,
    _ start: Int64,
    _ length: Int64?
  ) -> UnsafeRawBufferPointer {
    let range = range(start, length, count: bytes.count) ?? 0..<0
    return UnsafeRawBufferPointer(rebasing: bytes[range])
  }

  private static func range(_ start: Int64, _ length: Int64?, count: Int) -> Range<Int>? {
    let first: Int
    if start > 0 {
      guard start <= count else { return nil }
      first = Int(start) - 1
    } else {
      guard start < 0, start >= -Int64(count) else { return nil }
      first = count + Int(start)
    }
    let available = count - first
    guard let length else { return first..<count }
    if length <= 0 { return nil }
    return first..<(first + Int(min(length, Int64(available))))
  }
}
