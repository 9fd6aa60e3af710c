import ApusValues
import ApusVectors

/// Counts rows, rows with a value, or rows with TRUE.
final class CountAccumulator: Accumulator {
  enum Rule {
    /// All rows of `count(*)`, or those whose argument is not NULL.
    case values
    /// Rows whose argument is TRUE.
    case whereTrue
  }

  private let rule: Rule
  private let memory = StateMemory(stride: 8)

  init(_ rule: Rule) { self.rule = rule }

  func resize(groupCount: Int) { memory.grow(to: groupCount) }

  private var counts: UnsafeMutablePointer<Int64> { memory.states(as: Int64.self) }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) throws(SQLError) {
    let rows = GroupedRows(groups)
    let isSingle = memory.count == 1 && !rows.hasSkipped
    let counts = self.counts
    guard let argument = arguments.first?.decoded else {
      if isSingle {
        counts[0] += Int64(rows.count)
      } else {
        rows.visit { group, _ in counts[group] &+= 1 }
      }
      return
    }
    defer { extendLifetime(argument) }
    if argument.isNullConstant { return }
    switch rule {
    case .values:
      if isSingle {
        var count = Int64(rows.count)
        if argument.encoding == .flat, let validity = argument.validity {
          count = 0
          for row in 0..<rows.count { count &+= Int64(validity[row]) }
        }
        counts[0] += count
      } else {
        rows.visit(nonNullsOf: argument) { group, _ in counts[group] &+= 1 }
      }
    case .whereTrue:
      let values = argument.operand(as: UInt8.self)
      rows.visit(nonNullsOf: argument) { group, row in counts[group] &+= Int64(values[row]) }
    }
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) throws(SQLError) {
    let other = try sameKind(other, as: CountAccumulator.self)
    let counts = self.counts
    let otherCounts = other.counts
    for (group, target) in mapping { counts[target] += otherCounts[group] }
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    let builder = VectorBuilder(type: .bigint, capacity: range.count)
    let output = builder.values(as: Int64.self)
    output.update(from: counts + range.lowerBound, count: range.count)
    return builder.finish(count: range.count)
  }

  var byteCount: Int { memory.byteCount }
}

extension CountAccumulator: FrameAccumulator {
  func canSlide(over frames: WindowFrames) -> Bool {
    frames.movement <= 32 * frames.count + 2 * frames.reach.count
  }

  func slide(over frames: WindowFrames, arguments: [ColumnVector], counted: [UInt8]?) {
    var present = arguments.first.map { presence(of: $0, counted, frames.reach) } ?? counted
    if rule == .whereTrue, let argument = arguments.first {
      let values = argument.values(as: UInt8.self)
      var flags = present ?? Array(repeating: 1, count: frames.reach.upperBound)
      for row in frames.reach { flags[row] &= values[row] }
      present = flags
    }
    guard let present else {
      for frame in 0..<frames.count {
        counts[frame] = Int64(frames.ends[frame] - frames.starts[frame])
      }
      return
    }
    var count: Int64 = 0
    ApusEngine.slide(
      over: frames,
      reset: { count = 0 },
      add: { count &+= Int64(present[$0]) },
      subtract: { count &-= Int64(present[$0]) },
      finish: { counts[$0] = count }
    )
  }
}
