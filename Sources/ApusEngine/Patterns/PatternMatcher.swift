import ApusValues

/// Looks for a match that begins at a given row: runs a pattern's program in threads, all of which take
/// one row after another at the same time, in the order of preference.
///
/// Of threads that are at one place of the program and can only go the same ways, the first is kept;
/// without conditions that look back there is one thread a place, and the time is proportional to the
/// rows. What a thread has taken stands in lists that grow at one end and share their beginnings, so
/// that to fork is cheap.
///
/// Owned by one worker; a structure, so that its many small accesses need no checks at run time.
/// Conditions may have to be asked for: see `run`.
struct PatternMatcher {
  private let program: [PatternProgram.Instruction]
  /// For each place of the program whether conditions that look back can still come.
  private let looksBack: [Bool]
  private let memory: PatternMemory

  /// Where the threads are, and the ends of their lists; by the numbers of threads.
  private var places: [Int32] = []
  private var labelEnds: [Int32] = []
  private var captureEnds: [Int32] = []
  /// One per trail and thread.
  private var trailEnds: [Int32] = []
  /// One per anchor and thread: the row, or -1 as long as there is none.
  private var anchorRows: [Int32] = []
  /// One per aggregate and thread, made when asked for.
  private var aggregates: [RunningAggregate?] = []
  private var freeThreads: [Int32] = []
  private var stoppedThreads: [Int32] = []

  /// The lists of all threads: an item and the position of the one before, or -1.
  private var labelItems: [(variable: Int32, before: Int32)] = []
  private var captureItems: [(row: Int32, before: Int32)] = []
  private var trailItems: [(row: Int32, before: Int32, count: Int32)] = []

  /// Threads in the order of preference, before and after the current row.
  private var current: [Int32] = []
  private var next: [Int32] = []
  /// Those that have come by each place in this step, and of which step that is.
  private var visitors: [[Int32]]
  private var visits: [Int32]
  private var step: Int32 = 0
  private var stack: [(thread: Int32, place: Int32)] = []

  private(set) var partition = 0..<0
  private(set) var start = 0
  /// The row that is being taken.
  private(set) var row = 0
  /// For each of the first threads whether it may take the row.
  private var answers: [Bool] = []
  /// The threads that must be asked for, by their positions among the first.
  private(set) var questions: [Int] = []
  private var result: (length: Int, label: Int32, capture: Int32)?

  init(_ program: PatternProgram, _ memory: PatternMemory, dependsOnMatch: [Bool]) {
    self.program = program.instructions
    self.memory = memory
    looksBack =
      memory.isNeeded
      ? PatternMatcher.looksBack(program.instructions, dependsOnMatch)
      : Array(repeating: false, count: program.instructions.count)
    visitors = Array(repeating: [], count: memory.isNeeded ? program.instructions.count : 0)
    visits = Array(repeating: 0, count: program.instructions.count)
  }

  /// Finds from which places a condition that looks back can be reached.
  private static func looksBack(
    _ program: [PatternProgram.Instruction],
    _ dependsOnMatch: [Bool]
  ) -> [Bool] {
    var result = Array(repeating: false, count: program.count)
    var isChanging = true
    while isChanging {
      isChanging = false
      for place in program.indices.reversed() where !result[place] {
        let reaches: Bool =
          switch program[place] {
          case .take(let variable): dependsOnMatch[variable] || result[place + 1]
          case .partitionStart, .partitionEnd, .save: result[place + 1]
          case .jump(let target): result[target]
          case .split(let first, let second): result[first] || result[second]
          case .done: false
          }
        if reaches {
          result[place] = true
          isChanging = true
        }
      }
    }
    return result
  }

  /// Bytes held, roughly.
  var byteCount: Int {
    labelItems.capacity * 8 + captureItems.capacity * 8 + trailItems.capacity * 12
      + places.capacity * (16 + 4 * (memory.trails.count + memory.anchors.count))
      + program.count * 48
      + aggregates.reduce(0) { $0 + ($1?.byteCount ?? 0) }
  }

