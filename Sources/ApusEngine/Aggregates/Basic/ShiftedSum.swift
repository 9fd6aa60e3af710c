import ApusPlanner
import ApusValues

/// A sum of `x + 1`, told as the sum of `x` with a shift for each of its values, so that sums of
/// `x`, `x + 1`, `x - 7` are one accumulator.
///
/// Only where the addition cannot overflow, whatever `x` is: then it raises no error either.
struct ShiftedSum {
  /// `sum` of the type of `argument`.
  var function: BoundFunction
  var argument: Expression
  var shift: Int64

  /// Takes a call apart; nil if it is no sum of integers.
  init?(_ call: Aggregate.Call) {
    guard call.function.name == "sum", call.function.returnType == .bigint, !call.isDistinct,
      call.arguments.count == 1
    else { return nil }
    var argument = call.arguments[0]
    var shift: Int64 = 0
    if let (operand, distance) = ShiftedSum.addition(argument) {
      argument = operand
      shift = distance
    }
    while let inner = ShiftedSum.widened(argument) { argument = inner }
    function = call.function
    function.parameterTypes = [argument.type]
    self.argument = argument
    self.shift = shift
  }

  /// Takes `x + literal`, `literal + x` or `x - literal` apart.
  private static func addition(_ expression: Expression) -> (operand: Expression, shift: Int64)? {
    guard case .arithmetic(let arithmetic) = expression else { return nil }
    let operand: Expression
    let shift: Int64
    switch (arithmetic.op, arithmetic.left, arithmetic.right) {
    case (.add, let left, .literal(let literal)), (.add, .literal(let literal), let left):
      guard case .integer(let value) = literal.value else { return nil }
      (operand, shift) = (left, value)
    case (.subtract, let left, .literal(let literal)):
      guard case .integer(let value) = literal.value else { return nil }
      (operand, shift) = (left, 0 &- value)
    default: return nil
    }
    // What is widened has 32 bits at most, so that the ends of its range do not overflow either.
    guard Int64(Int32.min)...Int64(Int32.max) ~= shift,
      let source = widened(operand)?.type.integerRange, source.upperBound < Int64.max,
      let target = arithmetic.type.integerRange, target.contains(source.lowerBound + shift),
      target.contains(source.upperBound + shift)
    else { return nil }
    return (operand, shift)
  }

  /// Returns what a conversion to a wider type of integers converts.
  private static func widened(_ expression: Expression) -> Expression? {
    guard case .cast(let cast) = expression, let source = cast.operand.type.integerRange,
      let target = cast.type.integerRange, target.contains(source.lowerBound),
      target.contains(source.upperBound)
    else { return nil }
    return cast.operand
  }
}

extension SQLType {
  /// The values of a type of integers.
  fileprivate var integerRange: ClosedRange<Int64>? {
    switch self {
    case .tinyint: Int64(Int8.min)...Int64(Int8.max)
    case .smallint: Int64(Int16.min)...Int64(Int16.max)
    case .integer: Int64(Int32.min)...Int64(Int32.max)
    case .bigint: Int64.min...Int64.max
    default: nil
    }
  }
}
