import ApusValues
import ApusVectors

extension ColumnDomain {
  /// Returns a domain that holds at least what lies in both domains of one type.
  func intersection(_ other: ColumnDomain) -> ColumnDomain {
    var common: [Range] = []
    for left in ranges {
      for right in other.ranges {
        if let range = left.intersection(right) { common.append(range) }
      }
    }
    return ColumnDomain(type: type, allowsNull: allowsNull && other.allowsNull, ranges: common)
  }
}

extension ColumnDomain.Range {
  /// Returns what lies in both; nil if nothing can.
  fileprivate func intersection(_ other: ColumnDomain.Range) -> ColumnDomain.Range? {
    var result = self
    if let bound = other.lower {
      let order = lower.map { Value.compare(bound, $0) } ?? 1
      if order > 0 || (order == 0 && !other.lowerIsInclusive) {
        result.lower = bound
        result.lowerIsInclusive = other.lowerIsInclusive
      }
    }
    if let bound = other.upper {
      let order = upper.map { Value.compare(bound, $0) } ?? -1
      if order < 0 || (order == 0 && !other.upperIsInclusive) {
        result.upper = bound
        result.upperIsInclusive = other.upperIsInclusive
      }
    }
    if let lower = result.lower, let upper = result.upper, Value.compare(lower, upper) > 0 {
      return nil
    }
    return result
  }
}
