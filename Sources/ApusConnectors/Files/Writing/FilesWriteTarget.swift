public import ApusCatalog
import ApusFormats
public import ApusPlanner
import ApusStorage
public import ApusValues
import Synchronization

/// Writes the rows of a statement into Parquet files of one transaction, a directory for each
/// partition.
public final class FilesWriteTarget: TableWriteTarget {
  let table: DeclaredTable
  let files = OpenFiles()
  /// Bytes that all files together may hold back before some are sent off.
  let bufferLimit: Int
  private let options: ParquetWriterOptions
  private let hasWriter = Atomic<Bool>(false)
  private let transaction: FileTransaction
  /// Where the partitions are that there were when the statement began.
  private let known: [[Value]: ObjectPath]
  /// The partitions that got files.
  private let written = Mutex<[[Value]: ObjectPath]>([:])

  /// Enough for good compression, few enough that a file is work for several threads.
  private static let rowGroupRowLimit = 1 << 18

  /// Above this larger row groups gain nothing.
  private static let greatestBuffer = 1 << 30

  /// - Parameters:
  ///   - table: what is written to; its partitions have their places already.
  ///   - connector: where the files go and what commits them.
  ///   - memoryLimit: bytes that the statement may hold.
  public init(
    _ table: DeclaredTable,
    _ connector: FilesConnector,
    compression: FileCompression,
    memoryLimit: Int
  ) throws(SQLError) {
    guard let catalog = connector.catalog else {
      throw .internal("writing files without a catalog")
    }
    self.table = table
    bufferLimit = min(memoryLimit / 4, FilesWriteTarget.greatestBuffer)
    options = ParquetWriterOptions(
      compression: compression.parquet,
      rowGroupRowLimit: FilesWriteTarget.rowGroupRowLimit
    )
    var known: [[Value]: ObjectPath] = [:]
    for partition in table.partitions { known[partition.values] = partition.location }
    self.known = known
    transaction = try FileTransaction(below: table.location, in: catalog, connector.store)
  }

  public var description: String { "table \(table.name)" }

  public func makeWriter() throws(SQLError) -> any TableWriter {
    FilesWriter(self, reportsMemory: !hasWriter.exchange(true, ordering: .relaxed))
  }

  /// Makes all rows visible, with the table if it is new and the partitions that came with them.
  public func commit(making definition: TableDefinition?, orInTable id: Int64 = 0)
    throws(SQLError)
  {
    let fields = table.partitionColumns
    var change = CommittedChange(table: definition, tableID: id)
    if fields.isEmpty { change.tableLocation = table.location }
    for (values, location) in written.withLock({ $0 }) {
      let partition = PartitionDefinition(
        values: zip(values, fields).map { $0.partitionText(as: $1.type) },
        location: location
      )
      if known[values] == nil {
        change.partitions.append(partition)
      } else {
        change.knownPartitions.append(partition)
      }
    }
    try transaction.commit(change)
  }

  /// Makes the files visible, which belong to no table.
  public func commitFiles() throws(SQLError) { try transaction.commit(CommittedChange()) }

  /// Throws all rows away; no effect after a commit.
  public func abort() { transaction.abort() }

  /// Begins a file of a partition.
  func open(_ partition: [Value]) throws(SQLError) -> OpenFile {
    let upload = try transaction.makeFile(in: location(of: partition))
    let parquet = try ParquetWriter(fields: table.columns, options: options) {
      bytes throws(SQLError) in
      do throws(StorageError) {
        try upload.append(bytes)
      } catch {
        throw error.sqlError
      }
    }
    return OpenFile(partition: partition, upload: upload, parquet: parquet)
  }

  func finish(_ upload: any ObjectUpload) throws(SQLError) { try transaction.finish(upload) }

  private func location(of values: [Value]) -> ObjectPath {
    if values.isEmpty { return table.location }
    if let known = known[values] {
      written.withLock { $0[values] = known }
      return known
    }
    let fields = table.partitionColumns
    let directory = HivePartitionPath.directory(
      keys: fields.map(\.name),
      values: zip(values, fields).map { $0.partitionText(as: $1.type) }
    )
    let location = table.location.appending(directory).asDirectory
    written.withLock { $0[values] = location }
    return location
  }
}
