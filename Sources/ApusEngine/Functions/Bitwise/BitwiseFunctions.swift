/// Functions of the bits of integers.
enum BitwiseFunctions {
  static let all: [any ScalarFunction.Type] = [
    BitCount.self,
    BitShifts.self,
    BitwiseOperators.self,
  ]
}
