import ApusPlanner
import ApusValues
import ApusVectors

/// The rows that a function sees from each row of a segment: `starts[i]..<ends[i]`, empty where the
/// start is not below the end.
struct WindowFrames {
  var starts: [Int32]
  var ends: [Int32]

  var count: Int { starts.count }
}

extension WindowSegment {
  /// Computes the frames of all rows.
  ///
  /// - Throws: INVALID_WINDOW_FRAME for an offset that is negative or NULL.
  func frames(_ frame: WindowSpecification.Frame) throws(SQLError) -> WindowFrames {
    WindowFrames(
      starts: try edges(frame.start, frame, isStart: true),
      ends: try edges(frame.end, frame, isStart: false)
    )
  }

  private static var invalidOffset: SQLError {
    SQLError(.invalidWindowFrame, "Window frame offset value must not be negative or null")
  }

  /// Computes one end of all frames.
  private func edges(
    _ bound: WindowSpecification.Bound,
    _ frame: WindowSpecification.Frame,
    isStart: Bool
  ) throws(SQLError) -> [Int32] {
    var edges = [Int32](repeating: 0, count: range.count)
    let first = range.lowerBound
    switch bound {
    case .unboundedPreceding:
      forEachPartition { partition, rows in
        for row in rows { edges[row - first] = Int32(truncatingIfNeeded: partition.lowerBound) }
      }
    case .unboundedFollowing:
      forEachPartition { partition, rows in
        for row in rows { edges[row - first] = Int32(truncatingIfNeeded: partition.upperBound) }
      }
    case .currentRow where frame.unit == .rows:
      for row in range { edges[row - first] = Int32(truncatingIfNeeded: isStart ? row : row + 1) }
    case .currentRow:
      forEachPeerGroup { _, peers, _, _ in
        let edge = Int32(truncatingIfNeeded: isStart ? peers.lowerBound : peers.upperBound)
        for row in peers.clamped(to: range) { edges[row - first] = edge }
      }
    case .preceding(let offset, let limit):
      try move(&edges, frame, offset, limit, sign: -1, isStart: isStart)
    case .following(let offset, let limit):
      try move(&edges, frame, offset, limit, sign: 1, isStart: isStart)
    }
    return edges
  }

  /// Computes the ends of frames that lie an offset away.
  private func move(
    _ edges: inout [Int32],
    _ frame: WindowSpecification.Frame,
    _ offset: Int,
    _ limit: WindowSpecification.Limit?,
    sign: Int,
    isStart: Bool
  ) throws(SQLError) {
    switch frame.unit {
    case .rows:
      try moveByRows(&edges, try distances(offset), sign: sign, isStart: isStart)
    case .groups:
      try moveByGroups(&edges, try distances(offset), sign: sign, isStart: isStart)
    case .range:
      guard let limit, let order = rows.specification.orders.first else {
        throw .internal("a RANGE frame with an offset but without a limit")
      }
      try checkRangeOffsets(column(offset))
      findLimits(column(limit.value), key: column(limit.key), order, isStart: isStart, &edges)
    }
  }

  /// The offsets of the rows of the segment, in rows or groups.
  private func distances(_ offset: Int) throws(SQLError) -> [Int] {
    let offsets = bigints(offset)
    var distances: [Int] = []
    distances.reserveCapacity(range.count)
    for row in range {
      guard let value = offsets[row], value >= 0 else { throw WindowSegment.invalidOffset }
      // No partition has so many rows, and sums stay within Int.
      distances.append(min(value, Int(Int32.max)))
    }
    return distances
  }

  private func moveByRows(_ edges: inout [Int32], _ distances: [Int], sign: Int, isStart: Bool)
    throws(SQLError)
  {
    let first = range.lowerBound
    let step = isStart ? 0 : 1
    forEachPartition { partition, rows in
      for row in rows {
        let edge = row + sign * distances[row - first] + step
        edges[row - first] = Int32(
          truncatingIfNeeded: min(max(edge, partition.lowerBound), partition.upperBound)
        )
      }
    }
  }

  private func moveByGroups(_ edges: inout [Int32], _ distances: [Int], sign: Int, isStart: Bool)
    throws(SQLError)
  {
    let first = range.lowerBound
    let step = isStart ? 0 : 1
    let starts = rows.peerStarts
    forEachPeerGroup { partition, peers, group, ordinal in
      let firstGroup = group - ordinal
      for row in peers.clamped(to: range) {
        let target = max(group + sign * distances[row - first] + step, firstGroup)
        // Groups behind the partition's are cut off by its end.
        let edge = target < starts.count ? Int(starts[target]) : partition.upperBound
        edges[row - first] = Int32(truncatingIfNeeded: min(edge, partition.upperBound))
      }
    }
  }

