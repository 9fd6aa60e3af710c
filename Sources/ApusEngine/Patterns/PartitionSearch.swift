import ApusPlanner
import ApusValues
import ApusVectors

/// The search for all matches of one partition after another.
final class PartitionSearch {
  enum State {
    /// The matcher has questions.
    case waits
    /// The collector is full.
    case isFull
    case isDone
  }

  private(set) var matcher: PatternMatcher
  private let specification: MatchSpecification
  private let rows: SortedPartitions
  private let cancellation: CancellationToken
  private(set) var matchNumber: Int64 = 1
  private var partition = 0..<0
  /// The next row at which a match may begin.
  private var position = 0
  /// The row at which the matcher tries, which is `position` unless a window seeks.
  private var attempt = 0
  /// The rows that the matcher sees.
  private var bounds = 0..<0
  private var lastMatched = -1
  private var isMatching = false
  private var isSeeking = false
  private var attemptCount = 0

  init(
    _ specification: MatchSpecification,
    _ matcher: PatternMatcher,
    _ rows: SortedPartitions,
    _ cancellation: CancellationToken
  ) {
    self.specification = specification
    self.matcher = matcher
    self.rows = rows
    self.cancellation = cancellation
  }

  /// Begins with a partition.
  func begin(_ partition: Range<Int>) {
    self.partition = partition
    position = partition.lowerBound
    lastMatched = partition.lowerBound - 1
    matchNumber = 1
    isMatching = false
    isSeeking = false
  }

  /// Answers a question of the matcher.
  func answer(_ position: Int, _ holds: Bool) { matcher.answer(position, holds) }

  /// The state of an aggregate for a question: see `PatternMatcher`.
  func aggregate(
    _ aggregate: MatchAggregate,
    question position: Int,
    _ variable: Int
  ) throws(SQLError) -> (state: RunningAggregate, rows: [Int32], labels: [Int32]) {
    try matcher.aggregate(aggregate, question: position, variable)
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
        if !isSeeking {
          attempt = position
          bounds = try visibleRows()
        }
        matcher.begin(at: attempt, in: bounds)
        isMatching = true
      }
      guard try matcher.run(conditions) else { return .waits }
      isMatching = false
      isSeeking = false
      if let search = specification.search {
        try take(&collector, search)
      } else {
        try take(&collector)
      }
    }
    return .isDone
  }

  /// The rows that can be seen from the current one.
  ///
  /// - Throws: INVALID_WINDOW_FRAME for an offset that is negative or NULL.
  private func visibleRows() throws(SQLError) -> Range<Int> {
    switch specification.search?.end {
    case nil: return partition
    case .currentRow?: return position..<position + 1
    case .partitionEnd?: return position..<partition.upperBound
    case .following(let column)?:
      guard case .integer(let offset) = rows.columns[column].value(position), offset >= 0 else {
        throw SQLError(
          .invalidWindowFrame,
          "Window frame offset value must not be negative or null"
        )
      }
      let left = partition.upperBound - position - 1
      return position..<position + 1 + min(left, Int(clamping: offset))
    }
  }

  /// Takes what the matcher has found for a row of a window, and goes to the next row that has not been
  /// skipped.
  private func take(
    _ collector: inout MatchCollector,
    _ search: MatchSpecification.Search
  ) throws(SQLError) {
    let row = position
    let found = collector.take(matcher, number: matchNumber, from: row, specification.rows)
    position += 1
    if let labels = found {
      if labels.isEmpty {
        collector.addEmpty(at: row, in: bounds, number: matchNumber)
      } else {
        position = max(position, try next(after: labels))
      }
      matchNumber += 1
    } else if search.seeks, attempt < bounds.upperBound - 1 {
      position = row
      attempt += 1
      isSeeking = true
      return
    } else {
      collector.addUnmatched(row, in: bounds)
    }
    for skipped in row + 1..<max(min(position, partition.upperBound), row + 1) {
      collector.addUnmatched(skipped, in: bounds)
    }
  }

  /// Where the search goes on after a match.
  ///
  /// - Throws: GENERIC_USER_ERROR if it would go nowhere.
  private func next(after labels: ArraySlice<Int32>) throws(SQLError) -> Int {
    switch specification.skip {
    case .pastLastRow: return attempt + labels.count
    case .nextRow: return position
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
      return attempt + offset - labels.startIndex
    }
  }

  /// Takes what the matcher has found, and goes to the next row.
  private func take(_ collector: inout MatchCollector) throws(SQLError) {
    let row = position
    let found = collector.take(matcher, number: matchNumber, from: row, specification.rows)
    position += 1
    guard let labels = found else {
      if specification.rows == .allWithUnmatchedRows, row > lastMatched {
        collector.addUnmatched(row, in: partition)
      }
      return
    }
    if labels.isEmpty {
      if specification.rows != .allWithoutEmptyMatches {
        collector.addEmpty(at: row, in: partition, number: matchNumber)
      }
    } else {
      lastMatched = max(lastMatched, row + labels.count - 1)
      position = try next(after: labels)
    }
    matchNumber += 1
  }
}
