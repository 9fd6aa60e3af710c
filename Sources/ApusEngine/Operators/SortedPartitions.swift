import ApusValues
import ApusVectors

/// Rows sorted by partition and order: the columns that are read of them, and where partitions and
/// groups of peers begin.
///
/// Made in two rounds of tasks, one a range of rows: columns are gathered, then values are compared
/// with those before.
///
/// Safety: a task writes places of its own range; all is read only after the last round.
final class SortedPartitions: @unchecked Sendable {
  let specification: PartitionSpecification
  let rowCount: Int
  /// The columns collected, flat; those that nothing reads are NULL.
  private(set) var columns: [ColumnVector] = []
  /// Where partitions begin, then the row count.
  private(set) var partitionStarts: [Int32] = []
  /// Where groups of rows equal in the order begin, then the row count; every partition begins one.
  private(set) var peerStarts: [Int32] = []

  /// What rows are gathered of; given back after that.
  private var source: (columns: ConcatenatedColumns, sort: ParallelSort)?
  private let ranges: [Range<Int>]
  private var builders: [Int: VectorBuilder] = [:]
  private var boundaries: [Boundaries]
  private let monitor = Monitor()
  private let reservation: Reservation

  private struct Boundaries {
    var partitionStarts: [Int32] = []
    var peerStarts: [Int32] = []
  }

  /// - Parameters:
  ///   - sort: done.
  ///   - readColumns: what is read besides the keys.
  /// - Throws: EXCEEDED_LOCAL_MEMORY_LIMIT.
  init(
    _ specification: PartitionSpecification,
    reading readColumns: Set<Int>,
    _ source: ConcatenatedColumns,
    _ sort: ParallelSort,
    _ context: WorkerContext
  ) throws(SQLError) {
    self.specification = specification
    self.source = (source, sort)
    let rowCount = source.rowCount
    self.rowCount = rowCount
    let taskCount = min(context.workerCount * 4, max(rowCount / 4096, 1))
    ranges = (0..<taskCount).map { rowCount * $0 / taskCount..<rowCount * ($0 + 1) / taskCount }
    boundaries = Array(repeating: Boundaries(), count: taskCount)
    reservation = Reservation(context.memory)
    let read = readColumns.union(specification.sortKeys)
    let stride = read.reduce(0) { $0 + source.columns[$1].type.physicalType.stride + 1 }
    try reservation.resize(to: rowCount * (stride + 8))
    for column in read {
      let vector = source.columns[column]
      let builder = VectorBuilder(type: vector.type, capacity: rowCount)
      if vector.mayHaveNulls { _ = builder.makeValidity() }
      builder.retain(heaps: vector.storage.heaps)
      builders[column] = builder
    }
  }

  var byteCount: Int { reservation.byteCount }

  var taskCount: Int { ranges.count }

  func gather(_ task: Int) {
    guard let source else { return }
    let range = ranges[task]
    source.sort.rows(range).withUnsafeBufferPointer { rows in
      for (column, builder) in builders {
        source.columns.columns[column].gather(rows, into: builder, at: range.lowerBound)
      }
    }
  }

  func finishGathering() {
    columns = specification.columns.enumerated().map { column, expression in
      builders[column]?.finish(count: rowCount)
        ?? .constant(.null, type: expression.type, count: rowCount)
    }
    source = nil
    builders = [:]
  }

  func findBoundaries(_ task: Int) {
    let range = ranges[task]
    var partitionFlags = [UInt8](repeating: 0, count: range.count)
    var peerFlags = partitionFlags
    if range.lowerBound == 0, rowCount > 0 { partitionFlags[0] = 1 }
    partitionFlags.withUnsafeMutableBufferPointer { flags in
      for key in specification.partitionKeys { mark(key, range, flags) }
    }
    peerFlags.withUnsafeMutableBufferPointer { flags in
      for key in specification.orderKeys { mark(key, range, flags) }
    }
    var found = Boundaries()
    for index in 0..<range.count where partitionFlags[index] | peerFlags[index] != 0 {
      let row = Int32(truncatingIfNeeded: range.lowerBound + index)
      found.peerStarts.append(row)
      if partitionFlags[index] != 0 { found.partitionStarts.append(row) }
    }
    monitor.withLock { boundaries[task] = found }
  }

  func finishBoundaries() {
    let end = [Int32(truncatingIfNeeded: rowCount)]
    partitionStarts = boundaries.flatMap(\.partitionStarts) + end
    peerStarts = boundaries.flatMap(\.peerStarts) + end
    boundaries = []
  }

  /// Sets the flags of rows whose value is not that of the row before.
  private func mark(_ key: Int, _ range: Range<Int>, _ flags: UnsafeMutableBufferPointer<UInt8>) {
    let column = columns[key]
    switch column.type.physicalType {
    case .boolean, .int8: mark(column, range, flags, as: UInt8.self) { $0 == $1 }
    case .int16: mark(column, range, flags, as: UInt16.self) { $0 == $1 }
    case .int32: mark(column, range, flags, as: UInt32.self) { $0 == $1 }
    case .int64: mark(column, range, flags, as: UInt64.self) { $0 == $1 }
    case .int128: mark(column, range, flags, as: UInt128.self) { $0 == $1 }
    case .float32:
      mark(column, range, flags, as: Float.self) {
        SortKeyWords.ordered($0) == SortKeyWords.ordered($1)
      }
    case .float64:
      mark(column, range, flags, as: Double.self) {
        SortKeyWords.ordered($0) == SortKeyWords.ordered($1)
      }
    case .string: mark(column, range, flags, as: StringView.self) { $0 == $1 }
    }
  }

  @inline(__always)
  private func mark<Element: BitwiseCopyable>(
    _ column: ColumnVector,
    _ range: Range<Int>,
    _ flags: UnsafeMutableBufferPointer<UInt8>,
    as element: Element.Type,
    isEqual: (Element, Element) -> Bool
  ) {
    let values = column.values(as: Element.self)
    let validity = column.validity
    for row in max(range.lowerBound, 1)..<max(range.upperBound, 1) {
      var isSame = isEqual(values[row - 1], values[row])
      if let validity {
        isSame = validity[row] == validity[row - 1] && (isSame || validity[row] == 0)
      }
      flags[row - range.lowerBound] |= isSame ? 0 : 1
    }
  }

  /// Cuts the rows into about `count` parts, between partitions unless one is larger than a
  /// worker's share.
  func segments(count: Int, workerCount: Int) -> [Range<Int>] {
    let size = max(rowCount / max(count, 1), 1)
    let limit = max(rowCount / max(workerCount, 1), size)
    var segments: [Range<Int>] = []
    var start = 0
    while start < rowCount {
      var end = min(start + size, rowCount)
      let partition = partitionIndex(of: end - 1)
      let partitionEnd = Int(partitionStarts[partition + 1])
      end = min(partitionEnd, max(end, start + limit))
      segments.append(start..<end)
      start = end
    }
    return segments
  }

  /// The position in `partitionStarts` of a row's partition.
  func partitionIndex(of row: Int) -> Int { SortedPartitions.index(of: row, in: partitionStarts) }

  /// The position in `peerStarts` of a row's group of peers.
  func peerIndex(of row: Int) -> Int { SortedPartitions.index(of: row, in: peerStarts) }

  private static func index(of row: Int, in starts: [Int32]) -> Int {
    var lower = 0
    var upper = starts.count
    while upper - lower > 1 {
      let middle = (lower + upper) / 2
      if Int(starts[middle]) <= row { lower = middle } else { upper = middle }
    }
    return lower
  }
}
