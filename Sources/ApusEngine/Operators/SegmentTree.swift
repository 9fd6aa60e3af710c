import ApusValues
import ApusVectors

/// States of an aggregate over blocks of rows, over blocks of blocks and so on, of which the state
/// of any frame is merged from a few: after Leis et al., "Efficient Processing of Window Functions in
/// Analytical SQL Queries" (VLDB 2015).
///
///     level 1                  [        ][        ][        ]…
///     level 0      [  ][  ][  ][  ][  ][  ][  ][  ][  ][  ][  ][  ]…
///     rows      …  · · · · · · · · · · · · · · · · · · · · · · · ·  …
///     a frame          · ·[  ][        ][        ][  ]·
///
/// Owned by one worker.
struct SegmentTree {
  /// Rows of a block, and blocks of a block of the next level.
  private static let fanOut = 16
  /// Frames that are asked for at once.
  static let queryCount = 2048
  /// Rows that are fed at once.
  private static let feedCount = 16_384

  private let reach: Range<Int>
  private let input: WindowAggregateInput
  /// One group per block.
  private var levels: [any Accumulator] = []
  private let reservation: Reservation

  /// - Parameter reach: the rows that frames may hold.
  /// - Throws: EXCEEDED_LOCAL_MEMORY_LIMIT.
  init(
    over reach: Range<Int>,
    _ input: WindowAggregateInput,
    _ context: WorkerContext,
    _ makeAccumulator: () throws(SQLError) -> any Accumulator
  ) throws(SQLError) {
    self.reach = reach
    self.input = input
    reservation = Reservation(context.memory)
    var blockCount = (reach.count + SegmentTree.fanOut - 1) / SegmentTree.fanOut
    let blocks = try makeAccumulator()
    blocks.resize(groupCount: blockCount)
    for start in stride(from: reach.lowerBound, to: reach.upperBound, by: SegmentTree.feedCount) {
      try context.cancellation.check()
      let rows = start..<min(start + SegmentTree.feedCount, reach.upperBound)
      let groups = rows.map { row in
        input.counts(Int32(truncatingIfNeeded: row))
          ? Int32(truncatingIfNeeded: (row - reach.lowerBound) / SegmentTree.fanOut) : -1
      }
      try groups.withUnsafeBufferPointer { (groups) throws(SQLError) in
        try blocks.update(groups: groups, arguments: input.arguments.map { $0.slice(rows) })
      }
      try reservation.resize(to: blocks.byteCount)
    }
    levels.append(blocks)
    while blockCount > SegmentTree.fanOut {
      let sources = (0..<Int32(truncatingIfNeeded: blockCount)).map { $0 }
      let targets = sources.map { $0 / Int32(SegmentTree.fanOut) }
      blockCount = (blockCount + SegmentTree.fanOut - 1) / SegmentTree.fanOut
      let next = try makeAccumulator()
      next.resize(groupCount: blockCount)
      let pairs = Pairs(sources: sources, targets: targets)
      try pairs.merge(levels[levels.count - 1], into: next)
      levels.append(next)
      try reservation.grow(by: next.byteCount)
    }
  }

  /// Groups of one accumulator with those of another that they go to.
  private struct Pairs {
    var sources: [Int32] = []
    var targets: [Int32] = []

    mutating func append(_ range: Range<Int>, to target: Int32) {
      for source in range {
        sources.append(Int32(truncatingIfNeeded: source))
        targets.append(target)
      }
    }

    func merge(_ source: any Accumulator, into target: any Accumulator) throws(SQLError) {
      try sources.withUnsafeBufferPointer { (sources) throws(SQLError) in
        try targets.withUnsafeBufferPointer { (targets) throws(SQLError) in
          try target.merge(source, mapping: GroupMapping(sources: sources, targets: targets))
        }
      }
    }
  }

  /// Adds the rows of frames to groups 0, 1, … of an accumulator.
  ///
  /// - Parameter part: the frames that are wanted.
  func add(_ frames: WindowFrames, _ part: Range<Int>, to accumulator: any Accumulator)
    throws(SQLError)
  {
    var rows = Pairs()
    var blocks = levels.map { _ in Pairs() }
    for frame in part {
      let target = Int32(truncatingIfNeeded: frame - part.lowerBound)
      let start = Int(frames.starts[frame]) - reach.lowerBound
      let end = Int(frames.ends[frame]) - reach.lowerBound
      guard var inner = SegmentTree.wholeBlocks(start..<end) else {
        rows.append(start..<end, to: target)
        continue
      }
      rows.append(start..<inner.lowerBound * SegmentTree.fanOut, to: target)
      rows.append(inner.upperBound * SegmentTree.fanOut..<end, to: target)
      var level = 0
      while level + 1 < levels.count, let next = SegmentTree.wholeBlocks(inner) {
        blocks[level].append(inner.lowerBound..<next.lowerBound * SegmentTree.fanOut, to: target)
        blocks[level].append(next.upperBound * SegmentTree.fanOut..<inner.upperBound, to: target)
        inner = next
        level += 1
      }
      blocks[level].append(inner, to: target)
    }
    var fed: [Int32] = []
    var groups: [Int32] = []
    for (source, target) in zip(rows.sources, rows.targets) {
      let row = source + Int32(truncatingIfNeeded: reach.lowerBound)
      if input.counts(row) {
        fed.append(row)
        groups.append(target)
      }
    }
    try input.feed(fed, groups: groups, accumulator)
    for (pairs, level) in zip(blocks, levels) where !pairs.sources.isEmpty {
      try pairs.merge(level, into: accumulator)
    }
  }

  /// The blocks that lie within a range of what they are made of; nil for none.
  @inline(__always)
  private static func wholeBlocks(_ range: Range<Int>) -> Range<Int>? {
    let start = (range.lowerBound + fanOut - 1) / fanOut
    let end = range.upperBound / fanOut
    return start < end ? start..<end : nil
  }
}
