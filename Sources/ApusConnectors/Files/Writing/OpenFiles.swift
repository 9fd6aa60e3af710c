import ApusFormats
import ApusStorage
import ApusValues
import Glibc

/// A data file that is being written. Whoever has taken it uses it alone.
///
/// Safety: its state is touched by who has taken it, and with the mutex of `OpenFiles` held.
final class OpenFile: @unchecked Sendable {
  let partition: [Value]
  let upload: any ObjectUpload
  let parquet: ParquetWriter
  fileprivate var isTaken = true
  /// Memory that the writer held when it was last given back.
  fileprivate var heldByteCount = 0
  init(partition: [Value], upload: any ObjectUpload, parquet: ParquetWriter) {
    self.partition = partition
    self.upload = upload
    self.parquet = parquet
  }

  /// Bytes of rows, written or held, when it was last given back.
  fileprivate var byteCount = 0
}

/// The files that a statement is writing, shared by its workers.
///
/// A partition has one file until that is large, however many workers bring rows of it: readers pay
/// for each file. Then it has as many as workers want at once. Without partitions each worker has its
/// own from the start.
///
/// Safety: all state is touched with `mutex` held, which is why it may be `Sendable`.
final class OpenFiles: @unchecked Sendable {
  /// Athena's limit of partitions that one statement writes.
  static let partitionLimit = 100

  /// A file this large is not waited for.
  private static let largeByteCount = 64 << 20

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var files: [[Value]: [OpenFile]] = [:]
  /// Partitions whose next file is being opened.
  private var opening: Set<[Value]> = []
  private var failure: SQLError?
  /// Memory that all writers together hold.
  private var heldByteCount = 0

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    condition.deallocate()
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Memory that all writers together hold, in bytes.
  var bufferedByteCount: Int { locked { heldByteCount } }

  /// Takes a file of a partition; waits while others have those there are, or open the next.
  ///
  /// - Parameter open: called without the mutex, since opening may wait for a store.
  /// - Throws: HIVE_TOO_MANY_OPEN_PARTITIONS, what opening throws, and what has failed before.
  func take(
    _ partition: [Value],
    open: () throws(SQLError) -> OpenFile
  ) throws(SQLError) -> OpenFile {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let failure { throw failure }
      let known = files[partition] ?? []
      if let free = known.first(where: { !$0.isTaken }) {
        free.isTaken = true
        return free
      }
      let isWorthAnother = known.allSatisfy { $0.byteCount >= OpenFiles.largeByteCount }
      if partition.isEmpty || isWorthAnother && !opening.contains(partition) {
        if known.isEmpty, files.count >= OpenFiles.partitionLimit, files[partition] == nil {
          throw SQLError(
            .hiveTooManyOpenPartitions,
            "Exceeded limit of \(OpenFiles.partitionLimit) open writers for partitions/buckets",
            hint: "Write fewer partitions with each statement."
          )
        }
        files[partition] = known
        opening.insert(partition)
        let opened = outside(open)
        opening.remove(partition)
        pthread_cond_broadcast(condition)
        do throws(SQLError) {
          let file = try opened.get()
          files[partition, default: []].append(file)
          return file
        } catch {
          if failure == nil { failure = error }
          throw error
        }
      }
      pthread_cond_wait(condition, mutex)
    }
  }

  /// Gives a file back, or says that it is of no use any more.
  func give(back file: OpenFile, failure: SQLError? = nil) {
    locked {
      let held = file.parquet.bufferedByteCount
      heldByteCount += held - file.heldByteCount
      file.heldByteCount = held
      file.byteCount = file.parquet.writtenByteCount + held
      file.isTaken = false
      if self.failure == nil { self.failure = failure }
      pthread_cond_broadcast(condition)
    }
  }

  /// Takes the free file that holds most memory, if all together hold more than `limit` bytes.
  func takeFullest(ifOver limit: Int) -> OpenFile? {
    locked {
      guard heldByteCount > limit else { return nil }
      var fullest: OpenFile?
      for file in files.values.joined() where !file.isTaken {
        if file.heldByteCount > fullest?.heldByteCount ?? 0 { fullest = file }
      }
      fullest?.isTaken = true
      return fullest
    }
  }

  /// Takes a file for good, to finish it; nil if there is none left.
  func takeLast() -> OpenFile? {
    locked {
      guard let partition = files.first?.key else { return nil }
      let file = files[partition]?.popLast()
      if files[partition]?.isEmpty ?? true { files[partition] = nil }
      return file
    }
  }

  /// Runs what may take long with the mutex let go of.
  private func outside(_ open: () throws(SQLError) -> OpenFile) -> Result<OpenFile, SQLError> {
    pthread_mutex_unlock(mutex)
    defer { pthread_mutex_lock(mutex) }
    return Result(catching: open)
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }
}
