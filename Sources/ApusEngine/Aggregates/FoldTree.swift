import ApusVectors

/// Folds of blocks of values, of blocks of blocks and so on, of which the fold of any range is made
/// from a few; what `SegmentTree` is for any aggregate, for values of fixed width.
///
/// Safety: ranges lie within the rows that the tree is over, whose values outlive it.
final class FoldTree<Rule: Fold> {
  typealias Element = Rule.Element

  /// Values side by side; a byte of each says whether it is one.
  private struct Level {
    var values: UnsafePointer<Element>
    /// Nil if all are.
    var isKnown: UnsafePointer<UInt8>?
  }

  private let start: Int
  private let levels: [Level]
  private var owned: [UnsafeMutablePointer<Element>] = []
  private var ownedKnown: [UnsafeMutablePointer<UInt8>] = []

  @inline(__always)
  private static var fanOut: Int { 16 }

  /// - Parameters:
  ///   - reach: the rows that ranges may hold.
  ///   - values: by row number.
  ///   - isKnown: by row number, nil if all rows have a value that counts.
  init(
    over reach: Range<Int>,
    values: UnsafePointer<Element>,
    isKnown: UnsafePointer<UInt8>?
  ) {
    start = reach.lowerBound
    var level = Level(values: values + start, isKnown: isKnown.map { $0 + reach.lowerBound })
    var levels = [level]
    var count = reach.count
    var owned: [UnsafeMutablePointer<Element>] = []
    var ownedKnown: [UnsafeMutablePointer<UInt8>] = []
    while count > FoldTree.fanOut {
      let blockCount = (count + FoldTree.fanOut - 1) / FoldTree.fanOut
      let blocks = UnsafeMutablePointer<Element>.allocate(capacity: blockCount)
      let known = UnsafeMutablePointer<UInt8>.allocate(capacity: blockCount)
      for block in 0..<blockCount {
        let first = block * FoldTree.fanOut
        var state = State(value: level.values[first], isKnown: false)
        FoldTree.fold(level, first..<min(first + FoldTree.fanOut, count), into: &state)
        (blocks + block).initialize(to: state.value)
        (known + block).initialize(to: state.isKnown ? 1 : 0)
      }
      owned.append(blocks)
      ownedKnown.append(known)
      // Where all values are known, all blocks are.
      level = Level(values: blocks, isKnown: level.isKnown == nil ? nil : UnsafePointer(known))
      levels.append(level)
      count = blockCount
    }
    self.levels = levels
    self.owned = owned
    self.ownedKnown = ownedKnown
  }

  deinit {
    for pointer in owned { pointer.deallocate() }
    for pointer in ownedKnown { pointer.deallocate() }
  }

  private struct State {
    var value: Element
    var isKnown: Bool
  }

  @inline(__always)
  private static func fold(_ level: Level, _ range: Range<Int>, into state: inout State) {
    if let isKnown = level.isKnown {
      for index in range where isKnown[index] != 0 {
        state.value =
          state.isKnown ? Rule.combine(state.value, level.values[index]) : level.values[index]
        state.isKnown = true
      }
    } else if !range.isEmpty {
      var value = state.isKnown ? state.value : level.values[range.lowerBound]
      for index in range.dropFirst(state.isKnown ? 0 : 1) {
        value = Rule.combine(value, level.values[index])
      }
      state = State(value: value, isKnown: true)
    }
  }

  /// Writes the folds of frames, and whether each has one.
  @inline(__always)
  func fold(
    _ frames: WindowFrames,
    into values: UnsafeMutablePointer<Element>,
    isKnown: UnsafeMutablePointer<UInt8>
  ) {
    for frame in 0..<frames.count {
      var inner = Int(frames.starts[frame]) - start..<Int(frames.ends[frame]) - start
      guard !inner.isEmpty else { continue }
      var state = State(value: levels[0].values[inner.lowerBound], isKnown: false)
      var level = 0
      while level + 1 < levels.count {
        let first = (inner.lowerBound + FoldTree.fanOut - 1) / FoldTree.fanOut
        let last = inner.upperBound / FoldTree.fanOut
        guard first < last else { break }
        FoldTree.fold(levels[level], inner.lowerBound..<first * FoldTree.fanOut, into: &state)
        FoldTree.fold(levels[level], last * FoldTree.fanOut..<inner.upperBound, into: &state)
        inner = first..<last
        level += 1
      }
      FoldTree.fold(levels[level], inner, into: &state)
      values[frame] = state.value
      isKnown[frame] = state.isKnown ? 1 : 0
    }
  }
}
