import ApusValues
import ApusVectors

/// The distinct arguments of each group, for `count(DISTINCT x)` and its like.
///
/// Owned by one worker at a time; read by several only when complete.
final class DistinctRows {
  private let table: GroupTable
  private let encoder: KeyEncoder

  /// - Parameter layout: an integer for the group, then the arguments.
  init(_ layout: KeyLayout) {
    table = GroupTable(layout)
    encoder = KeyEncoder(layout)
  }

  var byteCount: Int { table.byteCount }

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
    _ = try insert(buffer, selected, count: count)
  }

  /// Adds rows and returns those that were not there yet.
  func insertNew(groups: [Int32], arguments: [ColumnVector]) throws(SQLError)
    -> (groups: [Int32], arguments: [ColumnVector])
  {
    let buffer = VectorBuffer(byteCount: groups.count * 4)
    let output = buffer.base.assumingMemoryBound(to: Int32.self)
    for (row, group) in groups.enumerated() { output[row] = group }
    let before = table.count
    let found = try insert(buffer, arguments, count: groups.count)
    // Within these rows, too, only the first of equal ones is new.
    var newRows: [Int32] = []
    var next = Int32(truncatingIfNeeded: before)
    for (row, place) in found.enumerated() where place == next {
      newRows.append(Int32(truncatingIfNeeded: row))
      next += 1
    }
    return newRows.withUnsafeBufferPointer { rows in
      (rows.map { groups[Int($0)] }, arguments.map { $0.gather(rows) })
    }
  }

  private func insert(_ groups: VectorBuffer, _ arguments: [ColumnVector], count: Int)
    throws(SQLError) -> [Int32]
  {
    let storage = VectorStorage(
      physicalType: .int32,
      count: count,
      values: groups,
      validity: nil,
      heaps: []
    )
    encoder.encode([ColumnVector(type: .integer, storage: storage)] + arguments, rowCount: count)
    var places = [Int32](repeating: 0, count: count)
    var failure: SQLError?
    places.withUnsafeMutableBufferPointer { places in
      guard let base = places.baseAddress else { return }
      do throws(SQLError) {
        try table.findOrInsert(
          rows: encoder.rows,
          hashes: encoder.hashes,
          rowCount: count,
          groups: base
        )
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return places
  }

  /// Calls `body` with all rows, some at a time.
  ///
  /// - Parameter mapping: the group to pass on for each group.
  func forEachChunk(
    mapping: [Int32]?,
    _ body: ([Int32], [ColumnVector]) throws(SQLError) -> Void
  ) throws(SQLError) {
    let chunk = 2048
    var start = 0
    while start < table.count {
      let range = start..<min(start + chunk, table.count)
      start = range.upperBound
      let groupColumn = table.keys.column(0, range)
      let raw = groupColumn.values(as: Int32.self)
      var groups = (0..<range.count).map { raw[$0] }
      if let mapping { groups = groups.map { mapping[Int($0)] } }
      let arguments = (1..<table.keys.layout.columns.count).map { table.keys.column($0, range) }
      try body(groups, arguments)
    }
  }
}
