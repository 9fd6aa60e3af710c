import ApusPlanner
import ApusValues
import ApusVectors

/// `lpad(text, size, padding)`, `rpad(text, size, padding)`: cuts off what is longer than the size.
enum Pad: ScalarFunction {
  static let overloads: [ScalarOverload] = [
    overload("lpad", atStart: true),
    overload("rpad", atStart: false),
  ]

  private static func overload(_ name: String, atStart: Bool) -> ScalarOverload {
    .text(
      .text(
        name,
        [.anyVarchar, .type(.bigint), .anyVarchar],
        "Fills a text up to a size \(atStart ? "at the start" : "at the end"), or cuts it off."
      )
    ) { arguments in
      let text = arguments[0].texts
      let size = arguments[1].bigints
      let padding = arguments[2].texts
      return { row, heap throws(SQLError) -> StringView? in
        let target = size[row]
        guard (0...2_147_483_647).contains(target) else {
          throw invalidArgument("Target length must be in the range [0..2147483647]")
        }
        let fill = padding.bytes(row)
        if fill.isEmpty { throw invalidArgument("Padding string must not be empty") }
        let bytes = text.bytes(row)
        let length = codePointCount(bytes)
        if length >= target { return StringView(codePointSlice(bytes, 0, Int(target))) }
        let missing = Int(target) - length
        let (rounds, rest) = missing.quotientAndRemainder(dividingBy: max(1, codePointCount(fill)))
        var pad: [UInt8] = []
        for _ in 0..<rounds { pad.append(contentsOf: fill) }
        pad.append(contentsOf: codePointSlice(fill, 0, rest))
        return heap.store(atStart ? pad + bytes : bytes + pad)
      }
    }
  }
}
