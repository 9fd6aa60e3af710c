import ApusPlanner
import ApusValues
import ApusVectors

/// `lpad(text, size, padding)`, `rpad(text, size, padding)`: cuts off what is longer than the size;
/// of text or of varbinaries.
enum Pad: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("lpad('42', 5, '0')", "00042"),
      FunctionExample("lpad('12345', 3, '0')", "123"),
      FunctionExample("rpad('ab', 5, 'xyz')", "abxyz"),
      FunctionExample("lpad(X'0a', 2, X'00')", "00 0a"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    text("lpad", atStart: true),
    text("rpad", atStart: false),
    binary("lpad", atStart: true),
    binary("rpad", atStart: false),
  ]

  private static func text(_ name: String, atStart: Bool) -> ScalarOverload {
    let side = atStart ? "at the start" : "at the end"
    let summary = "Fills a text with another up to n characters \(side), or cuts it off at n."
    return overload(
      .text(name, [.anyVarchar, .type(.bigint), .anyVarchar], summary),
      atStart: atStart,
      fillName: "string",
      count: { codePointCount($0) },
      prefix: { codePointSlice($0, 0, $1) }
    )
  }

  private static func binary(_ name: String, atStart: Bool) -> ScalarOverload {
    let side = atStart ? "at the start" : "at the end"
    let summary = "Fills bytes with others up to n \(side), or cuts them off at n."
    return overload(
      .binary(name, [.type(.varbinary), .type(.bigint), .type(.varbinary)], summary),
      atStart: atStart,
      fillName: "bytes",
      count: { $0.count },
      prefix: { UnsafeRawBufferPointer(rebasing: $0[..<$1]) }
    )
  }

  /// - Parameters:
  ///   - count: counts characters or bytes.
  ///   - prefix: returns the first of them.
  private static func overload(
    _ signature: FunctionSignature,
    atStart: Bool,
    fillName: String,
    count: @escaping @Sendable (UnsafeRawBufferPointer) -> Int,
    prefix: @escaping @Sendable (UnsafeRawBufferPointer, Int) -> UnsafeRawBufferPointer
  ) -> ScalarOverload {
    .text(signature) { arguments in
      let text = arguments[0].texts
      let size = arguments[1].bigints
      let padding = arguments[2].texts
      return { row, heap throws(SQLError) -> StringView? in
        let target = size[row]
        guard (0...2_147_483_647).contains(target) else {
          throw invalidArgument("Target length must be in the range [0..2147483647]")
        }
        let fill = padding.bytes(row)
        if fill.isEmpty { throw invalidArgument("Padding \(fillName) must not be empty") }
        let bytes = text.bytes(row)
        let length = count(bytes)
        if length >= target { return StringView(prefix(bytes, Int(target))) }
        let missing = Int(target) - length
        let (rounds, rest) = missing.quotientAndRemainder(dividingBy: max(1, count(fill)))
        var pad: [UInt8] = []
        for _ in 0..<rounds { pad.append(contentsOf: fill) }
        pad.append(contentsOf: prefix(fill, rest))
        return heap.store(atStart ? pad + bytes : bytes + pad)
      }
    }
  }
}
