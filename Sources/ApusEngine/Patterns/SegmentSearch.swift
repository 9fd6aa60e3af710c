import ApusValues
import ApusVectors

/// The search for matches in some neighbouring partitions, by one worker.
///
/// If conditions depend on the match, many partitions are searched side by side, and what they ask at
/// one time is evaluated together.
final class SegmentSearch {
  private let specification: MatchSpecification
  private let rows: SortedPartitions
  private let conditions: LocalConditions
  private let dependent: DependentConditions
  private let context: WorkerContext
  private let reservation: Reservation
  /// The positions of the partitions that have not been begun.
  private var remaining: Range<Int>
  private var searches: [PartitionSearch] = []
  private var isWaiting: [Bool] = []

  private static let searchCount = 256
  /// Rows of matches and of the output that are collected before measures are computed.
  private static let collectedCount = 8192

  /// - Parameter partitions: positions among `rows.partitionStarts`.
  init(
    _ specification: MatchSpecification,
    _ rows: SortedPartitions,
    partitions: Range<Int>,
    _ context: WorkerContext
  ) throws(SQLError) {
    self.specification = specification
    self.rows = rows
    self.context = context
    remaining = partitions
    let first = Int(rows.partitionStarts[partitions.lowerBound])
    let end = Int(rows.partitionStarts[partitions.upperBound])
    reservation = Reservation(context.memory)
    let localCount = specification.conditions.count { $0?.local != nil }
    try reservation.resize(to: localCount * (end - first))
    conditions = try LocalConditions(specification, rows, first..<end, context)
    dependent = DependentConditions(specification: specification, rows: rows)
    let isDependent = conditions.dependsOnMatch.contains(true)
    let count = isDependent ? min(SegmentSearch.searchCount, partitions.count) : 1
    for _ in 0..<count {
      let matcher = PatternMatcher(
        specification.program,
        specification.memory,
        dependsOnMatch: conditions.dependsOnMatch
      )
      let search = PartitionSearch(specification, matcher, rows, context.cancellation)
      if beginNext(search) {
        searches.append(search)
        isWaiting.append(false)
      }
    }
  }

  /// Gives a search the next partition; false if there is none.
  private func beginNext(_ search: PartitionSearch) -> Bool {
    guard let partition = remaining.popFirst() else { return false }
    search.begin(Int(rows.partitionStarts[partition])..<Int(rows.partitionStarts[partition + 1]))
    return true
  }

  /// Returns the next rows that are put out, or nil at the end.
  func next() throws(SQLError) -> Batch? {
    var collector = MatchCollector(limit: min(SegmentSearch.collectedCount, context.batchCapacity))
    while true {
      try advance(into: &collector)
      try reserve(collector)
      if collector.isFull || searches.isEmpty { break }
      guard isWaiting.contains(true) else { continue }
      try context.cancellation.check()
      let asking = searches.indices.filter { isWaiting[$0] }
      try dependent.answer(asking.map { searches[$0] })
      for index in asking { isWaiting[index] = false }
    }
    if collector.rows.isEmpty { return nil }
    return try MatchOutput(specification, rows, collector, context).batch()
  }

  /// Lets all searches go on as far as they can.
  private func advance(into collector: inout MatchCollector) throws(SQLError) {
    var index = 0
    while index < searches.count {
      if isWaiting[index] {
        index += 1
        continue
      }
      switch try searches[index].advance(conditions, into: &collector) {
      case .waits:
        isWaiting[index] = true
        index += 1
      case .isFull:
        return
      case .isDone:
        if !beginNext(searches[index]) {
          searches.remove(at: index)
          isWaiting.remove(at: index)
        }
      }
    }
  }

  private func reserve(_ collector: MatchCollector) throws(SQLError) {
    let matchers = searches.reduce(0) { $0 + $1.matcher.byteCount }
    try reservation.resize(to: conditions.byteCount + matchers + collector.byteCount)
  }
}
