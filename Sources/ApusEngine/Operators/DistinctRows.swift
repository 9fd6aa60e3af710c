import ApusValues
import ApusVectors

/// The distinct arguments of each group, for `count(DISTINCT x)` and its like.
///
/// Owned by one worker at a time; read by several only when complete.
final class DistinctRows {
  private let table: GroupTable
  private let encoder: KeyEncoder
  /// Where rows were found; what matters is that they are there.
  private let places = GroupBuffer()

  /// - Parameter layout: an integer for the group, then the arguments.
  init(_ layout: KeyLayout) {
    table = GroupTable(layout)
    encoder = KeyEncoder(layout)
  }

  /// The number of rows.
  var count: Int { table.count }

  var byteCount: Int { table.byteCount }

  /// The bytes that as many more rows may take besides.
  func growth(by additional: Int) -> Int { table.growth(by: additional) }

  /// Adds the selected rows.
  ///
  /// - Parameter groups: one per row of the batch.
  func insert(
    groups: UnsafePointer<Int32>,
    arguments: [ColumnVector],
    rows: Selection
  ) throws(SQLError) {
    let count = rows.count
    guard count > 0 else { return }
    let buffer = VectorBuffer(byteCount: count * 4)
    let output = buffer.base.assumingMemoryBound(to: Int32.self)
    var selected = arguments
    if let indices = rows.indices {
      for (position, row) in indices.enumerated() { output[position] = groups[Int(row)] }
      selected = indices.withUnsafeBufferPointer { rows in arguments.map { $0.gather(rows) } }
    } else {
      output.update(from: groups, count: count)
    }
    try insert(buffer, selected, count: count)
  }

  private func insert(_ groups: VectorBuffer, _ arguments: [ColumnVector], count: Int)
    throws(SQLError)
  {
    let storage = VectorStorage(
      physicalType: .int32,
      count: count,
      values: groups,
      validity: nil,
      heaps: []
    )
    encoder.encode([ColumnVector(type: .integer, storage: storage)] + arguments, rowCount: count)
    try table.findOrInsert(
      rows: encoder.rows,
      hashes: encoder.hashes,
      rowCount: count,
      groups: places.reserve(count, filledWith: 0)
    )
  }

  /// Adds rows of another set, which several may read, some at a time.
  ///
  /// - Parameters:
  ///   - wanted: positions of rows of `other`.
  ///   - targets: the group here of each group there; nil if it is the same.
  ///   - body: receives which rows here are new, after each step.
  func insert(
    _ other: DistinctRows,
    rows wanted: UnsafeBufferPointer<Int32>,
    targets: UnsafePointer<Int32>?,
    _ body: (Range<Int>) throws(SQLError) -> Void
  ) throws(SQLError) {
    let chunk = KeyChunk(table.keys.layout)
    var start = 0
    while start < wanted.count {
      let end = min(start + KeyChunk.capacity, wanted.count)
      chunk.fill(from: other.table.keys, UnsafeBufferPointer(rebasing: wanted[start..<end]))
      if let targets { chunk.replaceIntegers(ofColumn: 0, by: targets) }
      let before = table.count
      try table.findOrInsert(
        rows: chunk.rows,
        hashes: chunk.hashes,
        rowCount: end - start,
        groups: places.reserve(end - start, filledWith: 0)
      )
      // What is new is at the end, as all rows are in the order in which they came.
      if table.count > before { try body(before..<table.count) }
      start = end
    }
  }

  /// Returns the groups and the arguments of rows.
  func columns(_ range: Range<Int>) -> (groups: ColumnVector, arguments: [ColumnVector]) {
    let keys = table.keys
    return (
      keys.column(0, range), (1..<keys.layout.columns.count).map { keys.column($0, range) }
    )
  }

  /// Returns the group of a row.
  func group(of row: Int) -> Int { Int(table.keys.integer(row: row, column: 0)) }

  /// Returns the group of each row.
  func groups() -> [Int32] {
    let keys = table.keys
    return (0..<table.count).map { keys.integer(row: $0, column: 0) }
  }

  /// Divides the rows by their hashes.
  ///
  /// - Parameter targets: the group to hash of each group; nil if it is the same.
  func split(_ partitioning: HashPartitioning, targets: UnsafePointer<Int32>?) -> PartitionedRows {
    guard let targets else {
      return PartitionedRows(partitioning.partitions(of: table.keys), count: partitioning.count)
    }
    let chunk = KeyChunk(table.keys.layout)
    var partitions: [UInt8] = []
    partitions.reserveCapacity(table.count)
    for start in stride(from: 0, to: table.count, by: KeyChunk.capacity) {
      let end = min(start + KeyChunk.capacity, table.count)
      let rows = (Int32(start)..<Int32(end)).map { $0 }
      rows.withUnsafeBufferPointer { chunk.fill(from: table.keys, $0) }
      chunk.replaceIntegers(ofColumn: 0, by: targets)
      for row in 0..<(end - start) {
        partitions.append(partitioning.partition(ofHash: chunk.hashes[row]))
      }
    }
    return PartitionedRows(partitions, count: partitioning.count)
  }
}
