import ApusValues
import ApusVectors

extension WindowSegment {
  /// Computes an aggregate over each row's frame.
  func aggregate(
    _ function: WindowSpecification.Function,
    makeAccumulator: () throws(SQLError) -> any Accumulator
  ) throws(SQLError) -> ColumnVector {
    try FrameAggregation(context: context).aggregate(
      try frames(function.frame),
      arguments: function.arguments.map { column($0) },
      filter: function.filter.map { column($0) },
      type: function.type,
      makeAccumulator
    )
  }
}

/// Computes aggregates over many frames of the same rows.
struct FrameAggregation {
  let context: WorkerContext

  /// Computes an aggregate over each frame.
  ///
  /// Equal frames of neighbours are one. Where frames hold few rows for those they reach over, all
  /// are fed; otherwise functions that know how slide from frame to frame, and for all others states
  /// of blocks of rows are merged (`SegmentTree`).
  ///
  /// - Parameters:
  ///   - arguments: flat columns of all rows.
  ///   - filter: a boolean column; rows that do not count are not true.
  func aggregate(
    _ frames: WindowFrames,
    arguments: [ColumnVector],
    filter: ColumnVector? = nil,
    type: SQLType,
    _ makeAccumulator: () throws(SQLError) -> any Accumulator
  ) throws(SQLError) -> ColumnVector {
    let (frames, places) = withoutRepetition(frames)
    let input = WindowAggregateInput(arguments: arguments, filter: filter, reach: frames.reach)
    let results: ColumnVector
    if frames.totalCount <= 8 * frames.reach.count {
      results = try feed(frames, input, type: type, makeAccumulator)
    } else if let accumulator = try makeAccumulator() as? any FrameAccumulator,
      accumulator.canSlide(over: frames)
    {
      accumulator.resize(groupCount: frames.count)
      accumulator.slide(over: frames, arguments: input.arguments, counted: input.counted)
      results = try accumulator.finish(0..<frames.count)
    } else {
      results = try merge(frames, input, type: type, makeAccumulator)
    }
    guard let places else { return results }
    return places.withUnsafeBufferPointer { results.gather($0) }
  }

  /// Returns frames none of which is that of the row before, and for each row its frame; nil if
  /// each has its own.
  private func withoutRepetition(_ frames: WindowFrames) -> (WindowFrames, places: [Int32]?) {
    var distinct = WindowFrames(starts: [], ends: [])
    var places = [Int32](repeating: 0, count: frames.count)
    var last: (start: Int32, end: Int32)?
    for row in 0..<frames.count {
      let start = frames.starts[row]
      let end = max(start, frames.ends[row])
      if last.map({ $0.start != start || $0.end != end }) ?? true {
        distinct.starts.append(start)
        distinct.ends.append(end)
        last = (start, end)
      }
      places[row] = Int32(truncatingIfNeeded: distinct.count - 1)
    }
    return (distinct, distinct.count == frames.count ? nil : places)
  }

  /// Rows of frames that are fed at once, unless one frame has more.
  private static let pairLimit = 65_536

  /// Feeds the rows of each frame.
  private func feed(
    _ frames: WindowFrames,
    _ input: WindowAggregateInput,
    type: SQLType,
    _ makeAccumulator: () throws(SQLError) -> any Accumulator
  ) throws(SQLError) -> ColumnVector {
    var results: [ColumnVector] = []
    var start = 0
    while start < frames.count {
      try context.cancellation.check()
      let accumulator = try makeAccumulator()
      var groups: [Int32] = []
      var rows: [Int32] = []
      var end = start
      while end < frames.count, rows.count < Self.pairLimit {
        let frame = Int(frames.starts[end])..<Int(frames.ends[end])
        if frame.count >= Self.pairLimit {
          if end > start { break }
          accumulator.resize(groupCount: 1)
          try input.feed(frame, accumulator)
          end += 1
          break
        }
        let group = Int32(truncatingIfNeeded: end - start)
        for row in frames.starts[end]..<frames.ends[end] where input.counts(row) {
          groups.append(group)
          rows.append(row)
        }
        end += 1
      }
      accumulator.resize(groupCount: end - start)
      try input.feed(rows, groups: groups, accumulator)
      results.append(try accumulator.finish(0..<end - start))
      start = end
    }
    return ColumnVector.concatenated(results, type: type)
  }

  /// Merges the states of blocks of rows.
  private func merge(
    _ frames: WindowFrames,
    _ input: WindowAggregateInput,
    type: SQLType,
    _ makeAccumulator: () throws(SQLError) -> any Accumulator
  ) throws(SQLError) -> ColumnVector {
    let tree = try SegmentTree(over: frames.reach, input, context, makeAccumulator)
    var results: [ColumnVector] = []
    for start in stride(from: 0, to: frames.count, by: SegmentTree.queryCount) {
      try context.cancellation.check()
      let part = start..<min(start + SegmentTree.queryCount, frames.count)
      let accumulator = try makeAccumulator()
      accumulator.resize(groupCount: part.count)
      try tree.add(frames, part, to: accumulator)
      results.append(try accumulator.finish(0..<part.count))
    }
    return ColumnVector.concatenated(results, type: type)
  }
}

/// The rows that an aggregate is fed with.
struct WindowAggregateInput {
  /// Flat columns of all rows.
  let arguments: [ColumnVector]
  /// 1 for each row that passes the filter, by its number; nil if all do.
  let counted: [UInt8]?

  /// - Parameter reach: the rows that matter.
  init(arguments: [ColumnVector], filter: ColumnVector?, reach: Range<Int>) {
    self.arguments = arguments
    counted = filter.map { filter in
      var counted = [UInt8](repeating: 0, count: reach.upperBound)
      let values = filter.values(as: UInt8.self)
      for row in reach where !filter.isNull(row) { counted[row] = values[row] }
      return counted
    }
  }

  @inline(__always)
  func counts(_ row: Int32) -> Bool { counted.map { $0[Int(row)] != 0 } ?? true }

  /// Rows of a large range that are fed at once.
  private static let sliceCount = 16_384

  /// Feeds those of a range of rows that count to group 0.
  func feed(_ range: Range<Int>, _ accumulator: any Accumulator) throws(SQLError) {
    for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.sliceCount) {
      let rows = start..<min(start + Self.sliceCount, range.upperBound)
      let groups: [Int32] = rows.map { counts(Int32(truncatingIfNeeded: $0)) ? 0 : -1 }
      try groups.withUnsafeBufferPointer { (groups) throws(SQLError) in
        try accumulator.update(groups: groups, arguments: arguments.map { $0.slice(rows) })
      }
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

extension WindowFrames {
  /// From the first row of any frame to the last; of frames whose starts are not behind their ends.
  var reach: Range<Int> {
    guard let start = starts.min(), let end = ends.max() else { return 0..<0 }
    return Int(start)..<Int(end)
  }

  /// The rows of all frames, each as often as it is in one.
  var totalCount: Int {
    var total = 0
    for index in 0..<count { total += Int(ends[index] - starts[index]) }
    return total
  }

  /// The rows that come in or go out on the way from the first frame to the last.
  var movement: Int {
    var total = 0
    for index in 1..<max(count, 1) {
      let (start, end) = (starts[index], ends[index])
      let (lastStart, lastEnd) = (starts[index - 1], ends[index - 1])
      total +=
        start >= lastEnd || end <= lastStart
        ? Int(end - start) : Int(abs(start - lastStart) + abs(end - lastEnd))
    }
    return total
  }
}
