import ApusPlanner

/// Matches that have been found and the rows that they put out, until measures are computed of them.
struct MatchCollector {
  /// A match, an empty one, or a row that none has.
  struct Match {
    var partition: Range<Int>
    var start: Int
    /// Where the variables of its rows stand among `labels`.
    var labels: Range<Int>
    var number: Int64
    /// The rows that it puts out, among `rows`.
    var rows: Range<Int>
    var isUnmatched = false
  }

  /// A row that is put out: where its columns come from, and which row of the match is the current one
  /// for measures.
  struct Row {
    var source: Int32
    var current: Int32
  }

  private(set) var matches: [Match] = []
  private(set) var labels: [Int32] = []
  private(set) var rows: [Row] = []
  private var exclusions: [Int] = []
  /// Whether a batch should be made before more is found.
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  var isFull: Bool { labels.count + rows.count >= limit }

  var byteCount: Int { labels.capacity * 4 + rows.capacity * 8 + matches.capacity * 72 }

  /// Adds a row that no match has.
  mutating func addUnmatched(_ row: Int, in partition: Range<Int>) {
    addWithoutRows(at: row, in: partition, number: 0, isUnmatched: true)
  }

  /// Adds a match of no rows.
  mutating func addEmpty(at row: Int, in partition: Range<Int>, number: Int64) {
    addWithoutRows(at: row, in: partition, number: number, isUnmatched: false)
  }

  private mutating func addWithoutRows(
    at row: Int,
    in partition: Range<Int>,
    number: Int64,
    isUnmatched: Bool
  ) {
    let place = rows.count
    rows.append(Row(source: Int32(truncatingIfNeeded: row), current: 0))
    matches.append(
      Match(
        partition: partition,
        start: row,
        labels: labels.count..<labels.count,
        number: number,
        rows: place..<place + 1,
        isUnmatched: isUnmatched
      )
    )
  }

  /// Takes the match that a matcher has found, with the rows that it puts out.
  ///
  /// - Parameter row: where the search for the match began.
  /// - Returns: the variables of the match's rows, none if it is empty; nil if there is no match.
  mutating func take(
    _ matcher: PatternMatcher,
    number: Int64,
    from row: Int,
    _ output: MatchRecognize.Rows
  ) -> ArraySlice<Int32>? {
    let first = labels.count
    guard let length = matcher.writeMatch(labels: &labels, exclusions: &exclusions) else {
      return nil
    }
    guard length > 0 else { return labels[first...] }
    let place = rows.count
    switch output {
    case .onePerMatch, .window:
      addRow(row, current: length - 1)
    case .all, .allWithoutEmptyMatches, .allWithUnmatchedRows:
      var next = 0
      var pair = 0
      while next < length {
        let isPaired = pair + 1 < exclusions.count
        let end = isPaired ? exclusions[pair] : length
        while next < end {
          addRow(matcher.start + next, current: next)
          next += 1
        }
        if isPaired { next = max(next, exclusions[pair + 1]) }
        pair += 2
      }
    }
    matches.append(
      Match(
        partition: matcher.partition,
        start: matcher.start,
        labels: first..<labels.count,
        number: number,
        rows: place..<rows.count
      )
    )
    return labels[first...]
  }

  private mutating func addRow(_ source: Int, current: Int) {
    rows.append(
      Row(
        source: Int32(truncatingIfNeeded: source),
        current: Int32(truncatingIfNeeded: current)
      )
    )
  }
}
