import ApusValues
import ApusVectors

extension WindowSegment {
  /// Computes an aggregate over each row's frame.
  ///
  /// Frames that are whole partitions are one group each. Frames that only grow from the start of
  /// the partition, or only shrink towards its end, feed each row once and ask for results on the
  /// way. All others are fed row by row of each frame, many frames at a time.
  func evaluate(
    _ function: WindowSpecification.Function,
    _ cancellation: CancellationToken,
    makeAccumulator: () throws(SQLError) -> any Accumulator
  ) throws(SQLError) -> ColumnVector {
    let frames = try frames(function.frame)
    let arguments = function.arguments.map { column($0) }
    let counted = function.filter.map {
      Selection.all(rowCount).intersection(whereTrue: column($0))
    }
    // 1 for rows that count.
    var flags: [Bool]?
    if let indices = counted?.indices {
      var rows = Array(repeating: false, count: rowCount)
      for row in indices { rows[Int(row)] = true }
      flags = rows
    }
    let input = WindowAggregateInput(arguments: arguments, flags: flags)
    if isWholePartitions(frames) {
      return try aggregatePartitions(input, try makeAccumulator())
    }
    if isGrowing(frames) {
      return try aggregate(growingSteps(frames), input, try makeAccumulator(), cancellation)
    }
    if isShrinking(frames) {
      return try aggregate(shrinkingSteps(frames), input, try makeAccumulator(), cancellation)
    }
    return try aggregateFrames(
      frames,
      input,
      type: function.type,
      cancellation,
      makeAccumulator
    )
  }

  private func isWholePartitions(_ frames: WindowFrames) -> Bool {
    partitions.allSatisfy { partition in
      partition.allSatisfy {
        frames.starts[$0] == partition.lowerBound && frames.ends[$0] == partition.upperBound
      }
    }
  }

  private func isGrowing(_ frames: WindowFrames) -> Bool {
    partitions.allSatisfy { partition in
      partition.allSatisfy {
        frames.starts[$0] == partition.lowerBound
          && ($0 == partition.lowerBound || frames.ends[$0 - 1] <= frames.ends[$0])
      }
    }
  }

  private func isShrinking(_ frames: WindowFrames) -> Bool {
    partitions.allSatisfy { partition in
      partition.allSatisfy {
        frames.ends[$0] == partition.upperBound
          && ($0 == partition.lowerBound || frames.starts[$0 - 1] <= frames.starts[$0])
      }
    }
  }

  private func aggregatePartitions(_ input: WindowAggregateInput, _ accumulator: any Accumulator)
    throws(SQLError) -> ColumnVector
  {
    var groups = [Int32](repeating: 0, count: rowCount)
    for (index, partition) in partitions.enumerated() {
      for row in partition { groups[row] = Int32(truncatingIfNeeded: index) }
    }
    accumulator.resize(groupCount: partitions.count)
    try input.feed(0..<rowCount, groups: groups, accumulator)
    let results = try accumulator.finish(0..<partitions.count)
    return groups.withUnsafeBufferPointer { results.gather($0) }
  }

  /// A stage of a partition's aggregation: after feeding rows, the result of some rows is known.
  private struct Step {
    var feed: Range<Int>
    var rows: Range<Int>
  }

  private func growingSteps(_ frames: WindowFrames) -> [[Step]] {
    partitions.map { partition in
      var steps: [Step] = []
      var end = partition.lowerBound
      for row in partition {
        let newEnd = max(frames.ends[row], end)
        if newEnd > end || steps.isEmpty {
          steps.append(Step(feed: end..<newEnd, rows: row..<row + 1))
          end = newEnd
        } else {
          let rows = steps[steps.count - 1].rows
          steps[steps.count - 1].rows = rows.lowerBound..<row + 1
        }
      }
      return steps
    }
  }

  private func shrinkingSteps(_ frames: WindowFrames) -> [[Step]] {
    partitions.map { partition in
      var steps: [Step] = []
      var start = partition.upperBound
      for row in partition.reversed() {
        let newStart = min(frames.starts[row], start)
        if newStart < start || steps.isEmpty {
          steps.append(Step(feed: newStart..<start, rows: row..<row + 1))
          start = newStart
        } else {
          let rows = steps[steps.count - 1].rows
          steps[steps.count - 1].rows = row..<rows.upperBound
        }
      }
      return steps
    }
  }

