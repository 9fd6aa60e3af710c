/// Some rows of a result or table: columns of the same row count.
///
/// Batches between operators hold no rows that a filter has dropped: filters gather what survives.
public struct Batch: Sendable {
  public let columns: [ColumnVector]
  public let rowCount: Int

  /// Rows that an operator hands on at a time, unless the session says otherwise.
  public static let defaultCapacity = 2048

  public init(columns: [ColumnVector], rowCount: Int) {
    self.columns = columns
    self.rowCount = rowCount
  }

  /// Returns the rows `range` without copying.
  public func slice(_ range: Range<Int>) -> Batch {
    Batch(columns: columns.map { $0.slice(range) }, rowCount: range.count)
  }

  /// Returns the rows that a selection keeps; itself if it keeps all.
  public func select(_ selection: Selection) -> Batch {
    guard let indices = selection.indices else { return self }
    return indices.withUnsafeBufferPointer { rows in
      Batch(columns: columns.map { $0.gather(rows) }, rowCount: rows.count)
    }
  }
}
