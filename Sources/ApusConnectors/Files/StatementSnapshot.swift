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
    let files = try body().filter { info in
      DataFileName(info.path.name).map {
        $0.catalogID != seen.catalogID || seen.shows($0.transaction)
      }
        ?? true
    }
    guard try catalog.snapshot().replacementCount == seen.replacementCount else {
      throw SQLError(
        .hiveConcurrentModificationDetected,
        "Files were replaced while the statement was looking for them",
        hint: "Run the statement again."
      )
    }
    return files
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
