import ApusCatalog
import ApusStorage
import ApusValues
import Synchronization

/// What one statement sees of files that transactions write: the state of the catalog when it first
/// looked.
final class StatementSnapshot: Sendable {
  private let catalog: CatalogDatabase?
  private let store: any ObjectStore
  private let snapshot = Mutex<TransactionSnapshot?>(nil)

  init(_ catalog: CatalogDatabase?, _ store: any ObjectStore) {
    self.catalog = catalog
    self.store = store
  }

  /// Lists files near a place as the statement sees them: after commits there have been completed,
  /// and without files of transactions that had not committed.
  ///
  /// - Throws: HIVE_CONCURRENT_MODIFICATION_DETECTED if files were replaced since the statement began.
  func list(
    near location: ObjectPath,
    _ body: () throws(SQLError) -> [ObjectInfo]
  ) throws(SQLError) -> [ObjectInfo] {
    guard let catalog else { return try body() }
    let seen = try taken(from: catalog)
    try FileTransaction.settle(near: location.canonical, in: catalog, store)
    let files = try body()
    let now = try catalog.snapshot()
    guard now.replacementCount == seen.replacementCount else {
      throw SQLError(
        .hiveConcurrentModificationDetected,
        "Files were replaced while the statement was looking for them",
        hint: "Run the statement again."
      )
    }
    // The catalog may have been made since.
    let catalogID = seen.catalogID ?? now.catalogID
    return files.filter { info in
      guard let name = DataFileName(info.path.name) else { return true }
      return name.catalogID != catalogID || seen.shows(name.transaction)
    }
  }

  /// Takes the snapshot, if that has not been done: before the catalog is asked what there is, so
  /// that no file is seen whose partition came too late to be.
  func take() throws(SQLError) { if let catalog { _ = try taken(from: catalog) } }

  /// Whether a transaction that has committed by now is seen.
  func shows(_ transaction: Int64) throws(SQLError) -> Bool {
    guard let catalog else { return true }
    return try taken(from: catalog).shows(transaction)
  }

  private func taken(from catalog: CatalogDatabase) throws(SQLError) -> TransactionSnapshot {
    if let taken = snapshot.withLock({ $0 }) { return taken }
    let new = try catalog.snapshot()
    return snapshot.withLock { current in
      if let current { return current }
      current = new
      return new
    }
  }
}
