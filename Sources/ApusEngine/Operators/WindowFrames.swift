import ApusPlanner
import ApusValues
import ApusVectors

/// The rows that a function sees from each row: `starts[row]..<ends[row]`, empty where the start is
/// not below the end.
struct WindowFrames {
  var starts: [Int]
  var ends: [Int]
}

extension WindowSegment {
  /// Computes the frames of all rows.
  ///
  /// - Throws: INVALID_WINDOW_FRAME for an offset that is negative or NULL.
  func frames(_ frame: WindowSpecification.Frame) throws(SQLError) -> WindowFrames {
    var frames = WindowFrames(
      starts: Array(repeating: 0, count: rowCount),
      ends: Array(repeating: 0, count: rowCount)
    )
    switch frame.unit {
    case .rows: try fillRows(frame, &frames)
    case .range: try fillRange(frame, &frames)
    case .groups: try fillGroups(frame, &frames)
    }
    return frames
  }

  private func offsets(_ bound: WindowSpecification.Bound) throws(SQLError) -> [Int] {
    switch bound {
    case .unboundedPreceding, .currentRow, .unboundedFollowing:
      return []
    case .preceding(let offset, _), .following(let offset, _):
      var offsets: [Int] = []
      offsets.reserveCapacity(rowCount)
      for value in integers(offset) {
        guard let value, value >= 0 else { throw WindowSegment.invalidOffset }
        // No partition has so many rows, and sums stay within Int.
        offsets.append(min(value, Int(Int32.max)))
      }
      return offsets
    }
  }

  private static var invalidOffset: SQLError {
    SQLError(.invalidWindowFrame, "Window frame offset value must not be negative or null")
  }

  private func fillRows(_ frame: WindowSpecification.Frame, _ frames: inout WindowFrames)
    throws(SQLError)
  {
    let startOffsets = try offsets(frame.start)
    let endOffsets = try offsets(frame.end)
    for partition in partitions {
      for row in partition {
        let start =
          switch frame.start {
          case .unboundedPreceding: partition.lowerBound
          case .preceding: row - startOffsets[row]
          case .currentRow: row
          case .following: row + startOffsets[row]
          case .unboundedFollowing: partition.upperBound
          }
        let end =
          switch frame.end {
          case .unboundedPreceding: partition.lowerBound
          case .preceding: row - endOffsets[row] + 1
          case .currentRow: row + 1
          case .following: row + endOffsets[row] + 1
          case .unboundedFollowing: partition.upperBound
          }
        frames.starts[row] = min(max(start, partition.lowerBound), partition.upperBound)
        frames.ends[row] = min(max(end, partition.lowerBound), partition.upperBound)
      }
    }
  }

  private func fillGroups(_ frame: WindowSpecification.Frame, _ frames: inout WindowFrames)
    throws(SQLError)
  {
    let startOffsets = try offsets(frame.start)
    let endOffsets = try offsets(frame.end)
    var firstGroup = 0
    for partition in partitions {
      var endGroup = firstGroup
      while peerStarts[endGroup] < partition.upperBound { endGroup += 1 }
      // The row at which a group begins, for groups outside the partition its edge.
      func groupStart(_ group: Int) -> Int { peerStarts[min(max(group, firstGroup), endGroup)] }
      for group in firstGroup..<endGroup {
        for row in peerStarts[group]..<peerStarts[group + 1] {
          frames.starts[row] =
            switch frame.start {
            case .unboundedPreceding: partition.lowerBound
            case .preceding: groupStart(group - startOffsets[row])
            case .currentRow: peerStarts[group]
            case .following: groupStart(group + startOffsets[row])
            case .unboundedFollowing: partition.upperBound
            }
          frames.ends[row] =
            switch frame.end {
            case .unboundedPreceding: partition.lowerBound
            case .preceding: groupStart(group - endOffsets[row] + 1)
            case .currentRow: peerStarts[group + 1]
            case .following: groupStart(group + endOffsets[row] + 1)
            case .unboundedFollowing: partition.upperBound
            }
        }
      }
      firstGroup = endGroup
    }
  }

  private func fillRange(_ frame: WindowSpecification.Frame, _ frames: inout WindowFrames)
    throws(SQLError)
  {
    try fillRangeBound(frame.start, frame.rangeKey, isStart: true, &frames.starts)
    try fillRangeBound(frame.end, frame.rangeKey, isStart: false, &frames.ends)
  }

  private func fillRangeBound(
    _ bound: WindowSpecification.Bound,
    _ rangeKey: Int?,
    isStart: Bool,
    _ edges: inout [Int]
  ) throws(SQLError) {
    switch bound {
    case .unboundedPreceding:
      for partition in partitions { for row in partition { edges[row] = partition.lowerBound } }
    case .unboundedFollowing:
      for partition in partitions { for row in partition { edges[row] = partition.upperBound } }
    case .currentRow:
      for peers in peerGroups {
        for row in peers { edges[row] = isStart ? peers.lowerBound : peers.upperBound }
      }
    case .preceding(let offset, let limit), .following(let offset, let limit):
      guard let rangeKey, let limit, let order = specification.orders.first else {
        throw .internal("a RANGE frame with an offset but without a limit")
      }
      try checkRangeOffsets(offset)
      findLimits(column(limit), key: column(rangeKey), order, isStart: isStart, &edges)
    }
  }

  private func checkRangeOffsets(_ offset: Int) throws(SQLError) {
    let offsets = column(offset)
    for row in 0..<rowCount {
      let isValid: Bool =
        switch offsets.value(row) {
        case .integer(let value): value >= 0
        case .wide(let value): value >= 0
        case .real(let value): value >= 0
        case .double(let value): value >= 0
        case .null, .boolean, .text, .binary: false
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
    _ edges: inout [Int]
  ) {
    // Keys and limits in one column, so that one comparator compares them.
    let both = ColumnVector.concatenated([key, limits], type: key.type)
    let comparator = RowComparator(
      [SortOrder(type: key.type, isAscending: order.isAscending, nullsFirst: order.nullsFirst)],
      keys: [both]
    )
    var peers = 0
    for partition in partitions {
      // NULLs lie at one end.
      var values = partition
      while let first = values.first, key.isNull(first) { values = first + 1..<values.upperBound }
      while let last = values.last, key.isNull(last) { values = values.lowerBound..<last }
      for row in partition {
        while peerStarts[peers + 1] <= row { peers += 1 }
        if key.isNull(row) || limits.isNull(row) {
          edges[row] = isStart ? peerStarts[peers] : peerStarts[peers + 1]
          continue
        }
        var lower = values.lowerBound
        var upper = values.upperBound
        while lower < upper {
          let middle = (lower + upper) / 2
          let comparison = comparator.compare(middle, rowCount + row)
          if comparison < 0 || (comparison == 0 && !isStart) {
            lower = middle + 1
          } else {
            upper = middle
          }
        }
        edges[row] = lower
      }
    }
  }
}
