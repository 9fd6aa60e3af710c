public import ApusCatalog
public import ApusStorage
public import ApusValues
import Synchronization

/// Files that appear together or not at all.
///
/// Dropped before `commit` has returned, it is undone.
public final class FileTransaction: Sendable {
  private struct State {
    var prepared: [PreparedObject] = []
    /// How each file that was begun is thrown away.
    var begun: [PreparedObject] = []
    var isOver = false
    /// Whether a commit was tried, which may have come through even where it failed.
    var wasTried = false
  }

  private let catalog: CatalogDatabase
  private let store: any ObjectStore
  private let transaction: OpenTransaction
  private let state = Mutex(State())
  private let fileNumber = Atomic<Int>(0)

  /// Begins to write below a directory.
  init(below location: ObjectPath, in catalog: CatalogDatabase, _ store: any ObjectStore)
    throws(SQLError)
  {
    self.catalog = catalog
    self.store = store
    // Whoever writes sweeps: nobody may ever look again where a writer has died.
    try? FileTransaction.settle(near: nil, in: catalog, store)
    transaction = try catalog.begin(writingBelow: location.canonical)
  }

  deinit { abort() }

  /// Begins a data file in a directory, under a name of its own.
  func makeFile(in directory: ObjectPath) throws(SQLError) -> any ObjectUpload {
    let name = DataFileName(
      catalogID: transaction.catalogID,
      transaction: transaction.id,
      number: fileNumber.add(1, ordering: .relaxed).newValue
    )
    let upload: any ObjectUpload
    do {
      upload = try store.upload(to: directory.appending(name.description))
    } catch {
      throw error.sqlError
    }
    do {
      try catalog.note(upload.prepared, of: transaction)
    } catch {
      try? store.discard(upload.prepared)
      throw error
    }
    state.withLock { $0.begun.append(upload.prepared) }
    return upload
  }

  /// Stores the last bytes of a file; it then waits for the commit.
  func finish(_ upload: any ObjectUpload) throws(SQLError) {
    do {
      let prepared = try upload.finish()
      state.withLock { $0.prepared.append(prepared) }
    } catch {
      throw error.sqlError
    }
  }

  /// Makes all finished files visible.
  ///
  /// When this returns the files are there for every reader. An error before the commit undoes all;
  /// what fails after it, another statement completes.
  public func commit(_ change: CommittedChange, replacing replaced: [ObjectPath] = [])
    throws(SQLError)
  {
    let prepared = state.withLock { state in
      state.wasTried = true
      return state.prepared
    }
    let committed: UnfinishedTransaction
    do {
      committed = try catalog.commit(transaction, prepared, replacing: replaced, change)
    } catch {
      // What the catalog has refused is known not to be committed.
      if error.code != .hiveMetastoreError { state.withLock { $0.wasTried = false } }
      abort()
      throw error
    }
    state.withLock { $0.isOver = true }
    // The statement has succeeded; the next reader completes what this cannot.
    try? FileTransaction.settle(committed, in: catalog, store)
  }

  /// Throws all files away.
  public func abort() {
    let (wasOver, wasTried, begun) = state.withLock { state in
      defer { state.isOver = true }
      return (state.isOver, state.wasTried, state.begun)
    }
    guard !wasOver else { return }
    if let aborted = try? catalog.abort(transaction.id) {
      // What cannot be thrown away now is left to whoever looks next.
      try? FileTransaction.settle(aborted, in: catalog, store)
    } else if !wasTried {
      // Somebody has taken this writer for dead and knows nothing of what it made since; or the
      // catalog is on a full disk and takes nothing down before these files have made room.
      for file in begun { try? store.discard(file) }
    }
  }

  /// Leaves everything as it is, as the end of the process would.
  func abandon() { state.withLock { $0.isOver = true } }

  /// Completes what was committed near a place, or anywhere, and throws away what writers have left
  /// there.
  static func settle(
    near location: ObjectPath?,
    in catalog: CatalogDatabase,
    _ store: any ObjectStore
  ) throws(SQLError) {
    // One place has many names, by links and relative paths, so all of the same store are tried.
    for unfinished in try catalog.unfinishedTransactions(near: location.map(wholeStore)) {
      do {
        try settle(unfinished, in: catalog, store)
      } catch {
        // Nobody sees files of an aborted transaction, so they may wait.
        if unfinished.isCommitted, location.map(unfinished.isNear) ?? true { throw error }
      }
    }
  }

  /// The bucket of a place, or the whole disk.
  private static func wholeStore(of place: ObjectPath) -> ObjectPath {
    place.scheme == nil ? ObjectPath("/") : place.root
  }

  /// Brings a transaction to its end. Repeatable, and by several processes at once.
  private static func settle(
    _ unfinished: UnfinishedTransaction,
    in catalog: CatalogDatabase,
    _ store: any ObjectStore
  ) throws(SQLError) {
    let prepared = unfinished.files.compactMap(\.prepared)
    let limit = unfinished.files.first.map { requestLimit(for: $0.path) } ?? 1
    do {
      if unfinished.isCommitted {
        try each(prepared, limit) { file throws(StorageError) in try store.complete(file) }
        try each(unfinished.files.filter { $0.prepared == nil }.map(\.path), limit) {
          path throws(StorageError) in try store.remove(path)
        }
      } else {
        try each(prepared, limit) { file throws(StorageError) in try store.discard(file) }
        // A directory goes with the file that it was made for, if no other is in it: once more, now
        // that all are gone.
        try each(prepared.filter { $0.path.scheme == nil }, limit) { file throws(StorageError) in
          try store.discard(file)
        }
      }
    } catch {
      // Someone else has brought it to its end meanwhile, and what came then is not ours.
      if try !catalog.isUnfinished(unfinished.id) { return }
      guard unfinished.isCommitted else { throw error }
      var failure = error
      failure.message =
        "Files of a statement that has committed cannot be completed: \(failure.message)"
      throw failure
    }
    // The work is done, whether the catalog can be told or not: it may be one that is only read.
    try? catalog.forget(unfinished.id)
  }

  /// Does something to each of many files, several at once where requests take long.
  private static func each<Item: Sendable>(
    _ items: [Item],
    _ limit: Int,
    _ body: @escaping @Sendable (Item) throws(StorageError) -> Void
  ) throws(SQLError) {
    _ = try concurrently(items.count, limit: limit) { index throws(SQLError) in
      do throws(StorageError) {
        try body(items[index])
      } catch {
        throw error.sqlError
      }
    }
  }
}