  /// Begins to look for a match from a row on.
  mutating func begin(at row: Int, in partition: Range<Int>) {
    self.partition = partition
    start = row
    self.row = row
    places.removeAll(keepingCapacity: true)
    labelEnds.removeAll(keepingCapacity: true)
    captureEnds.removeAll(keepingCapacity: true)
    trailEnds.removeAll(keepingCapacity: true)
    anchorRows.removeAll(keepingCapacity: true)
    aggregates.removeAll(keepingCapacity: true)
    freeThreads.removeAll(keepingCapacity: true)
    labelItems.removeAll(keepingCapacity: true)
    captureItems.removeAll(keepingCapacity: true)
    trailItems.removeAll(keepingCapacity: true)
    next.removeAll(keepingCapacity: true)
    questions.removeAll(keepingCapacity: true)
    result = nil
    beginStep()
    schedule(makeThread(), at: 0, position: row)
    swap(&current, &next)
    endStep()
  }

  /// Goes on until it is known whether there is a match, or conditions must be asked for.
  ///
  /// - Returns: false if `questions` wait for `answer`.
  mutating func run(_ conditions: LocalConditions) throws(SQLError) -> Bool {
    if !questions.isEmpty {
      questions.removeAll(keepingCapacity: true)
      takeRow()
    }
    while row < partition.upperBound, !current.isEmpty {
      answers.removeAll(keepingCapacity: true)
      for (position, thread) in current.enumerated() {
        guard case .take(let variable) = program[Int(places[Int(thread)])] else { break }
        let holds = try conditions.hold(variable, row)
        answers.append(holds)
        if holds, conditions.dependsOnMatch[variable] { questions.append(position) }
      }
      if !questions.isEmpty { return false }
      takeRow()
    }
    if row == partition.upperBound {
      for thread in current {
        if case .done = program[Int(places[Int(thread)])] {
          keepMatch(of: thread)
          break
        }
      }
    }
    return true
  }

  /// The variable that a question is about.
  func variable(ofQuestion position: Int) -> Int {
    let thread = Int(current[position])
    if case .take(let variable) = program[Int(places[thread])] { return variable }
    return 0
  }

  /// Answers a question.
  mutating func answer(_ position: Int, _ holds: Bool) { answers[position] = holds }

  /// Lets the threads that may take the row do so, and stops those that come after one that is done.
  private mutating func takeRow() {
    beginStep()
    next.removeAll(keepingCapacity: true)
    for (position, holds) in answers.enumerated() {
      let thread = current[position]
      guard holds, case .take(let variable) = program[Int(places[Int(thread)])] else {
        stop(thread)
        continue
      }
      append(Int32(truncatingIfNeeded: variable), to: Int(thread))
      schedule(thread, at: places[Int(thread)] + 1, position: row + 1)
    }
    if answers.count < current.count {
      keepMatch(of: current[answers.count])
      for thread in current[answers.count...] { stop(thread) }
    }
    swap(&current, &next)
    row += 1
    endStep()
  }

  private mutating func keepMatch(of thread: Int32) {
    result = (row - start, labelEnds[Int(thread)], captureEnds[Int(thread)])
  }

  /// Writes the variables of the match's rows and the ends of what is left out.
  ///
  /// - Returns: the number of its rows; nil if there is no match.
  func writeMatch(labels: inout [Int32], exclusions: inout [Int]) -> Int? {
    guard let result else { return nil }
    let first = labels.count
    labels.append(contentsOf: repeatElement(0, count: result.length))
    var item = result.label
    var position = labels.count - 1
    while position >= first, item >= 0 {
      labels[position] = labelItems[Int(item)].variable
      item = labelItems[Int(item)].before
      position -= 1
    }
    exclusions.removeAll(keepingCapacity: true)
    item = result.capture
    while item >= 0 {
      exclusions.append(Int(captureItems[Int(item)].row) - start)
      item = captureItems[Int(item)].before
    }
    exclusions.reverse()
    return result.length
  }

