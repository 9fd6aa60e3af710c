import ApusFormats
import ApusPlanner
import ApusStorage
import ApusValues
import ApusVectors

/// One worker's way into the files of a statement.
final class FilesWriter: TableWriter {
  private let target: FilesWriteTarget
  private let files: OpenFiles
  private let columnCount: Int
  private let reportsMemory: Bool
  private var splitter: PartitionSplitter

  /// - Parameter reportsMemory: whether the memory of all files is this writer's to report.
  init(_ target: FilesWriteTarget, reportsMemory: Bool) {
    self.target = target
    self.reportsMemory = reportsMemory
    files = target.files
    columnCount = target.table.columns.count
    splitter = PartitionSplitter(target.table.partitionColumns.map(\.type))
  }

  var bufferedByteCount: Int { reportsMemory ? files.bufferedByteCount : 0 }

  func append(_ batch: Batch) throws(SQLError) {
    let columns = Array(batch.columns.prefix(columnCount))
    guard columnCount < batch.columns.count else {
      return try write(Batch(columns: columns, rowCount: batch.rowCount), to: [])
    }
    for part in splitter.split(Array(batch.columns.dropFirst(columnCount)), batch.rowCount) {
      let values = splitter.partitions[part.partition]
      if part.rows.count == batch.rowCount {
        try write(Batch(columns: columns, rowCount: batch.rowCount), to: values)
      } else {
        let chosen = part.rows.withUnsafeBufferPointer { rows in columns.map { $0.gather(rows) } }
        try write(Batch(columns: chosen, rowCount: part.rows.count), to: values)
      }
    }
  }

  func finish() throws(SQLError) {
    while let file = files.takeLast() {
      _ = try file.parquet.finish()
      try target.finish(file.upload)
    }
  }

  private func write(_ batch: Batch, to partition: [Value]) throws(SQLError) {
    let file = try files.take(partition) { () throws(SQLError) in try target.open(partition) }
    try use(file) { () throws(SQLError) in try file.parquet.append(batch) }
    // End the row group of the fullest file where all together hold back too much.
    if let fullest = files.takeFullest(ifOver: target.bufferLimit) {
      try use(fullest) { () throws(SQLError) in try fullest.parquet.flushRowGroup() }
    }
  }

  private func use(_ file: OpenFile, _ body: () throws(SQLError) -> Void) throws(SQLError) {
    do {
      try body()
      files.give(back: file)
    } catch {
      files.give(back: file, failure: error)
      throw error
    }
  }
}
