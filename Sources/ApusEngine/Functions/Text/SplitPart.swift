import ApusPlanner
import ApusValues
import ApusVectors

/// `split_part(text, delimiter, index)`: fields count from 1; NULL where there is no such field. An
/// empty delimiter makes every character a field.
enum SplitPart: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("split_part('2024-02-29', '-', 2)", "02"),
      FunctionExample("split_part('2024-02-29', '-', 4)", "NULL"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .text(
      .shorterText(
        "split_part",
        [.anyVarchar, .anyVarchar, .type(.bigint)],
        "Splits a text at a delimiter and returns the nth field, from 1; NULL if there are fewer."
      )
    ) { arguments in
      let text = arguments[0].texts
      let delimiter = arguments[1].texts
      let index = arguments[2].bigints
      return { row, _ throws(SQLError) -> StringView? in
        guard index[row] > 0 else { throw invalidArgument("Index must be greater than zero") }
        return part(text.bytes(row), delimiter.bytes(row), index[row])
      }
    }
  ]

  private static func part(
    _ text: UnsafeRawBufferPointer,
    _ delimiter: UnsafeRawBufferPointer,
    _ index: Int64
  ) -> StringView? {
    if delimiter.isEmpty {
      guard index <= text.count else { return text.isEmpty && index == 1 ? StringView() : nil }
      let character = codePointSlice(text, Int(index) - 1, Int(index))
      return character.isEmpty ? nil : StringView(character)
    }
    var start = 0
    var field: Int64 = 1
    while field < index {
      guard let found = ByteSearch.find(delimiter, in: text, from: start) else { return nil }
      start = found + delimiter.count
      field += 1
    }
    let end = ByteSearch.find(delimiter, in: text, from: start) ?? text.count
    return StringView(UnsafeRawBufferPointer(rebasing: text[start..<end]))
  }
}
