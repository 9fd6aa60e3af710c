public import ApusValues

/// What a predicate allows a column to be: a necessary condition, used to skip files, row groups
/// and pages. Rows that pass still meet the filter itself.
public struct ColumnDomain: Sendable, Hashable {
  /// Values from `lower` to `upper`, ends included unless said otherwise; nil is unbounded.
  public struct Range: Sendable, Hashable {
    public var lower: Value?
    public var lowerIsInclusive: Bool
    public var upper: Value?
    public var upperIsInclusive: Bool

    public init(
      lower: Value?,
      lowerIsInclusive: Bool = true,
      upper: Value?,
      upperIsInclusive: Bool = true
    ) {
      self.lower = lower
      self.lowerIsInclusive = lowerIsInclusive
      self.upper = upper
      self.upperIsInclusive = upperIsInclusive
    }

    public static func exactly(_ value: Value) -> Range { Range(lower: value, upper: value) }

    public func contains(_ value: Value) -> Bool {
      if let lower {
        let order = Value.compare(value, lower)
        if order < 0 || (order == 0 && !lowerIsInclusive) { return false }
      }
      if let upper {
        let order = Value.compare(value, upper)
        if order > 0 || (order == 0 && !upperIsInclusive) { return false }
      }
      return true
    }

    /// Whether any value between `minimum` and `maximum` may lie in the range.
    public func overlaps(minimum: Value, maximum: Value) -> Bool {
      if let lower {
        let order = Value.compare(maximum, lower)
        if order < 0 || (order == 0 && !lowerIsInclusive) { return false }
      }
      if let upper {
        let order = Value.compare(minimum, upper)
        if order > 0 || (order == 0 && !upperIsInclusive) { return false }
      }
      return true
    }
  }

  /// The column's type, which all bounds have.
  public var type: SQLType
  public var allowsNull: Bool
  /// Alternatives; none means that no value but perhaps NULL passes.
  public var ranges: [Range]

  public init(type: SQLType, allowsNull: Bool, ranges: [Range]) {
    self.type = type
    self.allowsNull = allowsNull
    self.ranges = ranges
  }

  /// Whether the one value may pass.
  public func contains(_ value: Value) -> Bool {
    value.isNull ? allowsNull : ranges.contains { $0.contains(value) }
  }

  /// Whether a value between `minimum` and `maximum` may pass.
  public func overlaps(minimum: Value, maximum: Value) -> Bool {
    ranges.contains { $0.overlaps(minimum: minimum, maximum: maximum) }
  }
}

extension Value {
  /// Compares two values of one type that are not NULL, as SQL does; NaN is largest.
  ///
  /// - Returns: a negative number, 0 or a positive number.
  public static func compare(_ left: Value, _ right: Value) -> Int {
    switch (left, right) {
    case (.boolean(let a), .boolean(let b)): (a ? 1 : 0) - (b ? 1 : 0)
    case (.integer(let a), .integer(let b)): a < b ? -1 : a == b ? 0 : 1
    case (.real(let a), .real(let b)): compareFloating(Double(a), Double(b))
    case (.double(let a), .double(let b)): compareFloating(a, b)
    case (.text(let a), .text(let b)):
      Array(a.utf8).withUnsafeBytes { x in Array(b.utf8).withUnsafeBytes { compareBytes(x, $0) } }
    case (.binary(let a), .binary(let b)):
      a.withUnsafeBytes { x in b.withUnsafeBytes { compareBytes(x, $0) } }
    default:
      if let a = left.int128, let b = right.int128 { a < b ? -1 : a == b ? 0 : 1 } else { 0 }
    }
  }

  private static func compareFloating(_ a: Double, _ b: Double) -> Int {
    if a < b { return -1 }
    if a > b { return 1 }
    if a == b { return 0 }
    return (a.isNaN ? 1 : 0) - (b.isNaN ? 1 : 0)
  }
}
