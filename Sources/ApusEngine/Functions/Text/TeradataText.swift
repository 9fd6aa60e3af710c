import ApusPlanner
import ApusValues
import ApusVectors

/// `char2hexint(text)` and `index(text, part)`, which Teradata has under these names.
enum TeradataText: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("char2hexint('Aé')", "004100E9"),
      FunctionExample("index('banana', 'na')", "3"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .text(
      .text("char2hexint", [.anyVarchar], "Returns the UTF-16 code units as hexadecimal digits.")
    ) { arguments in
      let text = arguments[0].texts
      let digits = Array("0123456789ABCDEF".utf8)
      return { row, heap throws(SQLError) -> StringView? in
        heap.store(
          text[row].string.utf16.flatMap { unit in
            [12, 8, 4, 0].map { digits[Int(unit >> UInt16($0) & 15)] }
          }
        )
      }
    },
    .rows(
      .bigint(
        "index",
        [.anyVarchar, .anyVarchar],
        "Returns where a text first contains another, from 1; 0 if it does not."
      )
    ) { arguments in
      let text = arguments[0].texts
      let part = arguments[1].texts
      return { row throws(SQLError) -> Int64? in
        StringPosition.position(text.bytes(row), part.bytes(row), 1)
      }
    },
  ]
}
