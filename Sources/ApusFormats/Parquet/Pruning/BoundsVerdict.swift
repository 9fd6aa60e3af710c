public import ApusValues
public import ApusVectors

/// What bounds say of the values of a piece (a file, a row group, a page) and a domain.
public enum BoundsVerdict: Sendable, Hashable {
  /// No row meets the domain.
  case none
  /// Some rows may.
  case some
  /// All rows do.
  case all
  /// There are no bounds.
  case unknown
  /// The domain's values do not compare with the column's.
  case incomparable

  /// Whether smaller pieces may do without rows of this one.
  var isOpen: Bool { self == .some || self == .unknown }
}

extension ParquetFile {
  /// Whether a row group may have rows that meet all domains, by its statistics alone.
  ///
  /// - Parameter domains: by column index of this file. A domain of another type than the column
  ///   counts where its values compare: integers of any width, real with double, decimals of one
  ///   scale, timestamps in one unit.
  public func mayMatch(rowGroup: Int, domains: [Int: ColumnDomain]) -> Bool {
    if rowCount(ofRowGroup: rowGroup) == 0 { return false }
    return domains.allSatisfy { column, domain in
      verdict(on: domain, column: column, rowGroup: rowGroup) != .none
    }
  }

  /// What the statistics of a row group say of a domain.
  public func verdict(on domain: ColumnDomain, column: Int, rowGroup: Int) -> BoundsVerdict {
    statistics(column: column, rowGroup: rowGroup).verdict(
      on: domain,
      columnType: fields[column].type
    )
  }
}

extension ColumnBounds {
  /// Whether values with these statistics may lie in a domain.
  ///
  /// - Parameter columnType: the type of the bounds here.
  public func mayMatch(_ domain: ColumnDomain, columnType: SQLType) -> Bool {
    verdict(on: domain, columnType: columnType) != .none
  }

  /// - Parameter columnType: the type of the bounds here.
  public func verdict(on domain: ColumnDomain, columnType: SQLType) -> BoundsVerdict {
    let nullMayMatch = domain.allowsNull && nullCount != 0
    if isAllNull { return nullMayMatch ? .all : .none }
    if domain.ranges.isEmpty { return nullMayMatch ? .some : .none }
    guard let low = minimum, let high = maximum else { return .unknown }
    guard let (low, high) = comparable(low, high, from: columnType, to: domain.type) else {
      return .incomparable
    }
    // A NaN shows in no bound. Whatever leaves out values in the middle (x <> 5) lets it pass.
    if columnType.isFloatingPoint, domain.ranges.contains(where: { $0.lower == nil }),
      domain.ranges.contains(where: { $0.upper == nil })
    {
      return .some
    }
    guard domain.overlaps(minimum: low, maximum: high) else { return nullMayMatch ? .some : .none }
    let isWhole =
      (domain.allowsNull || nullCount == 0) && !columnType.isFloatingPoint
      && domain.covers(minimum: low, maximum: high)
    return isWhole ? .all : .some
  }

  /// Whether all values with these statistics lie in a domain.
  ///
  /// - Parameter columnType: the type of the bounds here.
  public func mustMatch(_ domain: ColumnDomain, columnType: SQLType) -> Bool {
    guard let nullCount, nullCount == 0 || domain.allowsNull else { return false }
    if isAllNull { return true }
    // A NaN shows in no bound.
    guard !columnType.isFloatingPoint, let minimum, let maximum,
      let (low, high) = comparable(minimum, maximum, from: columnType, to: domain.type)
    else { return false }
    return domain.ranges.contains { $0.contains(low) && $0.contains(high) }
  }

  /// The bounds as values of another type; nil if they do not compare.
  private func comparable(
    _ low: Value,
    _ high: Value,
    from: SQLType,
    to: SQLType
  ) -> (Value, Value)? {
    if from == to { return (low, high) }
    switch (from, to) {
    case (.tinyint, _), (.smallint, _), (.integer, _), (.bigint, _):
      return to.isInteger ? (low, high) : nil
    case (.varchar, .varchar):
      return (low, high)
    case (.decimal(_, let s1), .decimal(_, let s2)):
      return s1 == s2 ? (low, high) : nil
    case (.timestamp, .timestamp):
      return from.physicalType == to.physicalType ? (low, high) : nil
    case (.real, .double):
      guard case .real(let low) = low, case .real(let high) = high else { return nil }
      return (.double(Double(low)), .double(Double(high)))
    default:
      return nil
    }
  }
}
