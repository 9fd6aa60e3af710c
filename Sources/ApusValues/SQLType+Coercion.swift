// The one table of implicit conversions: what an operator, a function argument, a UNION or a
// CASE may widen without a CAST. Trino's rules (TypeCoercion), which are Athena's.

extension SQLType {
  /// Returns the narrowest type that both types convert to without a CAST, or nil if there is none.
  public static func common(_ left: SQLType, _ right: SQLType) -> SQLType? {
    if left == right { return left }
    switch (left, right) {
    case (.unknown, let other), (let other, .unknown):
      return other
    case (.decimal(let p1, let s1), .decimal(let p2, let s2)):
      let scale = max(s1, s2)
      let precision = min(38, max(p1 - s1, p2 - s2) + scale)
      return .decimal(precision: precision, scale: scale)
    case (.varchar(let a), .varchar(let b)):
      guard let a, let b else { return .text }
      return .varchar(length: max(a, b))
    case (.char(let a), .char(let b)):
      return .char(length: max(a, b))
    case (.char(let a), .varchar(let b)), (.varchar(let b), .char(let a)):
      guard let b else { return .text }
      return .varchar(length: max(a, b))
    case (.timestamp(let a), .timestamp(let b)):
      return .timestamp(precision: max(a, b))
    case (.time(let a), .time(let b)):
      return .time(precision: max(a, b))
    case (.date, .timestamp(let precision)), (.timestamp(let precision), .date):
      return .timestamp(precision: precision)
    default:
      guard left.isNumeric, right.isNumeric else { return nil }
      return commonNumeric(left, right)
    }
  }

  /// Whether a value of this type becomes one of `target` without a CAST.
  public func isCoercible(to target: SQLType) -> Bool { SQLType.common(self, target) == target }

  private static func commonNumeric(_ left: SQLType, _ right: SQLType) -> SQLType? {
    if left == .double || right == .double { return .double }
    if left == .real || right == .real { return .real }
    if left.isDecimal || right.isDecimal {
      guard let a = left.asDecimal, let b = right.asDecimal else { return nil }
      return common(a, b)
    }
    return left.integerRank >= right.integerRank ? left : right
  }

  private var integerRank: Int {
    switch self {
    case .tinyint: 1
    case .smallint: 2
    case .integer: 3
    default: 4
    }
  }

  /// The decimal that holds every value of an integer type; a decimal itself; nil for the rest.
  public var asDecimal: SQLType? {
    switch self {
    case .tinyint: .decimal(precision: 3, scale: 0)
    case .smallint: .decimal(precision: 5, scale: 0)
    case .integer: .decimal(precision: 10, scale: 0)
    case .bigint: .decimal(precision: 19, scale: 0)
    case .decimal: self
    default: nil
    }
  }
}