  // MARK: Threads

  private mutating func makeThread() -> Int32 {
    if let thread = freeThreads.popLast() { return thread }
    places.append(0)
    labelEnds.append(-1)
    captureEnds.append(-1)
    for _ in memory.trails { trailEnds.append(-1) }
    for _ in memory.anchors { anchorRows.append(-1) }
    for _ in 0..<memory.aggregateCount { aggregates.append(nil) }
    return Int32(truncatingIfNeeded: places.count - 1)
  }

  private mutating func fork(_ parent: Int32) -> Int32 {
    let child = makeThread()
    let (from, to) = (Int(parent), Int(child))
    labelEnds[to] = labelEnds[from]
    captureEnds[to] = captureEnds[from]
    PatternMatcher.copy(&trailEnds, from, to, memory.trails.count)
    PatternMatcher.copy(&anchorRows, from, to, memory.anchors.count)
    PatternMatcher.copy(&aggregates, from, to, memory.aggregateCount)
    return child
  }

  private static func copy<Element>(_ values: inout [Element], _ from: Int, _ to: Int, _ count: Int)
  {
    for index in 0..<count { values[to * count + index] = values[from * count + index] }
  }

  /// Stops a thread; its number is free after the step, as visitors are compared by their numbers.
  private mutating func stop(_ thread: Int32) {
    stoppedThreads.append(thread)
    dropAggregates(of: thread)
  }

  private mutating func dropAggregates(of thread: Int32) {
    for index in 0..<memory.aggregateCount {
      aggregates[Int(thread) * memory.aggregateCount + index] = nil
    }
  }

  private mutating func beginStep() {
    if step == Int32.max {
      step = 0
      for place in visits.indices { visits[place] = 0 }
    }
    step += 1
  }

  private mutating func endStep() {
    freeThreads.append(contentsOf: stoppedThreads)
    stoppedThreads.removeAll(keepingCapacity: true)
  }

  /// Notes that a thread has taken the row as a variable's.
  private mutating func append(_ variable: Int32, to thread: Int) {
    labelItems.append((variable, labelEnds[thread]))
    labelEnds[thread] = Int32(truncatingIfNeeded: labelItems.count - 1)
    guard !memory.trails.isEmpty else { return }
    for (index, trail) in memory.trails.enumerated() where trail.members[Int(variable)] {
      let slot = thread * memory.trails.count + index
      let before = trailEnds[slot]
      let count = before < 0 ? 0 : trailItems[Int(before)].count
      trailItems.append((Int32(truncatingIfNeeded: row), before, count + 1))
      trailEnds[slot] = Int32(truncatingIfNeeded: trailItems.count - 1)
      for (number, anchor) in memory.anchors.enumerated()
      where anchor.trail == index && anchor.offset == Int(count) {
        anchorRows[thread * memory.anchors.count + number] = Int32(truncatingIfNeeded: row)
      }
    }
  }

  /// Takes a thread to the next places at which it must wait for a row or is done.
  private mutating func schedule(_ thread: Int32, at place: Int32, position: Int) {
    stack.append((thread, place))
    while let (thread, place) = stack.popLast() {
      if isRedundant(thread, at: Int(place)) {
        stop(thread)
        continue
      }
      switch program[Int(place)] {
      case .partitionStart:
        if position == partition.lowerBound {
          stack.append((thread, place + 1))
        } else {
          stop(thread)
        }
      case .partitionEnd:
        if position == partition.upperBound {
          stack.append((thread, place + 1))
        } else {
          stop(thread)
        }
      case .jump(let target):
        stack.append((thread, Int32(truncatingIfNeeded: target)))
      case .split(let first, let second):
        stack.append((fork(thread), Int32(truncatingIfNeeded: second)))
        stack.append((thread, Int32(truncatingIfNeeded: first)))
      case .save:
        captureItems.append((Int32(truncatingIfNeeded: position), captureEnds[Int(thread)]))
        captureEnds[Int(thread)] = Int32(truncatingIfNeeded: captureItems.count - 1)
        stack.append((thread, place + 1))
      case .take:
        places[Int(thread)] = place
        next.append(thread)
      case .done:
        places[Int(thread)] = place
        next.append(thread)
        // Nothing is asked any more; who goes on need not copy what it shares with this one.
        dropAggregates(of: thread)
      }
    }
  }