  private func checkRangeOffsets(_ offsets: ColumnVector) throws(SQLError) {
    for row in range {
      let isValid: Bool =
        switch offsets.value(row) {
        case .integer(let value): value >= 0
        case .wide(let value): value >= 0
        case .real(let value): value >= 0
        case .double(let value): value >= 0
        case .null, .boolean, .zoned, .text, .binary, .array, .map, .row: false
        }
      guard isValid else { throw WindowSegment.invalidOffset }
    }
  }

  /// Finds for each row where, in its partition, keys reach its limit. Rows whose key is NULL see
  /// their peers.
  private func findLimits(
    _ limits: ColumnVector,
    key: ColumnVector,
    _ order: SortOrder,
    isStart: Bool,
    _ edges: inout [Int32]
  ) {
    switch key.type.physicalType {
    case .int8: findLimits(limits, key, order, isStart, &edges, as: Int8.self) { $0 < $1 }
    case .int16: findLimits(limits, key, order, isStart, &edges, as: Int16.self) { $0 < $1 }
    case .int32: findLimits(limits, key, order, isStart, &edges, as: Int32.self) { $0 < $1 }
    case .int64: findLimits(limits, key, order, isStart, &edges, as: Int64.self) { $0 < $1 }
    case .int128: findLimits(limits, key, order, isStart, &edges, as: Int128.self) { $0 < $1 }
    case .float32:
      findLimits(limits, key, order, isStart, &edges, as: Float.self) {
        SortKeyWords.ordered($0) < SortKeyWords.ordered($1)
      }
    case .float64:
      findLimits(limits, key, order, isStart, &edges, as: Double.self) {
        SortKeyWords.ordered($0) < SortKeyWords.ordered($1)
      }
    case .boolean, .string:
      // The binder lets only numbers, dates and intervals have offsets.
      break
    }
  }

  @inline(__always)
  private func findLimits<Element: BitwiseCopyable>(
    _ limits: ColumnVector,
    _ key: ColumnVector,
    _ order: SortOrder,
    _ isStart: Bool,
    _ edges: inout [Int32],
    as element: Element.Type,
    isLess: (Element, Element) -> Bool
  ) {
    let keyValues = key.values(as: Element.self)
    let limitValues = limits.values(as: Element.self)
    let first = range.lowerBound
    let isAscending = order.isAscending
    forEachPeerGroup { _, peers, _, _ in
      let edge = Int32(truncatingIfNeeded: isStart ? peers.lowerBound : peers.upperBound)
      for row in peers.clamped(to: range) { edges[row - first] = edge }
    }
    forEachPartition { partition, rows in
      let values = withoutNulls(partition, key)
      // Limits mostly ascend with the rows: the search begins where the last one ended.
      var position = values.lowerBound
      for row in rows where !key.isNull(row) && !limits.isNull(row) {
        let limit = limitValues[row]
        position = partitionPoint(values, near: position) { candidate in
          let value = keyValues[candidate]
          let (a, b) = isStart ? (value, limit) : (limit, value)
          let isBefore = isAscending ? isLess(a, b) : isLess(b, a)
          return isStart ? isBefore : !isBefore
        }
        edges[row - first] = Int32(truncatingIfNeeded: position)
      }
    }
  }

  /// The rows of a partition whose key is not NULL: NULLs lie at one end.
  private func withoutNulls(_ partition: Range<Int>, _ key: ColumnVector) -> Range<Int> {
    guard key.mayHaveNulls, let last = partition.last else { return partition }
    if key.isNull(partition.lowerBound) {
      let start = partitionPoint(partition, near: partition.lowerBound) { key.isNull($0) }
      return start..<partition.upperBound
    }
    guard key.isNull(last) else { return partition }
    let end = partitionPoint(partition, near: partition.lowerBound) { !key.isNull($0) }
    return partition.lowerBound..<end
  }

  /// Returns the first row of a range that does not satisfy a condition that holds for all rows up
  /// to some place, in steps that grow with the distance from `start`.
  @inline(__always)
  private func partitionPoint(
    _ rows: Range<Int>,
    near start: Int,
    _ condition: (Int) -> Bool
  ) -> Int {
    var lower = rows.lowerBound
    var upper = rows.upperBound
    var step = 1
    if start < upper, condition(start) {
      lower = start + 1
      while lower + step < upper, condition(lower + step - 1) {
        lower += step
        step *= 2
      }
      upper = min(lower + step, upper)
    } else {
      upper = min(start, upper)
      while upper - step >= lower, !condition(upper - step) {
        upper -= step
        step *= 2
      }
      lower = max(upper - step, lower)
    }
    while lower < upper {
      let middle = (lower + upper) / 2
      if condition(middle) { lower = middle + 1 } else { upper = middle }
    }
    return lower
  }
}
