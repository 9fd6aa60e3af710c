import ApusValues

/// Compares a column in its own type where a literal of a wider type made it be converted.
///
/// A conversion that keeps order and never maps two values to one can be taken off a comparison,
/// if the literal has a counterpart in the narrower type. Then statistics apply, and no row has to
/// be converted.
enum CastUnwrapping {
  /// Returns the same condition without the conversion, or nil if there is none to take off.
  static func unwrap(_ comparison: Comparison) -> Expression? {
    if case .cast(let cast) = comparison.left, case .literal(let literal) = comparison.right {
      return unwrap(comparison.op, cast, literal)
    }
    if case .cast(let cast) = comparison.right, case .literal(let literal) = comparison.left {
      return unwrap(comparison.op.mirrored, cast, literal)
    }
    return nil
  }

  private static func unwrap(_ op: Comparison.Operator, _ cast: Cast, _ literal: Literal)
    -> Expression?
  {
    let source = cast.operand.type
    guard !cast.isTry, op != .isDistinctFrom else { return nil }
    func compare(_ op: Comparison.Operator, _ value: Value) -> Expression {
      .comparison(Comparison(op, cast.operand, .literal(Literal(value, source))))
    }
    switch (source, literal.value) {
    case (_, .integer(let value)) where source.isInteger && literal.type.isInteger:
      return source.holds(value) ? compare(op, .integer(value)) : nil
    case (.decimal(let precision, let scale), .double(let value)) where precision <= 15:
      return unwrapDecimal(op, value, precision, scale).map {
        compare($0.op, .integer($0.unscaled))
      }
    case (_, .double(let value)) where source.isInteger && source != .bigint:
      return unwrapDecimal(op, value, 9, 0).flatMap {
        source.holds($0.unscaled) ? compare($0.op, .integer($0.unscaled)) : nil
      }
    default:
      return nil
    }
  }

  /// Finds the decimal bound that separates the column's values as the double does.
  ///
  /// Up to 15 digits, decimals convert to distinct doubles in the same order. So either the double
  /// is the image of a decimal, or it lies between two neighbours.
  private static func unwrapDecimal(
    _ op: Comparison.Operator,
    _ value: Double,
    _ precision: Int,
    _ scale: Int
  ) -> (op: Comparison.Operator, unscaled: Int64)? {
    let power = Double(PowersOfTen.narrow[scale])
    let scaled = (value * power).rounded()
    guard scaled.magnitude < 1e15 else { return nil }
    let candidate = Int64(scaled)
    guard Decimal.fits(Int128(candidate), precision: precision) else { return nil }
    let image = Double(candidate) / power
    if image == value { return (op, candidate) }
    let below = image < value ? candidate : candidate - 1
    switch op {
    case .less, .lessOrEqual: return (.lessOrEqual, below)
    case .greater, .greaterOrEqual: return (.greater, below)
    case .equal, .notEqual, .isDistinctFrom: return nil
    }
  }
}
