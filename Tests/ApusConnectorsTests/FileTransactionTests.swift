import ApusCatalog
import ApusStorage
import ApusValues
import Glibc
import Synchronization
import Testing

@testable import ApusConnectors

/// Files appear all or not at all, whatever fails and whoever dies.
@Suite final class FileTransactionTests: Sendable {
  private let directory = TemporaryDirectory()
  /// Files of each transaction here, in two directories of one table.
  private static let fileCount = 3

  private var root: ObjectPath { ObjectPath(directory.path + "/lake/") }
  private var place: ObjectPath { root.appending("t/") }

  /// The catalog as another process opens it.
  private func catalog() -> CatalogDatabase {
    CatalogDatabase(path: ObjectPath(directory.path + "/catalog.sqlite"), warehouse: root)
  }

  private func makeFile(_ number: Int, _ transaction: FileTransaction) throws(SQLError) {
    let upload = try transaction.makeFile(in: place.appending("p=\(number % 2)"))
    do {
      let bytes = [UInt8](repeating: UInt8(number), count: 10)
      try bytes.withUnsafeBytes { try upload.append($0) }
    } catch {
      throw SQLError(.hiveFilesystemError, "\(error)", cause: error)
    }
    try transaction.finish(upload)
  }

  private func write(_ catalog: CatalogDatabase, _ store: any ObjectStore) throws(SQLError) {
    let transaction = try FileTransaction(below: place, in: catalog, store)
    for number in 1...Self.fileCount { try makeFile(number, transaction) }
    try transaction.commit(CommittedChange())
  }

  /// How many files another process sees whose store works, or the one given.
  private func visibleCount(_ store: any ObjectStore = LocalObjectStore()) throws -> Int {
    try FilesConnector(store: store, catalog: catalog()).dataFiles(below: place).count
  }

  /// All files on the disk, hidden ones too.
  private func allFiles(_ directory: ObjectPath? = nil) throws -> [ObjectPath] {
    let directory = directory ?? root
    guard try LocalObjectStore().entry(at: directory) != nil else { return [] }
    return try LocalObjectStore().list(directory).flatMap { entry in
      let path = directory.appending(entry.name)
      return entry.kind == .directory ? try allFiles(path) : [path]
    }
  }

  /// Does what whoever writes next does, and expects nothing but so many files.
  private func expectSwept(_ count: Int, _ comment: Comment) throws {
    try FileTransaction.settle(near: nil, in: catalog(), LocalObjectStore())
    #expect(try allFiles().count == count, comment)
    #expect(try visibleCount() == count, comment)
    #expect(try catalog().unfinishedTransactions(near: nil).isEmpty, comment)
  }

