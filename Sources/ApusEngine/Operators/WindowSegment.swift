import ApusValues
import ApusVectors

/// The sorted rows of some partitions, with what window functions ask of them.
///
/// Rows are numbered within the segment. Owned by one worker.
final class WindowSegment {
  let specification: WindowSpecification
  let rowCount: Int
  /// Where partitions begin, then the row count.
  let partitionStarts: [Int]
  /// Where groups of rows equal in the order begin, then the row count; every partition begins one.
  let peerStarts: [Int]
  private let source: [ColumnVector]
  private let order: [Int32]
  private var gathered: [Int: ColumnVector] = [:]

  /// - Parameters:
  ///   - columns: the flat columns of all rows.
  ///   - order: the segment's rows among them, sorted.
  init(_ specification: WindowSpecification, columns: [ColumnVector], order: [Int32]) {
    self.specification = specification
    source = columns
    self.order = order
    rowCount = order.count
    // Keys are gathered first and then compared from row to row, in the order of memory.
    for index in specification.sortKeys where gathered[index] == nil {
      gathered[index] = order.withUnsafeBufferPointer { columns[index].gather($0) }
    }
    let keys = gathered
    let partitions = RowComparator(
      specification.partitionOrders,
      keys: specification.partitionKeys.compactMap { keys[$0] }
    )
    let peers = RowComparator(
      specification.orders,
      keys: specification.orderKeys.compactMap { keys[$0] }
    )
    var partitionStarts: [Int] = []
    var peerStarts: [Int] = []
    for row in order.indices {
      if row == 0 || partitions.compare(row - 1, row) != 0 {
        partitionStarts.append(row)
        peerStarts.append(row)
      } else if peers.compare(row - 1, row) != 0 {
        peerStarts.append(row)
      }
    }
    self.partitionStarts = partitionStarts + [order.count]
    self.peerStarts = peerStarts + [order.count]
  }

  /// The partitions as ranges of rows.
  var partitions: [Range<Int>] { zip(partitionStarts, partitionStarts.dropFirst()).map { $0..<$1 } }

  /// The groups of peers as ranges of rows.
  var peerGroups: [Range<Int>] { zip(peerStarts, peerStarts.dropFirst()).map { $0..<$1 } }

  /// A collected column in the order of the segment, flat.
  func column(_ index: Int) -> ColumnVector {
    if let column = gathered[index] { return column }
    let column = order.withUnsafeBufferPointer { source[index].gather($0) }
    gathered[index] = column
    return column
  }

  /// Computes a function for all rows.
  func evaluate(_ function: WindowSpecification.Function, _ cancellation: CancellationToken)
    throws(SQLError) -> ColumnVector
  {
    try cancellation.check()
    switch function.computation {
    case .ranking(let ranking):
      return try evaluate(ranking, function)
    case .navigation(let navigation):
      return try evaluate(navigation, function)
    case .aggregate(let overload, let bound):
      return try evaluate(function, cancellation) { () throws(SQLError) in
        try overload.makeAccumulator(bound)
      }
    }
  }

  /// Returns a bigint column as integers, nil for NULL.
  func integers(_ index: Int) -> [Int?] {
    let column = column(index)
    return (0..<rowCount).map { row in
      switch column.value(row) {
      case .integer(let value): Int(value)
      default: nil
      }
    }
  }
}
