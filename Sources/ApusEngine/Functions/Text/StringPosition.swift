import ApusPlanner
import ApusValues
import ApusVectors

/// `strpos(text, search)`, `strpos(text, search, instance)`: the position of an occurrence in
/// characters from 1, or 0. A negative instance counts occurrences from the end.
enum StringPosition: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("strpos('banana', 'na')", "3"),
      FunctionExample("strpos('banana', 'na', 2)", "5"),
      FunctionExample("strpos('banana', 'na', -1)", "5"),
      FunctionExample("strpos('banana', 'x')", "0"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .rows(
      .bigint(
        "strpos",
        [.anyVarchar, .anyVarchar],
        """
        Returns where a text first contains another, from 1; 0 if it does not.
        """
      )
    ) { arguments in
      let text = arguments[0].texts
      let search = arguments[1].texts
      return { row throws(SQLError) -> Int64? in position(text.bytes(row), search.bytes(row), 1) }
    },
    .rows(
      .bigint(
        "strpos",
        [.anyVarchar, .anyVarchar, .type(.bigint)],
        """
        Returns where the nth occurrence is, from 1, counted from the end if n is negative; 0 \
        if none.
        """
      )
    ) { arguments in
      let text = arguments[0].texts
      let search = arguments[1].texts
      let instance = arguments[2].bigints
      return { row throws(SQLError) -> Int64? in
        if instance[row] == 0 { throw invalidArgument("'instance' must not be equal to zero.") }
        return position(text.bytes(row), search.bytes(row), instance[row])
      }
    },
  ]

  static func position(
    _ text: UnsafeRawBufferPointer,
    _ search: UnsafeRawBufferPointer,
    _ instance: Int64
  ) -> Int64 {
    if search.isEmpty { return 1 }
    var offsets: [Int] = []
    var start = 0
    while let found = ByteSearch.find(search, in: text, from: start) {
      if instance > 0, offsets.count + 1 == instance {
        return Int64(codePointCount(UnsafeRawBufferPointer(rebasing: text[..<found]))) + 1
      }
      offsets.append(found)
      start = found + 1
    }
    guard instance < 0, instance.magnitude <= UInt64(offsets.count) else { return 0 }
    let found = offsets[offsets.count - Int(instance.magnitude)]
    return Int64(codePointCount(UnsafeRawBufferPointer(rebasing: text[..<found]))) + 1
  }
}
