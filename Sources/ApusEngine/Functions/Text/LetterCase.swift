import ApusPlanner
import ApusValues
import ApusVectors

/// `lower(text)`, `upper(text)`: one character for one, as Unicode's simple mappings have it.
enum LetterCase: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("lower('ÄPFEL')", "äpfel"),
      FunctionExample("upper('straße')", "STRAßE"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .text(.shorterText("lower", [.anyVarchar], "Converts letters to lower case.")) { arguments in
      let text = arguments[0].texts
      return { row, heap throws(SQLError) -> StringView? in
        map(text.bytes(row), heap, first: "A", last: "Z") { $0.properties.lowercaseMapping }
      }
    },
    .text(.shorterText("upper", [.anyVarchar], "Converts letters to upper case.")) { arguments in
      let text = arguments[0].texts
      return { row, heap throws(SQLError) -> StringView? in
        map(text.bytes(row), heap, first: "a", last: "z") { $0.properties.uppercaseMapping }
      }
    },
  ]

  /// - Parameters:
  ///   - first: the first ASCII letter that changes, by the bit that tells the cases apart.
  ///   - mapping: the full mapping, which counts if it is one code point.
  private static func map(
    _ bytes: UnsafeRawBufferPointer,
    _ heap: StringHeap,
    first: Unicode.Scalar,
    last: Unicode.Scalar,
    _ mapping: (Unicode.Scalar) -> String
  ) -> StringView {
    let low = UInt8(ascii: first)
    let high = UInt8(ascii: last)
    if isASCII(bytes) {
      return heap.store(count: bytes.count) { output in
        guard let base = bytes.baseAddress else { return }
        let source = base.assumingMemoryBound(to: UInt8.self)
        let target = output.assumingMemoryBound(to: UInt8.self)
        for index in 0..<bytes.count {
          let byte = source[index]
          target[index] = byte ^ (byte &- low <= high &- low ? 0x20 : 0)
        }
      }
    }
    return heap.store(
      scalars(bytes).map { scalar in
        let mapped = mapping(scalar).unicodeScalars
        return mapped.count == 1 ? mapped[mapped.startIndex] : scalar
      }
    )
  }
}
