import ApusValues

extension Expression {
  /// Returns the expression converted to a type that it coerces to; literals convert at once.
  func coerced(to target: SQLType, at range: SourceRange?) -> Expression {
    if type == target { return self }
    if case .literal(let literal) = self, let value = literal.value.widened(from: type, to: target)
    {
      return .literal(Literal(value, target))
    }
    return .cast(Cast(self, to: target, range: range))
  }
}

extension Value {
  /// Converts a literal between types where that changes no meaning; nil where a cast has to run.
  func widened(from type: SQLType, to target: SQLType) -> Value? {
    switch (self, target) {
    case (.null, _):
      return .null
    case (.integer(let value), _) where type.isInteger:
      switch target {
      case .tinyint, .smallint, .integer, .bigint: return .integer(value)
      case .double: return .double(Double(value))
      case .real: return .real(Float(value))
      case .decimal(let precision, let scale):
        return Value.decimal(Int128(value), from: 0, to: scale, precision: precision)
      default: return nil
      }
    case (.integer, .decimal(let precision, let scale)),
      (.wide, .decimal(let precision, let scale)):
      guard case .decimal(_, let ownScale) = type, let value = int128 else { return nil }
      return Value.decimal(value, from: ownScale, to: scale, precision: precision)
    case (.real(let value), .double):
      return .double(Double(value))
    case (.text, .varchar(let length)):
      guard case .varchar(let ownLength) = type else { return nil }
      guard let length else { return self }
      return (ownLength ?? Int.max) <= length ? self : nil
    default:
      return nil
    }
  }

  private static func decimal(_ value: Int128, from scale: Int, to target: Int, precision: Int)
    -> Value?
  {
    guard
      let unscaled = Decimal.rescale(value, from: scale, to: target, precision: precision)
    else { return nil }
    return precision <= 18 ? .integer(Int64(unscaled)) : .wide(unscaled)
  }
}
