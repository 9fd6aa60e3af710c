import ApusValues
import ApusVectors

// Sorted runs in a temporary file, merged window by window:
//
//   run 0   … ┊ 12 14 15 19 │ 25 …        a block of each run is loaded; the least of their last rows
//   run 1   … ┊ 11 13 │ 20 …              is the bound (13), and the rows up to it are the next window:
//   run 2   … ┊ 12 18 20 23 │ …           11 12 12 13. They are sorted as rows in memory are.
//
// A run whose blocks are all loaded sets no bound. Each step takes the whole block of the run that set it,
// so each row is sorted once more, and a comparison is made only to find the bound and where it falls in
// the other blocks.

/// What rows are sorted by: for each key its order and its position among the columns.
struct SortSpecification: Sendable {
  var types: [SQLType]
  var orders: [SortOrder]
  var keys: [Int]
}

/// Rows of a window in their order.
struct SortedWindow {
  let columns: [ColumnVector]
  let sort: ParallelSort

  var rowCount: Int { sort.rowCount }
}

/// Merges sorted runs.
///
/// Owned by one worker at a time.
final class SortedRunMerge {
  private let specification: SortSpecification
  private let context: WorkerContext
  private var cursors: [SortedRunCursor]

  /// Runs that are merged at once: a block of each takes an eighth of the memory at most.
  static func greatestRunCount(_ memory: MemoryPool) -> Int {
    min(max(memory.limit / 8 / SortedRunWriter.blockByteCount(memory), 4), 64)
  }

  init(_ runs: [SpilledRows], _ specification: SortSpecification, _ context: WorkerContext) {
    self.specification = specification
    self.context = context
    cursors = runs.map { SortedRunCursor($0, specification) }
  }

  /// Returns the next rows, or nil at the end.
  func next() throws(SQLError) -> SortedWindow? {
    try context.cancellation.check()
    for cursor in cursors { try cursor.loadIfEmpty() }
    cursors.removeAll { $0.isAtEnd }
    guard !cursors.isEmpty else { return nil }
    let bound = cursors.filter(\.hasMoreBlocks).min { $0.lastIsBefore($1) }
    let slices = cursors.compactMap { $0.take(upTo: bound) }
    for cursor in cursors { cursor.advance() }
    let window = Batch.concatenated(slices)
    let sort = try ParallelSort(
      specification.orders,
      keys: specification.keys.map { window.columns[$0].flattened() },
      rowCount: window.rowCount,
      workerCount: 1,
      memory: context.memory
    )
    sort.run()
    return SortedWindow(columns: window.columns, sort: sort)
  }
}

/// Where a merge is in one run.
private final class SortedRunCursor {
  private let specification: SortSpecification
  private let layout: SortKeyLayout
  private let reader: SpilledRowsReader
  private var block: Batch?
  private var words: SortKeyWords?
  private var ties = RowComparator([], keys: [])
  private var position = 0
  /// How far the window goes that was taken last.
  private var taken = 0

  init(_ run: SpilledRows, _ specification: SortSpecification) {
    self.specification = specification
    // The same for all blocks, so that their words compare.
    layout = SortKeyLayout(
      specification.orders,
      mayHaveNulls: specification.orders.map { _ in true }
    )
    reader = run.makeReader(batchCapacity: .max)
  }

  var isAtEnd: Bool { block == nil }

  var hasMoreBlocks: Bool { reader.hasMoreBlocks }

  func loadIfEmpty() throws(SQLError) {
    if let block, position < block.rowCount { return }
    block = try reader.nextBatch()
    position = 0
    taken = 0
    guard let block else { return }
    let keys = specification.keys.map { block.columns[$0].flattened() }
    let words = SortKeyWords(layout, rowCount: block.rowCount)
    words.encode(keys, 0..<block.rowCount)
    self.words = words
    let firstTie = layout.firstTie ?? keys.count
    ties = RowComparator(
      Array(specification.orders[firstTie...]),
      keys: Array(keys[firstTie...])
    )
  }

  private var last: Int { (block?.rowCount ?? 0) - 1 }

  func lastIsBefore(_ other: SortedRunCursor) -> Bool { compare(last, other, other.last) < 0 }

  private func compare(_ row: Int, _ other: SortedRunCursor, _ otherRow: Int) -> Int {
    guard let words, let otherWords = other.words else { return 0 }
    for (left, right) in zip(words.words, otherWords.words) where left[row] != right[otherRow] {
      return left[row] < right[otherRow] ? -1 : 1
    }
    return ties.compare(row, with: other.ties, otherRow)
  }

  /// Returns the rows of the block that are not above the last one of another; all if there is none.
  func take(upTo bound: SortedRunCursor?) -> Batch? {
    guard let block else { return nil }
    var end = block.rowCount
    if let bound, bound !== self {
      var lower = position
      while lower < end {
        let middle = (lower + end) / 2
        if compare(middle, bound, bound.last) <= 0 { lower = middle + 1 } else { end = middle }
      }
    }
    taken = end
    return position < end ? block.slice(position..<end) : nil
  }

  /// Goes behind what was taken.
  func advance() { position = taken }
}

/// Writes sorted rows as a run.
struct SortedRunWriter: ~Copyable {
  private let run: SpilledRows
  private let writer: BlockWriter

  private let blockByteCount: Int

  /// Rows of a block at most.
  private static let greatestRowCount = 4096

  /// The bytes that a block is meant to have.
  static func blockByteCount(_ memory: MemoryPool) -> Int {
    min(max(memory.limit / 128, 4 * 1024), 256 * 1024)
  }

  init(_ context: WorkerContext, types: [SQLType]) {
    blockByteCount = SortedRunWriter.blockByteCount(context.memory)
    run = SpilledRows(context.temporaryFile, types: types)
    writer = BlockWriter(context.temporaryFile, types: types)
  }

  /// Adds rows in their order.
  ///
  /// - Parameter byteCount: of all columns.
  func append(
    _ columns: [ColumnVector],
    _ sort: ParallelSort,
    first count: Int,
    byteCount: Int
  ) throws(SQLError) {
    let batch = Batch(columns: columns, rowCount: sort.rowCount)
    let rowByteCount = max(byteCount / max(sort.rowCount, 1), 1)
    let step = min(
      max(blockByteCount / rowByteCount, 1),
      SortedRunWriter.greatestRowCount
    )
    for start in stride(from: 0, to: count, by: step) {
      let rows = sort.rows(start..<min(start + step, count))
      let block = try rows.withUnsafeBufferPointer { (rows) throws(SQLError) in
        try writer.write([(batch: batch, rows: rows)])
      }
      run.append(block)
    }
  }

  consuming func finish() -> SpilledRows { run }
}
