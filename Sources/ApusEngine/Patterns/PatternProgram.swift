import ApusPlanner
import ApusValues

/// A row pattern as a program for a machine of many threads: after Pike's and Thompson's machines for
/// regular expressions, with a label to be tested in the place of a character.
struct PatternProgram: Sendable {
  enum Instruction: Sendable {
    /// Takes a row that satisfies a variable.
    case take(variable: Int)
    case partitionStart
    case partitionEnd
    case jump(Int)
    /// Goes on in two places, in the first rather than the second.
    case split(Int, Int)
    /// Notes where rows that are left out begin or end.
    case save
    case done
  }

  private(set) var instructions: [Instruction] = []

  /// Programs are no longer than this; a quantifier repeats what it stands behind.
  private static let maximumCount = 100_000

  /// - Throws: NOT_SUPPORTED for a pattern that is too long.
  init(_ pattern: MatchRecognize.Pattern) throws(SQLError) {
    try add(pattern)
    instructions.append(.done)
  }

  private mutating func append(_ instruction: Instruction) throws(SQLError) {
    guard instructions.count < PatternProgram.maximumCount else {
      throw SQLError(
        .notSupported,
        "Row pattern with more than \(PatternProgram.maximumCount) steps, its repetitions and "
          + "permutations written out"
      )
    }
    instructions.append(instruction)
  }

  private mutating func add(_ pattern: MatchRecognize.Pattern) throws(SQLError) {
    switch pattern {
    case .variable(let variable): try append(.take(variable: variable))
    case .empty: break
    case .partitionStart: try append(.partitionStart)
    case .partitionEnd: try append(.partitionEnd)
    case .exclusion(let pattern):
      try append(.save)
      try add(pattern)
      try append(.save)
    case .sequence(let patterns):
      for pattern in patterns { try add(pattern) }
    case .alternation(let patterns):
      var jumps: [Int] = []
      for pattern in patterns.dropLast() {
        try addBranch(&jumps) { program throws(SQLError) in try program.add(pattern) }
      }
      if let last = patterns.last { try add(last) }
      for jump in jumps { instructions[jump] = .jump(instructions.count) }
    case .permutation(let patterns):
      try addPermutations(of: patterns)
    case .repetition(let pattern, let atLeast, let atMost, let isReluctant):
      var last = instructions.count
      for _ in 0..<atLeast {
        last = instructions.count
        try add(pattern)
        // Of what takes no row and asks nothing, one is as good as many.
        if instructions.count == last { break }
      }
      if let atMost {
        try addOptional(pattern, count: atMost - atLeast, isReluctant)
      } else {
        try addLoop(pattern, from: atLeast == 0 ? nil : last, isReluctant)
      }
    }
  }

  /// Adds an alternative that is not the last.
  private mutating func addBranch(
    _ jumps: inout [Int],
    _ body: (inout PatternProgram) throws(SQLError) -> Void
  ) throws(SQLError) {
    let split = instructions.count
    try append(.done)
    try body(&self)
    jumps.append(instructions.count)
    try append(.done)
    instructions[split] = .split(split + 1, instructions.count)
  }

  /// Adds all orders of some patterns, in the lexicographical order of their positions.
  private mutating func addPermutations(of patterns: [MatchRecognize.Pattern]) throws(SQLError) {
    var order = Array(patterns.indices)
    var jumps: [Int] = []
    while true {
      let current = order
      let hasNext = order.permuteToNext()
      func addAll(_ program: inout PatternProgram) throws(SQLError) {
        for index in current { try program.add(patterns[index]) }
      }
      guard hasNext else {
        try addAll(&self)
        break
      }
      try addBranch(&jumps, addAll)
    }
    for jump in jumps { instructions[jump] = .jump(instructions.count) }
  }

  /// Adds up to `count` repetitions, each within the one before.
  private mutating func addOptional(
    _ pattern: MatchRecognize.Pattern,
    count: Int,
    _ isReluctant: Bool
  ) throws(SQLError) {
    var splits: [Int] = []
    for _ in 0..<max(count, 0) {
      splits.append(instructions.count)
      try append(.done)
      try add(pattern)
      if case .done? = instructions.last { break }
    }
    let end = instructions.count
    for split in splits {
      instructions[split] = isReluctant ? .split(end, split + 1) : .split(split + 1, end)
    }
  }

  /// Adds any number of repetitions; those that must be are there, the last of them at `start`.
  private mutating func addLoop(
    _ pattern: MatchRecognize.Pattern,
    from start: Int?,
    _ isReluctant: Bool
  ) throws(SQLError) {
    var entry: Int?
    var body = start ?? instructions.count
    if start == nil {
      entry = instructions.count
      try append(.done)
      body = instructions.count
      try add(pattern)
    }
    let end = instructions.count + 1
    try append(isReluctant ? .split(end, body) : .split(body, end))
    if let entry { instructions[entry] = isReluctant ? .split(end, body) : .split(body, end) }
  }
}

extension [Int] {
  /// Goes on to the next order in lexicographical order; false from the last.
  fileprivate mutating func permuteToNext() -> Bool {
    guard let pivot = indices.dropLast().last(where: { self[$0] < self[$0 + 1] }),
      let successor = indices.last(where: { self[$0] > self[pivot] })
    else { return false }
    swapAt(pivot, successor)
    self[(pivot + 1)...].reverse()
    return true
  }
}