  @Test(arguments: [false, true])
  func whateverCallFailsAllOrNothingIsThere(forGood: Bool) throws {
    var committed = 0
    var call = 1
    while true {
      let store = FaultyStore()
      store.fail { [call] number, _ in forGood ? number >= call : number == call }
      var failure: SQLError?
      do throws(SQLError) { try write(catalog(), store) } catch { failure = error }
      if failure == nil { committed += Self.fileCount }
      // The store is still out of order, perhaps: then an error is right, and no other number is.
      if let seen = try? visibleCount(store) { #expect(seen == committed, "call \(call)") }
      let isPast = store.callCount < call
      #expect(try visibleCount() == committed, "call \(call)")
      try expectSwept(committed, "call \(call)")
      if isPast { break }
      call += 1
    }
    // Three calls a file before the commit, one after it.
    #expect(call > 4 * Self.fileCount)
  }

  @Test func aWriterThatDiesBeforeTheCommitLeavesNothing() throws {
    for step in 0...2 * Self.fileCount {
      do {
        let transaction = try FileTransaction(below: place, in: catalog(), LocalObjectStore())
        for number in 0..<step / 2 { try makeFile(number, transaction) }
        // Odd steps die with a file that was begun, and one that has its record and nothing else.
        if step % 2 == 1 {
          let upload = try transaction.makeFile(in: place)
          try [1, 2].withUnsafeBytes { try upload.append($0) }
          _ = try transaction.makeFile(in: place)
        }
        #expect(try visibleCount() == 0)
        transaction.abandon()
      }
      #expect(try visibleCount() == 0, "step \(step)")
      try expectSwept(0, "step \(step)")
      #expect(try LocalObjectStore().entry(at: root) == nil, "directories are left")
    }
  }

  @Test func aWriterThatDiesAfterTheCommitHasWritten() throws {
    for completed in 0...Self.fileCount {
      let store = FaultyStore()
      let left = LeftCalls(completed)
      store.fail { _, operation in operation == .complete && !left.take() }
      try write(catalog(), store)
      #expect(try visibleCount() == (completed + 1) * Self.fileCount)
      try expectSwept((completed + 1) * Self.fileCount, "\(completed) completed")
    }
  }

  @Test func aReaderOfAPartitionElsewhereCompletesIt() throws {
    let elsewhere = ObjectPath(directory.path + "/elsewhere/")
    let store = FaultyStore()
    store.fail { _, operation in operation == .complete }
    let transaction = try FileTransaction(below: place, in: catalog(), store)
    let upload = try transaction.makeFile(in: elsewhere)
    try transaction.finish(upload)
    try transaction.commit(CommittedChange())
    let reader = FilesConnector(store: LocalObjectStore(), catalog: catalog())
    #expect(try reader.dataFiles(below: elsewhere).count == 1)
  }

  @Test func aWriterTakenForDeadLeavesNothing() throws {
    let transaction = try FileTransaction(below: place, in: catalog(), LocalObjectStore())
    try makeFile(1, transaction)
    let begun = try transaction.makeFile(in: place)
    unlink(directory.path + "/catalog.sqlite-locks")
    try FileTransaction.settle(near: nil, in: catalog(), LocalObjectStore())
    try [1].withUnsafeBytes { try begun.append($0) }
    try transaction.finish(begun)
    let error = #expect(throws: SQLError.self) { try transaction.commit(CommittedChange()) }
    #expect(error?.code == .hiveConcurrentModificationDetected)
    try expectSwept(0, "taken for dead")
  }

  @Test func aWarehouseIsMovedBetweenCommitAndCompletion() throws {
    let store = FaultyStore()
    store.fail { _, operation in operation == .complete }
    try write(catalog(), store)
    let new = ObjectPath(directory.path + "/moved/")
    #expect(rename(root.text, new.text) == 0)
    let moved = CatalogDatabase(
      path: ObjectPath(directory.path + "/catalog.sqlite"),
      warehouse: new
    )
    let reader = FilesConnector(store: LocalObjectStore(), catalog: moved)
    #expect(try reader.dataFiles(below: new.appending("t/")).count == Self.fileCount)
  }

  @Test func aCatalogThatCountsAnewWritesOverNothing() throws {
    try write(catalog(), LocalObjectStore())
    let path = directory.path + "/catalog.sqlite"
    let old = CatalogDatabase(path: ObjectPath(path), warehouse: root)
    let name = DataFileName(
      catalogID: try #require(try old.snapshot().catalogID),
      transaction: 1,
      number: 1
    )
    let again = DataFileName(catalogID: name.catalogID, transaction: 1, number: 1)
    #expect(name.description != again.description)
  }

  /// Steps of several writers and readers in a random order, each reader's rows known exactly.
  @Test(arguments: 0..<12)
  func anyOrderOfStepsShowsCommitsAsAWhole(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    let store = FaultyStore()
    var writers: [(transaction: FileTransaction, files: Int)] = []
    var readers: [(connector: FilesConnector, expected: Int)] = []
    var committed = 0
    for _ in 0..<120 {
      let isBad = Int.random(in: 0..<4, using: &random) == 0
      store.fail { _, operation in isBad && operation != .list }
      switch Int.random(in: 0..<8, using: &random) {
      case 0 where writers.count < 4:
        writers.append((try FileTransaction(below: place, in: catalog(), store), 0))
      case 1, 2:
        guard let index = writers.indices.randomElement(using: &random) else { continue }
        if (try? makeFile(index, writers[index].transaction)) != nil {
          writers[index].files += 1
        } else {
          writers.remove(at: index).transaction.abort()
        }
      case 3:
        guard let index = writers.indices.randomElement(using: &random) else { continue }
        let writer = writers.remove(at: index)
        try writer.transaction.commit(CommittedChange())
        committed += writer.files
      case 4:
        guard let index = writers.indices.randomElement(using: &random) else { continue }
        let writer = writers.remove(at: index)
        if Bool.random(using: &random) {
          writer.transaction.abandon()
        } else {
          writer.transaction.abort()
        }
      case 5:
        let reader = FilesConnector(store: store, catalog: catalog())
        try reader.takeSnapshot()
        readers.append((reader, committed))
      default:
        guard let index = readers.indices.randomElement(using: &random) else { continue }
        let reader = readers[index]
        // Completing may fail, and that is an error.
        if let files = try? reader.connector.dataFiles(below: place) {
          #expect(files.count == reader.expected)
        } else {
          #expect(isBad)
        }
        if Bool.random(using: &random) { readers.remove(at: index) }
      }
    }
    store.fail { _, _ in false }
    for reader in readers {
      #expect(try reader.connector.dataFiles(below: place).count == reader.expected)
    }
    writers.removeAll()
    try expectSwept(committed, "seed \(seed)")
  }

  @Test func threadsSeeWholeCommitsThatGrow() throws {
    let rounds = 8
    let isKept = { @Sendable (round: Int) in round % 3 != 2 }
    let total = 2 * (0..<rounds).filter(isKept).count * Self.fileCount
    let writersLeft = Atomic<Int>(2)
    _ = try concurrently(4, limit: 4) { [self] thread throws(SQLError) in
      let catalog = catalog()
      if thread < 2 {
        defer { writersLeft.subtract(1, ordering: .relaxed) }
        for round in 0..<rounds {
          if isKept(round) {
            try write(catalog, LocalObjectStore())
          } else {
            let lost = try FileTransaction(below: place, in: catalog, LocalObjectStore())
            try makeFile(round, lost)
            if thread == 0 { lost.abandon() }
          }
        }
      } else {
        var last = 0
        repeat {
          let reader = FilesConnector(store: LocalObjectStore(), catalog: catalog)
          let count = try reader.dataFiles(below: place).count
          #expect(count % Self.fileCount == 0)
          #expect(count >= last)
          last = count
        } while writersLeft.load(ordering: .relaxed) > 0
      }
    }
    try expectSwept(total, "threads")
  }
}

/// A number of calls that may pass.
private final class LeftCalls: Sendable {
  private let count: Mutex<Int>

  init(_ count: Int) { self.count = Mutex(count) }

  func take() -> Bool {
    count.withLock { count in
      count -= 1
      return count >= 0
    }
  }
}

/// The same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1 }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