  /// Whether a preferred thread has come by in this step that can only go the same ways.
  private mutating func isRedundant(_ thread: Int32, at place: Int) -> Bool {
    let isFirst = visits[place] != step
    visits[place] = step
    guard looksBack[place] else { return !isFirst }
    if isFirst { visitors[place].removeAll(keepingCapacity: true) }
    for visitor in visitors[place] where remembersSame(Int(visitor), Int(thread)) { return true }
    visitors[place].append(thread)
    return false
  }

  /// Whether two threads have taken the same rows, as far as conditions can see.
  private func remembersSame(_ one: Int, _ other: Int) -> Bool {
    if memory.seesVariables, !hasSameLabels(labelEnds[one], labelEnds[other]) { return false }
    for (index, trail) in memory.trails.enumerated() {
      let count = memory.trails.count
      let (a, b) = (trailEnds[one * count + index], trailEnds[other * count + index])
      guard hasSameRows(a, b, depth: trail.depth) else { return false }
    }
    for (number, anchor) in memory.anchors.enumerated() {
      let count = memory.anchors.count
      let (a, b) = (anchorRows[one * count + number], anchorRows[other * count + number])
      guard a == b else { return false }
      // As long as there is no such row, those before it decide which it will be.
      let trails = memory.trails.count
      let ends = (trailEnds[one * trails + anchor.trail], trailEnds[other * trails + anchor.trail])
      if a < 0, trailCount(ends.0) != trailCount(ends.1) { return false }
    }
    return true
  }

  private func trailCount(_ trail: Int32) -> Int32 { trail < 0 ? 0 : trailItems[Int(trail)].count }

  private func hasSameLabels(_ one: Int32, _ other: Int32) -> Bool {
    var (a, b) = (one, other)
    while a != b {
      if a < 0 || b < 0 || labelItems[Int(a)].variable != labelItems[Int(b)].variable {
        return false
      }
      (a, b) = (labelItems[Int(a)].before, labelItems[Int(b)].before)
    }
    return true
  }

  private func hasSameRows(_ one: Int32, _ other: Int32, depth: Int?) -> Bool {
    var (a, b) = (one, other)
    var seen = 0
    while a != b {
      if let depth, seen == depth { return true }
      if a < 0 || b < 0 || trailItems[Int(a)].row != trailItems[Int(b)].row { return false }
      (a, b) = (trailItems[Int(a)].before, trailItems[Int(b)].before)
      seen += 1
    }
    return true
  }

  // MARK: What conditions see

  /// The row that a navigation leads to for a thread that takes the current row as a variable's; -1 if
  /// there is none.
  func row(_ navigation: MatchNavigation, question position: Int, _ variable: Int) -> Int32 {
    guard let found = logicalRow(navigation, Int(current[position]), variable) else { return -1 }
    let row = found + navigation.rowOffset
    return partition.contains(row) ? Int32(truncatingIfNeeded: row) : -1
  }

