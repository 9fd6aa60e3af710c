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
    case (.date, .timestampWithTimeZone(let precision)),
      (.timestampWithTimeZone(let precision), .date):
      return .timestampWithTimeZone(precision: precision)
    case (.timestamp(let a), .timestampWithTimeZone(let b)),
      (.timestampWithTimeZone(let a), .timestamp(let b)),
      (.timestampWithTimeZone(let a), .timestampWithTimeZone(let b)):
      return .timestampWithTimeZone(precision: max(a, b))
    case (.time(let a), .timeWithTimeZone(let b)), (.timeWithTimeZone(let a), .time(let b)),
      (.timeWithTimeZone(let a), .timeWithTimeZone(let b)):
      return .timeWithTimeZone(precision: max(a, b))
    case (.array(let a), .array(let b)):
      return common(a, b).map { .array($0) }
    case (.map(let aKey, let aValue), .map(let bKey, let bValue)):
      guard let key = common(aKey, bKey), let value = common(aValue, bValue) else { return nil }
      return .map(key: key, value: value)
    case (.row(let a), .row(let b)):
      return common(a, b).map { .row($0) }
    default:
      guard left.isNumeric, right.isNumeric else { return nil }
      return commonNumeric(left, right)
    }
  }

  /// Fields agree by position; names that differ are lost.
  private static func common(_ left: [RowField], _ right: [RowField]) -> [RowField]? {
    guard left.count == right.count else { return nil }
    var fields: [RowField] = []
    for (a, b) in zip(left, right) {
      guard let type = common(a.type, b.type) else { return nil }
      fields.append(RowField(a.name == b.name ? a.name : nil, type))
    }
    return fields
  }

  /// Whether a value of this type becomes one of `target` without a CAST.
  public func isCoercible(to target: SQLType) -> Bool {
    switch (self, target) {
    case (.array(let element), .array(let targetElement)):
      return element.isCoercible(to: targetElement)
    case (.map(let key, let value), .map(let targetKey, let targetValue)):
      return key.isCoercible(to: targetKey) && value.isCoercible(to: targetValue)
    case (.row(let fields), .row(let targets)):
      return fields.count == targets.count
        && zip(fields, targets).allSatisfy { $0.type.isCoercible(to: $1.type) }
    default:
      return SQLType.common(self, target) == target
    }
  }

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
