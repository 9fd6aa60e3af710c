import ApusPlanner
import ApusValues
import ApusVectors

/// `bitwise_and(x, y)`, `bitwise_or(x, y)`, `bitwise_xor(x, y)`, `bitwise_not(x)`.
enum BitwiseOperators: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("bitwise_and(12, 10)", "8"),
      FunctionExample("bitwise_not(0)", "-1"),
      FunctionExample("bitwise_or(12, 10)", "14"),
      FunctionExample("bitwise_xor(12, 10)", "6"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .binary(signature("bitwise_and", 2, "Returns the bits set in both numbers.")) {
      (x: Int64, y: Int64) in x & y
    },
    .binary(signature("bitwise_or", 2, "Returns the bits set in either number.")) {
      (x: Int64, y: Int64) in x | y
    },
    .binary(signature("bitwise_xor", 2, "Returns the bits set in exactly one of the numbers.")) {
      (x: Int64, y: Int64) in x ^ y
    },
    .unary(signature("bitwise_not", 1, "Returns the number with every bit reversed.")) {
      (x: Int64) in ~x
    },
  ]

  private static func signature(_ name: String, _ count: Int, _ summary: String)
    -> FunctionSignature
  {
    FunctionSignature(
      name,
      Array(repeating: .type(.bigint), count: count),
      returns: .type(.bigint),
      summary: summary
    )
  }
}