  /// The variable of the row that a navigation leads to; -1 if that is no row of the match.
  func label(_ navigation: MatchNavigation, question position: Int, _ variable: Int) -> Int32 {
    let thread = Int(current[position])
    guard let found = logicalRow(navigation, thread, variable) else { return -1 }
    let wanted = found + navigation.rowOffset
    if wanted == row { return Int32(truncatingIfNeeded: variable) }
    guard wanted >= start, wanted < row else { return -1 }
    var item = labelEnds[thread]
    for _ in 0..<(row - 1 - wanted) { item = labelItems[Int(item)].before }
    return item < 0 ? -1 : labelItems[Int(item)].variable
  }

  private func logicalRow(_ navigation: MatchNavigation, _ thread: Int, _ variable: Int) -> Int? {
    guard let members = navigation.members, let trail = navigation.trail else {
      let row = navigation.isFirst ? start + navigation.offset : row - navigation.offset
      return (start...self.row).contains(row) ? row : nil
    }
    let end = trailEnds[thread * memory.trails.count + trail]
    let isMember = members[variable]
    if navigation.isFirst {
      guard let anchor = navigation.anchor else { return nil }
      let row = anchorRows[thread * memory.anchors.count + anchor]
      if row >= 0 { return Int(row) }
      return isMember && Int(trailCount(end)) == navigation.offset ? self.row : nil
    }
    var steps = navigation.offset
    if isMember {
      if steps == 0 { return row }
      steps -= 1
    }
    guard Int(trailCount(end)) > steps else { return nil }
    var item = end
    for _ in 0..<steps { item = trailItems[Int(item)].before }
    return Int(trailItems[Int(item)].row)
  }

  /// The state of an aggregate for a thread that takes the current row as a variable's, with the rows
  /// that it has not been fed with yet.
  mutating func aggregate(
    _ aggregate: MatchAggregate,
    question position: Int,
    _ variable: Int
  ) throws(SQLError) -> (state: RunningAggregate, rows: [Int32], labels: [Int32]) {
    let thread = Int(current[position])
    let slot = thread * memory.aggregateCount + (aggregate.number ?? 0)
    // A state that threads share is fed by one of them alone.
    let isShared = !isKnownUniquelyReferenced(&aggregates[slot])
    let held = aggregates[slot]
    let state =
      if let held {
        isShared ? try held.copy(aggregate) : held
      } else {
        try RunningAggregate(aggregate)
      }
    aggregates[slot] = state
    var rows: [Int32] = []
    var labels: [Int32] = []
    if aggregate.counts(Int32(truncatingIfNeeded: variable)) {
      rows.append(Int32(truncatingIfNeeded: row))
      labels.append(Int32(truncatingIfNeeded: variable))
    }
    var item = labelEnds[thread]
    var taken = row - 1
    // Rows from the last one back to the first that has not been fed.
    while item >= 0, taken >= max(state.nextRow, start) {
      let label = labelItems[Int(item)].variable
      if aggregate.counts(label) {
        rows.append(Int32(truncatingIfNeeded: taken))
        labels.append(label)
      }
      item = labelItems[Int(item)].before
      taken -= 1
    }
    rows.reverse()
    labels.reverse()
    state.nextRow = row + 1
    return (state, rows, labels)
  }
}

/// An aggregate over the rows that a thread has taken.
final class RunningAggregate {
  let accumulator: any Accumulator
  /// The first row that it has not been fed with.
  fileprivate(set) var nextRow = 0

  fileprivate init(_ aggregate: MatchAggregate) throws(SQLError) {
    accumulator = try aggregate.makeAccumulator()
    accumulator.resize(groupCount: 1)
  }

  var byteCount: Int { accumulator.byteCount }

  fileprivate func copy(_ aggregate: MatchAggregate) throws(SQLError) -> RunningAggregate {
    let copy = try RunningAggregate(aggregate)
    copy.nextRow = nextRow
    let group: [Int32] = [0]
    try group.withUnsafeBufferPointer { (groups) throws(SQLError) in
      try copy.accumulator.merge(
        accumulator,
        mapping: GroupMapping(sources: groups, targets: groups)
      )
    }
    return copy
  }
}
