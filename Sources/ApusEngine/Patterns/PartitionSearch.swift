import ApusPlanner
import ApusValues

/// The search for all matches of one partition after another.
final class PartitionSearch {
  enum State {
    /// The matcher has questions.
    case waits
    /// The collector is full.
    case isFull
    case isDone
  }

  let matcher: PatternMatcher
  private let specification: MatchSpecification
  private let cancellation: CancellationToken
  private(set) var matchNumber: Int64 = 1
  private var partition = 0..<0
  /// The next row at which a match may begin.
  private var position = 0
  private var lastMatched = -1
  private var isMatching = false
  private var attemptCount = 0

  init(
    _ specification: MatchSpecification,
    _ matcher: PatternMatcher,
    _ cancellation: CancellationToken
  ) {
    self.specification = specification
    self.matcher = matcher
    self.cancellation = cancellation
  }

  /// Begins with a partition.
  func begin(_ partition: Range<Int>) {
    self.partition = partition
    position = partition.lowerBound
    lastMatched = partition.lowerBound - 1
    matchNumber = 1
    isMatching = false
  }

  /// Goes on with the partition.
  func advance(
    _ conditions: LocalConditions,
    into collector: inout MatchCollector
  ) throws(SQLError) -> State {
    while position < partition.upperBound {
      if !isMatching {
        if collector.isFull { return .isFull }
        attemptCount &+= 1
        if attemptCount & 0xFFF == 0 { try cancellation.check() }
        matcher.begin(at: position, in: partition)
        isMatching = true
      }
      guard try matcher.run(conditions) else { return .waits }
      isMatching = false
      try take(&collector)
    }
    return .isDone
  }

  /// Takes what the matcher has found, and goes to the next row.
  private func take(_ collector: inout MatchCollector) throws(SQLError) {
    let start = position
    guard let labels = collector.take(matcher, number: matchNumber, specification.rows) else {
      if specification.rows == .allWithUnmatchedRows, start > lastMatched {
        collector.addUnmatched(start, in: partition)
      }
      position += 1
      return
    }
    defer { matchNumber += 1 }
    guard !labels.isEmpty else {
      if specification.rows != .allWithoutEmptyMatches {
        collector.addEmpty(at: start, in: partition, number: matchNumber)
      }
      position += 1
      return
    }
    lastMatched = max(lastMatched, start + labels.count - 1)
    switch specification.skip {
    case .pastLastRow: position = start + labels.count
    case .nextRow: position = start + 1
    case .to(let target):
      let offset =
        target.isFirst
        ? labels.firstIndex(where: target.counts) : labels.lastIndex(where: target.counts)
      guard let offset else {
        throw SQLError(
          .genericUserError,
          "AFTER MATCH SKIP failed: pattern variable is not present in match"
        )
      }
      guard offset > labels.startIndex else {
        throw SQLError(
          .genericUserError,
          "AFTER MATCH SKIP failed: cannot skip to first row of match"
        )
      }
      position = start + offset - labels.startIndex
    }
  }
}
