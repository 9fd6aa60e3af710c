public import ApusCatalog
public import ApusPlanner
import ApusStorage
public import ApusValues

extension FilesConnector {
  /// Whether statistics are kept of a table: one made of files.
  public func keepsStatistics(of table: any Table) -> Bool { table is FilesTable }

  /// The size of all files of a table, in bytes.
  public func byteCount(of table: any Table) throws(SQLError) -> Int {
    guard let table = table as? FilesTable else { return 0 }
    return try table.files(for: [:]).files.reduce(0) { $0 + $1.info.size }
  }

  /// Keeps what ANALYZE has found of a table.
  ///
  /// - Throws: NOT_SUPPORTED without a catalog, HIVE_METASTORE_ERROR if it cannot be written.
  public func keep(_ statistics: StoredTableStatistics, of table: any Table) throws(SQLError) {
    guard let catalog, let table = table as? FilesTable else {
      throw .notSupported("ANALYZE without a catalog")
    }
    try catalog.setStatistics(statistics, ofTableAt: table.location.canonical)
  }
}
