import ApusPlanner
import ApusValues
import ApusVectors

/// `to_utf8(text)`, `from_utf8(binary)`, `from_utf8(binary, replacement)`.
enum TextEncoding: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("to_utf8('Zü')", "5a c3 bc"),
      FunctionExample("from_utf8(X'5ac3bc')", "Zü"),
      FunctionExample("from_utf8(X'5aff', '?')", "Z?"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    ScalarOverload(
      FunctionSignature(
        "to_utf8",
        [.anyVarchar],
        returns: .type(.varbinary),
        summary: "Returns the bytes of a text in UTF-8."
      )
    ) { _ throws(SQLError) in
      BatchEvaluator { arguments, _, _ throws(SQLError) in arguments[0].retyped(.varbinary) }
    },
    .text(
      .text(
        "from_utf8",
        [.type(.varbinary)],
        """
        Reads UTF-8; bytes that are none become U+FFFD.
        """
      )
    ) {
      arguments in
      let binary = arguments[0].texts
      return { row, heap throws(SQLError) -> StringView? in
        let bytes = binary.bytes(row)
        return isASCII(bytes)
          ? StringView(bytes) : heap.store(String(decoding: bytes, as: UTF8.self))
      }
    },
    .text(
      .text(
        "from_utf8",
        [.type(.varbinary), .anyVarchar],
        "Reads UTF-8; bytes that are none become the replacement, a character or nothing."
      )
    ) { arguments in
      let binary = arguments[0].texts
      let replacement = arguments[1].texts
      return { row, heap throws(SQLError) -> StringView? in
        let substitute = scalars(replacement.bytes(row))
        guard substitute.count <= 1 else {
          throw invalidArgument("Replacement character string must empty or a single character")
        }
        return heap.store(decode(binary.bytes(row), substitute))
      }
    },
  ]

  private static func decode(_ bytes: UnsafeRawBufferPointer, _ substitute: [Unicode.Scalar])
    -> [Unicode.Scalar]
  {
    var output: [Unicode.Scalar] = []
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar): output.append(scalar)
      case .emptyInput: return output
      case .error: output.append(contentsOf: substitute)
      }
    }
  }
}
