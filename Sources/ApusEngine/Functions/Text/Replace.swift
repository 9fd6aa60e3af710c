import ApusPlanner
import ApusValues
import ApusVectors

/// `replace(text, search)`, `replace(text, search, replacement)`. An empty search stands before each
/// character and at the end.
enum Replace: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("replace('a-b-c', '-')", "abc"),
      FunctionExample("replace('a-b-c', '-', '+')", "a+b+c"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .text(
      .shorterText("replace", [.anyVarchar, .anyVarchar], "Removes all occurrences of a text.")
    ) { arguments in
      let text = arguments[0].texts
      let search = arguments[1].texts
      let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
      return { row, heap throws(SQLError) -> StringView? in
        replace(text.bytes(row), search.bytes(row), nothing, heap)
      }
    },
    .text(
      .text(
        "replace",
        [.anyVarchar, .anyVarchar, .anyVarchar],
        "Replaces all occurrences of a text by another."
      )
    ) { arguments in
      let text = arguments[0].texts
      let search = arguments[1].texts
      let replacement = arguments[2].texts
      return { row, heap throws(SQLError) -> StringView? in
        replace(text.bytes(row), search.bytes(row), replacement.bytes(row), heap)
      }
    },
  ]

  private static func replace(
    _ text: UnsafeRawBufferPointer,
    _ search: UnsafeRawBufferPointer,
    _ replacement: UnsafeRawBufferPointer,
    _ heap: StringHeap
  ) -> StringView {
    var output: [UInt8] = []
    if search.isEmpty {
      for byte in text {
        if byte & 0xc0 != 0x80 { output.append(contentsOf: replacement) }
        output.append(byte)
      }
      output.append(contentsOf: replacement)
      return heap.store(output)
    }
    guard var found = ByteSearch.find(search, in: text) else { return StringView(text) }
    output.reserveCapacity(text.count + replacement.count)
    var position = 0
    while true {
      output.append(contentsOf: text[position..<found])
      output.append(contentsOf: replacement)
      position = found + search.count
      guard let next = ByteSearch.find(search, in: text, from: position) else { break }
      found = next
    }
    output.append(contentsOf: text[position...])
    return heap.store(output)
  }
}
