/// Rows of a row group as ranges, ascending and apart from each other.
public struct RowRanges: Sendable, Hashable {
  public private(set) var ranges: [Range<Int>]

  /// - Parameter ranges: ascending, not overlapping; those that touch become one.
  init(_ ranges: [Range<Int>]) {
    self.ranges = []
    for range in ranges where !range.isEmpty {
      if let last = self.ranges.last, last.upperBound == range.lowerBound {
        self.ranges[self.ranges.count - 1] = last.lowerBound..<range.upperBound
      } else {
        self.ranges.append(range)
      }
    }
  }

  /// All rows of a row group.
  init(count: Int) { self.init([0..<count]) }

  public var isEmpty: Bool { ranges.isEmpty }

  /// The number of rows.
  public var count: Int { ranges.reduce(0) { $0 + $1.count } }

  /// The rows in both.
  func intersection(_ other: RowRanges) -> RowRanges {
    var common: [Range<Int>] = []
    var (mine, others) = (0, 0)
    while mine < ranges.count, others < other.ranges.count {
      let (left, right) = (ranges[mine], other.ranges[others])
      if left.overlaps(right) { common.append(left.clamped(to: right)) }
      if left.upperBound < right.upperBound { mine += 1 } else { others += 1 }
    }
    return RowRanges(common)
  }

  /// Whether any row lies in a range.
  func overlaps(_ range: Range<Int>) -> Bool {
    // The first range that ends behind the start of the one asked for.
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound <= range.lowerBound { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && !range.isEmpty && ranges[low].lowerBound < range.upperBound
  }
}
