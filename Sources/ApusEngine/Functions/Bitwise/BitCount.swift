import ApusPlanner
import ApusValues
import ApusVectors

/// `bit_count(x, bits)`.
enum BitCount: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("bit_count(9, 64)", "2"),
      FunctionExample("bit_count(-7, 8)", "6"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .rows(
      FunctionSignature(
        "bit_count",
        [.type(.bigint), .type(.bigint)],
        returns: .type(.bigint),
        summary: "Counts the bits set in a number in two's complement of 2 to 64 bits."
      )
    ) { arguments in
      let x = arguments[0].bigints
      let width = arguments[1].bigints
      return { row throws(SQLError) -> Int64? in
        let bits = width[row]
        guard (2...64).contains(bits) else {
          throw invalidArgument("Bits specified in bit_count must be between 2 and 64, got \(bits)")
        }
        if bits == 64 { return Int64(x[row].nonzeroBitCount) }
        let limit = Int64(1) << (bits - 1)
        guard x[row] >= -limit, x[row] < limit else {
          throw invalidArgument(
            "Number must be representable with the bits specified. \(x[row]) cannot be "
              + "represented with \(bits) bits"
          )
        }
        return Int64((x[row] & (Int64(1) << bits &- 1)).nonzeroBitCount)
      }
    }
  ]
}