  /// Takes all partitions through their steps side by side: the first step of each, then the
  /// second, and so on, so that a call of the accumulator serves as many rows as there are
  /// partitions left.
  private func aggregate(
    _ steps: [[Step]],
    _ input: WindowAggregateInput,
    _ accumulator: any Accumulator,
    _ cancellation: CancellationToken
  ) throws(SQLError) -> ColumnVector {
    // Partitions of many steps first: those that are left at any step are the first groups.
    let ordered = steps.sorted { $0.count > $1.count }
    accumulator.resize(groupCount: ordered.count)
    var results: [ColumnVector] = []
    var resultCount = 0
    var places = [Int32](repeating: 0, count: rowCount)
    var active = ordered.count
    var step = 0
    while true {
      while active > 0, ordered[active - 1].count <= step { active -= 1 }
      if active == 0 { break }
      if step % 64 == 0 { try cancellation.check() }
      var rows: [Int32] = []
      var groups: [Int32] = []
      for group in 0..<active {
        let current = ordered[group][step]
        for row in current.feed where input.counts(row) {
          rows.append(Int32(truncatingIfNeeded: row))
          groups.append(Int32(truncatingIfNeeded: group))
        }
        for row in current.rows { places[row] = Int32(truncatingIfNeeded: resultCount + group) }
      }
      try input.feed(rows, groups: groups, accumulator)
      results.append(try accumulator.finish(0..<active))
      resultCount += active
      step += 1
    }
    guard let type = results.first?.type else { throw .internal("a window without rows") }
    let all = ColumnVector.concatenated(results, type: type)
    return places.withUnsafeBufferPointer { all.gather($0) }
  }

  private func aggregateFrames(
    _ frames: WindowFrames,
    _ input: WindowAggregateInput,
    type: SQLType,
    _ cancellation: CancellationToken,
    _ makeAccumulator: () throws(SQLError) -> any Accumulator
  ) throws(SQLError) -> ColumnVector {
    // Pairs of a frame and a row of it that are fed at once, unless one frame has more.
    let pairLimit = 65_536
    var results: [ColumnVector] = []
    var start = 0
    while start < rowCount {
      try cancellation.check()
      var groups: [Int32] = []
      var rows: [Int32] = []
      var end = start
      while end < rowCount, rows.count < pairLimit {
        let frame = frames.starts[end]..<max(frames.ends[end], frames.starts[end])
        for row in frame where input.counts(row) {
          groups.append(Int32(truncatingIfNeeded: end - start))
          rows.append(Int32(truncatingIfNeeded: row))
        }
        end += 1
      }
      let accumulator = try makeAccumulator()
      accumulator.resize(groupCount: end - start)
      try input.feed(rows, groups: groups, accumulator)
      results.append(try accumulator.finish(0..<end - start))
      start = end
    }
    return ColumnVector.concatenated(results, type: type)
  }
}

/// The rows that an aggregate is fed with.
private struct WindowAggregateInput {
  var arguments: [ColumnVector]
  /// Whether each row counts; nil if all do.
  var flags: [Bool]?

  func counts(_ row: Int) -> Bool { flags.map { $0[row] } ?? true }

  /// Feeds a range of rows.
  ///
  /// - Parameter groups: one per row of the range.
  func feed(_ range: Range<Int>, groups: [Int32], _ accumulator: any Accumulator) throws(SQLError) {
    guard !range.isEmpty else { return }
    var groups = groups
    if let flags {
      for (index, row) in range.enumerated() where !flags[row] { groups[index] = -1 }
    }
    let slices = arguments.map { $0.slice(range) }
    try groups.withUnsafeBufferPointer { (groups) throws(SQLError) in
      try accumulator.update(groups: groups, arguments: slices)
    }
  }

  /// Feeds rows that count.
  ///
  /// - Parameter groups: one per row.
  func feed(_ rows: [Int32], groups: [Int32], _ accumulator: any Accumulator) throws(SQLError) {
    guard let first = rows.first else { return }
    let start = Int(first)
    let isRange = rows.indices.allSatisfy { Int(rows[$0]) == start + $0 }
    let taken =
      isRange
      ? arguments.map { $0.slice(start..<start + rows.count) }
      : rows.withUnsafeBufferPointer { rows in arguments.map { $0.gather(rows) } }
    try groups.withUnsafeBufferPointer { (groups) throws(SQLError) in
      try accumulator.update(groups: groups, arguments: taken)
    }
  }
}
