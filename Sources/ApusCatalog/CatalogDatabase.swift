public import ApusStorage
import ApusValues
import GRDB
import Glibc

// What is kept of a warehouse beside its files: databases, tables, partitions, views, users and the
// transactions that write files. One SQLite file; several processes of one machine use it at once.
// Every call is a transaction of its own and sees what others have committed before it.
//
// This module alone knows the tables of the file; `CatalogMigrations` makes them.

/// The catalog of a warehouse, in a file.
///
/// The file is opened with the first call that needs it. Reading never makes one: a catalog whose
/// file is not there is empty. The first change makes the file and the directories above it.
public final class CatalogDatabase: Sendable {
  /// Where the file is, or will be.
  public let path: ObjectPath
  private let pool = PoolSlot()
  let locks: TransactionLocks
  let places: CatalogPlaces

  /// - Parameter warehouse: the directory that places below it are kept relative to; nil keeps all
  ///   as they are.
  public init(path: ObjectPath, warehouse: ObjectPath? = nil) {
    self.path = path
    places = CatalogPlaces(root: warehouse)
    locks = TransactionLocks(path: path.text + "-locks")
  }

  /// Whether there is a file that this process may write to.
  public var mayBeWritten: Bool { access(path.text, W_OK) == 0 }

  /// Runs a read that sees one state of the file; `nothing` is the answer without a file.
  func read<Result: Sendable>(
    orIfThereIsNoFile nothing: Result,
    _ body: @Sendable (Database) throws -> Result
  ) throws(SQLError) -> Result {
    do {
      guard let pool = try pool.open(path.text, making: false) else { return nothing }
      return try pool.read(body)
    } catch {
      throw catalogError(error)
    }
  }

  /// Runs a change as one transaction that no other process can come between.
  @discardableResult
  func write<Result: Sendable>(_ body: @Sendable (Database) throws -> Result) throws(SQLError)
    -> Result
  {
    do {
      guard let pool = try pool.open(path.text, making: true) else {
        throw SQLError.internal("a catalog that was not made")
      }
      return try pool.write(body)
    } catch {
      throw catalogError(error)
    }
  }

  /// Runs a change that may be lost: in a file that is there, not waiting long for other writers nor
  /// for the disk.
  func writeSoon(_ body: @Sendable (Database) throws -> Void) throws {
    guard let pool = try pool.open(path.text, making: false) else { return }
    try pool.writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA busy_timeout = 100; PRAGMA synchronous = NORMAL")
      defer {
        try? database.execute(sql: "PRAGMA busy_timeout = 30000; PRAGMA synchronous = FULL")
      }
      try database.inTransaction(.immediate) {
        try body(database)
        return .commit
      }
    }
  }

  private func catalogError(_ error: any Error) -> SQLError {
    switch error {
    case let error as SQLError: return error
    case let error as CatalogFileError:
      return SQLError(
        .hiveMetastoreError,
        "The catalog \(path) cannot be made: \(error.reason)",
        hint: "Name a file that may be written with --catalog FILE."
      )
    case let error as DatabaseError:
      let words = error.message ?? "\(error.resultCode)"
      switch error.resultCode {
      case .SQLITE_CONSTRAINT where error.extendedResultCode == .SQLITE_CONSTRAINT_FOREIGNKEY:
        return SQLError(
          .hiveTableDroppedDuringQuery,
          "What the statement was to change was dropped meanwhile"
        )
      case .SQLITE_BUSY, .SQLITE_LOCKED:
        return SQLError(
          .hiveTableLockNotAcquired,
          "The catalog \(path) is in use by another process for too long",
          hint: "Try again.",
          cause: error
        )
      case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
        return SQLError(
          .hiveMetastoreError,
          "The catalog \(path) cannot be opened or written: \(words)",
          hint: "Name a file that may be written with --catalog FILE."
        )
      case .SQLITE_NOTADB, .SQLITE_CORRUPT:
        return SQLError(.hiveMetastoreError, "The catalog \(path) is damaged: \(words)")
      default:
        return SQLError(.hiveMetastoreError, "The catalog \(path) failed: \(words)")
      }
    default:
      return .internal("catalog: \(error)")
    }
  }
}

/// Why a catalog's file could not be made.
struct CatalogFileError: Error {
  var reason: String
}

/// The connections to a catalog's file, from the first use on.
///
/// Safety: `pool` is touched with `mutex` held.
private final class PoolSlot: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private var pool: DatabasePool?

  init() { pthread_mutex_init(mutex, nil) }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Returns the connections; nil if there is no file and none is to be made.
  func open(_ path: String, making: Bool) throws -> DatabasePool? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    // A file that was deleted under us is another warehouse's beginning.
    let exists = access(path, F_OK) == 0
    if let pool, exists { return pool }
    pool = nil
    guard exists || making else { return nil }
    if !exists { try makeDirectories(above: path) }
    var configuration = Configuration()
    configuration.label = "apus.catalog"
    configuration.busyMode = .timeout(30)
    configuration.foreignKeysEnabled = true
    let directory = CatalogPlaces.directory(of: path)
    configuration.readonly = exists && (access(path, W_OK) != 0 || access(directory, W_OK) != 0)
    if configuration.readonly, access(path + "-wal", F_OK) != 0 {
      // SQLite would make files beside it. Not kept: a writer with more rights may come.
      let plain = try DatabasePool(path: immutable(path), configuration: configuration)
      try migrateCatalog(plain)
      return plain
    }
    let opened = try openPool(path, configuration)
    if !configuration.readonly {
      // The record of a commit must outlive a loss of power.
      try opened.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    }
    try migrateCatalog(opened)
    pool = opened
    return opened
  }

  /// Opens the file, again for a while where another process makes it at this moment: to the change of
  /// its journal's mode SQLite answers "busy" without waiting.
  private func openPool(_ path: String, _ configuration: Configuration) throws -> DatabasePool {
    for _ in 0..<200 {
      do {
        return try DatabasePool(path: path, configuration: configuration)
      } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
        usleep(10_000)
      }
    }
    return try DatabasePool(path: path, configuration: configuration)
  }

  /// The name by which SQLite reads a file that has no others beside it.
  private func immutable(_ path: String) -> String {
    var name = "file:"
    for byte in path.utf8 {
      if byte == UInt8(ascii: "/") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
        || (byte < 0x80 && Character(Unicode.Scalar(byte)).isLetter)
      {
        name.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16)
        name += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return name + "?immutable=1"
  }

  private func makeDirectories(above path: String) throws {
    var end = path.startIndex
    while let slash = path[end...].dropFirst().firstIndex(of: "/") {
      end = slash
      let directory = String(path[..<slash])
      guard mkdir(directory, 0o777) == 0 || errno == EEXIST else {
        throw CatalogFileError(reason: "\(directory): \(String(cString: strerror(errno)))")
      }
    }
  }
}
