import ApusValues
import ApusVectors

extension WindowSegment {
  /// Computes an aggregate over each row's frame.
  ///
  /// Frames that are whole partitions are one group each. Frames that only grow from the start of
  /// the partition, or only shrink towards its end, feed each row once and ask for the result on
  /// the way. All others are fed row by row of each frame, many frames at a time.
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
      return try aggregateGrowing(frames, input, try makeAccumulator(), cancellation)
    }
    if isShrinking(frames) {
      return try aggregateShrinking(frames, input, try makeAccumulator(), cancellation)
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

  private func aggregateGrowing(
    _ frames: WindowFrames,
    _ input: WindowAggregateInput,
    _ accumulator: any Accumulator,
    _ cancellation: CancellationToken
  ) throws(SQLError) -> ColumnVector {
    var results = RunningResults(rowCount: rowCount)
    accumulator.resize(groupCount: partitions.count)
    for (index, partition) in partitions.enumerated() {
      try cancellation.check()
      var end = partition.lowerBound
      for row in partition {
        let isFirst = row == partition.lowerBound
        if frames.ends[row] > end || isFirst {
          try input.feed(end..<max(frames.ends[row], end), group: index, accumulator)
          end = max(frames.ends[row], end)
          try results.append(accumulator.finish(index..<index + 1))
        }
        results.assign(row)
      }
    }
    return results.finish()
  }

  private func aggregateShrinking(
    _ frames: WindowFrames,
    _ input: WindowAggregateInput,
    _ accumulator: any Accumulator,
    _ cancellation: CancellationToken
  ) throws(SQLError) -> ColumnVector {
    var results = RunningResults(rowCount: rowCount)
    accumulator.resize(groupCount: partitions.count)
    for (index, partition) in partitions.enumerated() {
      try cancellation.check()
      var start = partition.upperBound
      for row in partition.reversed() {
        let isFirst = row == partition.upperBound - 1
        if frames.starts[row] < start || isFirst {
          let newStart = min(frames.starts[row], start)
          try input.feed(newStart..<start, group: index, accumulator)
          start = newStart
          try results.append(accumulator.finish(index..<index + 1))
        }
        results.assign(row)
      }
    }
    return results.finish()
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
      if !rows.isEmpty {
        let arguments = rows.withUnsafeBufferPointer { rows in
          input.arguments.map { $0.gather(rows) }
        }
        try groups.withUnsafeBufferPointer { (groups) throws(SQLError) in
          try accumulator.update(groups: groups, arguments: arguments)
        }
      }
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

  func feed(_ range: Range<Int>, group: Int, _ accumulator: any Accumulator) throws(SQLError) {
    let groups = [Int32](repeating: Int32(truncatingIfNeeded: group), count: range.count)
    try feed(range, groups: groups, accumulator)
  }
}

/// Results asked for one at a time, each for some rows.
private struct RunningResults {
  private var results: [ColumnVector] = []
  private var places: [Int32]

  init(rowCount: Int) { places = Array(repeating: 0, count: rowCount) }

  mutating func append(_ result: ColumnVector) { results.append(result) }

  /// Gives a row the result appended last.
  mutating func assign(_ row: Int) { places[row] = Int32(truncatingIfNeeded: results.count - 1) }

  func finish() -> ColumnVector {
    let all = ColumnVector.concatenated(results, type: results[0].type)
    return places.withUnsafeBufferPointer { all.gather($0) }
  }
}
