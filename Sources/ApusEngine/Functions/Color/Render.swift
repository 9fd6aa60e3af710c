import ApusPlanner
import ApusValues
import ApusVectors

/// `render(x, color)`: a value as text in a color, by the escape sequences of terminals;
/// `render(boolean)`: a green check mark or a red cross.
enum Render: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("replace(render('late', color('red')), chr(27), '^')", "^[38;5;1mlate^[0m"),
      FunctionExample("replace(render(true), chr(27), '^')", "^[38;5;2m✓^[0m"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    overload(
      .anyVarchar,
      returns: .computed { types in
        // The escape sequences have 15 characters at most.
        guard case .varchar(let length?) = types[0] else { return .text }
        return length < 2_147_483_646 - 15 ? .varchar(length: length + 15) : .text
      },
      "Returns a text in a color."
    ) { vector in
      let texts = vector.texts
      return { Array(texts.bytes($0)) }
    },
    overload(.type(.bigint), returns: .type(.varchar(length: 35)), "Returns a number in a color.") {
      vector in
      let values = vector.bigints
      return { Array(String(values[$0]).utf8) }
    },
    overload(.type(.double), returns: .type(.varchar(length: 41)), "Returns a number in a color.") {
      vector in
      let values = vector.doubles
      return { row in
        let value = values[row]
        return Array(floatingPointText(value, shortest: value.description).utf8)
      }
    },
    .text(
      FunctionSignature(
        "render",
        [.type(.boolean)],
        returns: .type(.varchar(length: 16)),
        summary: "Returns a green check mark for true and a red cross for false."
      )
    ) { arguments in
      let values = arguments[0].operand(as: UInt8.self)
      return { row, heap in
        let isTrue = values[row] != 0
        return heap.store(
          rendered(Array((isTrue ? "✓" : "✗").utf8), Color(isTrue ? "green" : "red"))
        )
      }
    },
  ]

  private static func overload(
    _ parameter: FunctionSignature.Parameter,
    returns result: FunctionSignature.Result,
    _ summary: String,
    _ text: @escaping @Sendable (ColumnVector) -> (Int) -> [UInt8]
  ) -> ScalarOverload {
    .text(
      FunctionSignature(
        "render",
        [parameter, .type(.color)],
        returns: result,
        summary: summary
      )
    ) { arguments in
      let text = text(arguments[0])
      let colors = arguments[1].operand(as: Int32.self)
      return { row, heap in heap.store(rendered(text(row), Color(code: colors[row]))) }
    }
  }

  private static func rendered(_ text: [UInt8], _ color: Color?) -> [UInt8] {
    Array((color?.escapeSequence ?? "").utf8) + text + Array(Color.resetSequence.utf8)
  }
}
