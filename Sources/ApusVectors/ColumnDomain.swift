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
  public var ranges: [Range] {
    didSet { isAscending = ColumnDomain.areAscending(ranges) }
  }
  /// Whether each range ends before the next begins, so that a value's can be searched for.
  private var isAscending: Bool

  public init(type: SQLType, allowsNull: Bool, ranges: [Range]) {
    self.type = type
    self.allowsNull = allowsNull
    self.ranges = ranges
    isAscending = ColumnDomain.areAscending(ranges)
  }

  private static func areAscending(_ ranges: [Range]) -> Bool {
    zip(ranges, ranges.dropFirst()).allSatisfy { range, next in
      guard let upper = range.upper, let lower = next.lower else { return false }
      return Value.compare(upper, lower) < 0
    }
  }

  /// Whether the one value may pass.
  public func contains(_ value: Value) -> Bool {
    value.isNull ? allowsNull : overlaps(minimum: value, maximum: value)
  }

  /// Whether a value between `minimum` and `maximum` may pass.
  public func overlaps(minimum: Value, maximum: Value) -> Bool {
    candidates(from: minimum).contains { $0.overlaps(minimum: minimum, maximum: maximum) }
  }

  /// Whether one range has all values between `minimum` and `maximum`.
  public func covers(minimum: Value, maximum: Value) -> Bool {
    candidates(from: minimum).contains { $0.contains(minimum) && $0.contains(maximum) }
  }

  /// The ranges of which one must have a value from `minimum` on, if it is to be the first that has.
  private func candidates(from minimum: Value) -> ArraySlice<Range> {
    guard isAscending else { return ranges[...] }
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      let endsBefore = ranges[middle].upper.map { Value.compare($0, minimum) < 0 } ?? false
      if endsBefore { low = middle + 1 } else { high = middle }
    }
    // A range that ends just there may not have its end.
    return ranges[low...].prefix(2)
  }
}
