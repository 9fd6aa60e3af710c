import ApusValues
import ApusVectors

/// A range of the sorted rows, for which one worker computes window functions.
///
/// Rows are numbered as in `SortedPartitions`; what is computed is numbered within the segment. A
/// partition may begin before the segment and end behind it.
final class WindowSegment {
  let rows: SortedPartitions
  let range: Range<Int>
  let specification: WindowSpecification
  let context: WorkerContext
  /// The partitions that have rows here, whole.
  let partitions: [Range<Int>]
  private let firstPeers: Int

  init(
    _ rows: SortedPartitions,
    _ range: Range<Int>,
    _ specification: WindowSpecification,
    _ context: WorkerContext
  ) {
    self.rows = rows
    self.range = range
    self.specification = specification
    self.context = context
    var partitions: [Range<Int>] = []
    var index = rows.partitionIndex(of: range.lowerBound)
    while Int(rows.partitionStarts[index]) < range.upperBound {
      partitions.append(Int(rows.partitionStarts[index])..<Int(rows.partitionStarts[index + 1]))
      index += 1
    }
    self.partitions = partitions
    firstPeers = rows.peerIndex(of: range.lowerBound)
  }

  /// A collected column of all rows, flat.
  func column(_ index: Int) -> ColumnVector { rows.columns[index] }

  /// Computes a function for all rows of the segment.
  func evaluate(_ function: WindowSpecification.Function) throws(SQLError) -> ColumnVector {
    try context.cancellation.check()
    observe(function)
    switch function.computation {
    case .ranking(let ranking):
      return try evaluate(ranking, function)
    case .navigation(let navigation):
      return try evaluate(navigation, function)
    case .aggregate(let overload, let bound, let lambdas):
      return try aggregate(function) { () throws(SQLError) in
        try overload.makeAccumulator(bound, lambdas)
      }
    }
  }

  private func observe(_ function: WindowSpecification.Function) {
    specification.observer?.observe(
      ObservedCall(
        function: function.function,
        place: .window,
        arguments: function.arguments.map { column($0).slice(range) },
        areConstant: function.arguments.map {
          rows.specification.columns[$0] is ConstantExpression
        },
        rows: .all(range.count)
      )
    )
  }

  /// Calls `body` with each partition and those of its rows that are here.
  @inline(__always)
  func forEachPartition<Failure: Error>(
    _ body: (_ partition: Range<Int>, _ rows: Range<Int>) throws(Failure) -> Void
  ) throws(Failure) {
    for partition in partitions { try body(partition, partition.clamped(to: range)) }
  }

  /// Calls `body` with each group of peers that has rows here.
  ///
  /// `group` is its position in `peerStarts`, `ordinal` its number in the partition.
  @inline(__always)
  func forEachPeerGroup(
    _ body: (_ partition: Range<Int>, _ peers: Range<Int>, _ group: Int, _ ordinal: Int) -> Void
  ) {
    var group = firstPeers
    for partition in partitions {
      let isWhole = partition.lowerBound >= range.lowerBound
      let first = isWhole ? group : rows.peerIndex(of: partition.lowerBound)
      let end = min(partition.upperBound, range.upperBound)
      while Int(rows.peerStarts[group]) < end {
        let peers = Int(rows.peerStarts[group])..<Int(rows.peerStarts[group + 1])
        body(partition, peers, group, group - first)
        group += 1
      }
    }
  }

  /// The values of a bigint column.
  func bigints(_ index: Int) -> BigintColumn { BigintColumn(column(index)) }

  struct BigintColumn {
    private let column: ColumnVector

    init(_ column: ColumnVector) { self.column = column }

    subscript(row: Int) -> Int? {
      column.isNull(row) ? nil : Int(column.values(as: Int64.self)[row])
    }
  }
}
