import ApusVectors

/// An accumulator that computes many overlapping frames faster than by merging states.
protocol FrameAccumulator: Accumulator {
  /// Whether it does for such frames.
  func canSlide(over frames: WindowFrames) -> Bool

  /// Makes group i, which is new, the state of frame i.
  ///
  /// - Parameters:
  ///   - arguments: flat columns of all rows.
  ///   - counted: 1 for each row that counts, by its number; nil if all do.
  func slide(over frames: WindowFrames, arguments: [ColumnVector], counted: [UInt8]?)
}

/// Runs through frames, adding the rows that come in and subtracting those that go out.
@inline(__always)
func slide(
  over frames: WindowFrames,
  reset: () -> Void,
  add: (Int) -> Void,
  subtract: (Int) -> Void,
  finish: (Int) -> Void
) {
  var start = 0
  var end = 0
  for frame in 0..<frames.count {
    let newStart = Int(frames.starts[frame])
    let newEnd = Int(frames.ends[frame])
    if newStart >= end || newEnd <= start {
      reset()
      start = newStart
      end = newStart
    }
    while end < newEnd {
      add(end)
      end += 1
    }
    while end > newEnd {
      end -= 1
      subtract(end)
    }
    while start < newStart {
      subtract(start)
      start += 1
    }
    while start > newStart {
      start -= 1
      add(start)
    }
    finish(frame)
  }
}

/// Returns 1 for each row of `reach` that counts and has a value, by its number; nil if all do.
func presence(of argument: ColumnVector, _ counted: [UInt8]?, _ reach: Range<Int>) -> [UInt8]? {
  guard let validity = argument.validity else { return counted }
  var present = counted ?? Array(repeating: 1, count: reach.upperBound)
  for row in reach { present[row] &= validity[row] }
  return present
}
