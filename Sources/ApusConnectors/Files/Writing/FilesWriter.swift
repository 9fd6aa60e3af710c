import ApusFormats
import ApusPlanner
import ApusStorage
import ApusValues
import ApusVectors

/// One worker's open files, one for each partition that it has met.
final class FilesWriter: TableWriter {
  private struct OpenFile {
    let upload: any ObjectUpload
    let parquet: ParquetWriter
  }

  /// Athena's limit of partitions that one statement writes.
  static let partitionLimit = 100

  /// Encoded bytes that all files together may hold back before some are sent off.
  private static let bufferLimit = 256 << 20

  private let target: FilesWriteTarget
  private let columnCount: Int
  private var files: [OpenFile?] = []
  private var splitter: PartitionSplitter

  init(_ target: FilesWriteTarget) {
    self.target = target
    columnCount = target.table.columns.count
    splitter = PartitionSplitter(target.table.partitionColumns.map(\.type))
  }

  var bufferedByteCount: Int {
    files.reduce(0) { $0 + ($1?.parquet.bufferedByteCount ?? 0) }
  }

  func append(_ batch: Batch) throws(SQLError) {
    let columns = Array(batch.columns.prefix(columnCount))
    guard columnCount < batch.columns.count else {
      return try write(Batch(columns: columns, rowCount: batch.rowCount), to: 0)
    }
    let parts = splitter.split(Array(batch.columns.dropFirst(columnCount)), batch.rowCount)
    guard splitter.partitions.count <= FilesWriter.partitionLimit else {
      throw SQLError(
        .hiveTooManyOpenPartitions,
        "Exceeded limit of \(FilesWriter.partitionLimit) open writers for partitions/buckets",
        hint: "Write fewer partitions with each statement."
      )
    }
    for part in parts {
      if part.rows.count == batch.rowCount {
        try write(Batch(columns: columns, rowCount: batch.rowCount), to: part.partition)
      } else {
        let chosen = part.rows.withUnsafeBufferPointer { rows in columns.map { $0.gather(rows) } }
        try write(Batch(columns: chosen, rowCount: part.rows.count), to: part.partition)
      }
    }
  }

  func finish() throws(SQLError) {
    for index in files.indices {
      guard let file = files[index] else { continue }
      _ = try file.parquet.finish()
      try target.finish(file.upload)
      files[index] = nil
    }
  }

  private func write(_ batch: Batch, to partition: Int) throws(SQLError) {
    while files.count <= partition { files.append(nil) }
    let file: OpenFile
    if let open = files[partition] {
      file = open
    } else {
      file = try open(partition)
      files[partition] = file
    }
    try file.parquet.append(batch)
    if files.count > 1 { try relieve() }
  }

  private func open(_ partition: Int) throws(SQLError) -> OpenFile {
    let values =
      splitter.partitions.indices.contains(partition) ? splitter.partitions[partition] : []
    let upload = try target.makeFile(values)
    let parquet = try ParquetWriter(
      fields: target.table.columns,
      options: target.options
    ) { bytes throws(SQLError) in
      do throws(StorageError) {
        try upload.append(bytes)
      } catch {
        throw error.sqlError
      }
    }
    return OpenFile(upload: upload, parquet: parquet)
  }

  /// Ends the row group of the fullest file where all together hold back too much.
  private func relieve() throws(SQLError) {
    guard bufferedByteCount > FilesWriter.bufferLimit else { return }
    let fullest = files.compactMap { $0 }.max {
      $0.parquet.bufferedByteCount < $1.parquet.bufferedByteCount
    }
    try fullest?.parquet.flushRowGroup()
  }
}
