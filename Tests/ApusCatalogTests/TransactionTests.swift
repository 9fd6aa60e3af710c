import ApusCatalog
import ApusStorage
import ApusTestSupport
import ApusValues
import Testing

/// Transactions as records; what becomes of the files is the connector's to test.
@Suite("Transactions")
struct TransactionTests {
  private let path = ObjectPath(TestFiles.makeTemporaryFolder() + "/catalog.sqlite")
  private let place = ObjectPath("/lake/t/")

  private var catalog: CatalogDatabase { CatalogDatabase(path: path) }

  private func file(_ name: String) -> PreparedObject {
    PreparedObject(path: place.appending(name), size: 1, token: "token of \(name)")
  }

  private var table: TableDefinition {
    TableDefinition(
      name: RelationName(database: "default", name: "t"),
      columns: [CatalogColumn(name: "a", type: "int")],
      partitionColumns: [CatalogColumn(name: "p", type: "int")],
      location: place,
      owner: "tester"
    )
  }

  @Test func aSnapshotShowsWhatHadCommitted() throws {
    let (writer, reader) = (catalog, catalog)
    let transaction = try writer.begin(writingBelow: place)
    let during = try reader.snapshot()
    #expect(during.catalogID == transaction.catalogID)
    #expect(!during.shows(transaction.id))
    #expect(try reader.unfinishedTransactions(near: place).isEmpty)
    try writer.note(file("a"), of: transaction)
    let partition = PartitionDefinition(values: ["1"], location: place.appending("p=1/"))
    let committed = try writer.commit(
      transaction,
      [file("a"), file("b")],
      CommittedChange(table: table, partitions: [partition])
    )
    #expect(committed.isCommitted)
    #expect(Set(committed.files.map(\.prepared)) == [file("a"), file("b")])
    // A snapshot stays what it was.
    #expect(!during.shows(transaction.id))
    #expect(try reader.snapshot().shows(transaction.id))
    guard case .table(let made)? = try reader.relation(named: table.name) else {
      Issue.record("the commit made no table")
      return
    }
    #expect(try reader.partitions(ofTable: made.id) == [partition])
    // Whoever comes next may complete it, near the place and nowhere else.
    #expect(try reader.unfinishedTransactions(near: ObjectPath("/lake/")).map(\.id) == [1])
    #expect(try reader.unfinishedTransactions(near: place.appending("p=1/")).count == 1)
    #expect(try reader.unfinishedTransactions(near: ObjectPath("/lake/tt/")).isEmpty)
    try reader.forget(transaction.id)
    #expect(try !writer.isUnfinished(transaction.id))
    #expect(try reader.snapshot().shows(transaction.id))
  }

  @Test func whatWasGivenUpIsNeverShown() throws {
    let catalog = catalog
    let transaction = try catalog.begin(writingBelow: place)
    try catalog.note(file("a"), of: transaction)
    let aborted = try #require(try catalog.abort(transaction.id))
    #expect(!aborted.isCommitted)
    #expect(aborted.files.map(\.prepared) == [file("a")])
    #expect(try !catalog.snapshot().shows(transaction.id))
    let error = #expect(throws: SQLError.self) {
      try catalog.commit(transaction, [file("a")], CommittedChange())
    }
    #expect(error?.code == .hiveConcurrentModificationDetected)
    #expect(throws: SQLError.self) { try catalog.note(file("b"), of: transaction) }
    // What has committed cannot be given up.
    let second = try catalog.begin(writingBelow: place)
    _ = try catalog.commit(second, [file("c")], CommittedChange())
    #expect(try catalog.abort(second.id) == nil)
  }

  @Test func aWriterThatIsGoneIsUndoneByTheNext() throws {
    let (writer, reader) = (catalog, catalog)
    var transaction: OpenTransaction? = try writer.begin(writingBelow: place)
    let id = try #require(transaction?.id)
    if let transaction { try writer.note(file("a"), of: transaction) }
    #expect(try reader.unfinishedTransactions(near: place).isEmpty)
    // The lock goes with its holder, as it would with the process.
    transaction = nil
    let left = try reader.unfinishedTransactions(near: place)
    #expect(left.map(\.id) == [id])
    #expect(left.first?.isCommitted == false)
    #expect(left.first?.files.map(\.prepared) == [file("a")])
    try reader.forget(id)
    #expect(try reader.unfinishedTransactions(near: place).isEmpty)
  }

  @Test func whatTheFilesAreForMustBeWhereItWas() throws {
    let catalog = catalog
    let made = try catalog.begin(writingBelow: place)
    let one = PartitionDefinition(values: ["1"], location: place.appending("p=1/"))
    _ = try catalog.commit(made, [], CommittedChange(table: table, partitions: [one]))
    guard case .table(let table)? = try catalog.relation(named: table.name) else {
      Issue.record("the commit made no table")
      return
    }
    #expect(table.madeBy == made.id)
    func commit(_ change: CommittedChange) -> ErrorCode? {
      do throws(SQLError) {
        var change = change
        change.tableID = table.id
        _ = try catalog.commit(try catalog.begin(writingBelow: place), [file("a")], change)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(commit(CommittedChange(knownPartitions: [one])) == nil)
    // Another has made it meanwhile, at the same place however it is spelt.
    let same = PartitionDefinition(values: ["1"], location: place.appending("p=1"))
    #expect(commit(CommittedChange(partitions: [same])) == nil)
    let elsewhere = PartitionDefinition(values: ["1"], location: ObjectPath("/lake/x/"))
    #expect(
      commit(CommittedChange(partitions: [elsewhere])) == .hiveConcurrentModificationDetected
    )
    _ = try catalog.setLocation(ObjectPath("/lake/x/"), ofPartition: ["1"], ofTable: table.id)
    #expect(
      commit(CommittedChange(knownPartitions: [one])) == .hiveConcurrentModificationDetected
    )
    try catalog.dropPartitions([["1"]], ofTable: table.id, ifMissing: .refuses)
    #expect(commit(CommittedChange(knownPartitions: [one])) == .hivePartitionDroppedDuringQuery)
    #expect(commit(CommittedChange(tableLocation: place)) == nil)
    try catalog.setLocation(ObjectPath("/lake/y/"), ofTable: table.id)
    #expect(commit(CommittedChange(tableLocation: place)) == .hiveConcurrentModificationDetected)
  }

  @Test func twoThatMakeTablesOfOnePlaceDoNotShareIt() throws {
    let catalog = catalog
    let (first, second) = (
      try catalog.begin(writingBelow: place), try catalog.begin(writingBelow: place)
    )
    var other = table
    other.name.name = "other"
    _ = try catalog.commit(first, [], CommittedChange(table: table))
    let error = #expect(throws: SQLError.self) {
      try catalog.commit(second, [], CommittedChange(table: other))
    }
    #expect(error?.code == .hivePathAlreadyExists)
    if try catalog.relation(named: other.name) != nil { Issue.record("the refused table is there") }
  }

  @Test func ofTwoThatReplaceAFileTheSecondIsRefused() throws {
    let catalog = catalog
    let before = try catalog.snapshot().replacementCount
    let old = place.appending("old")
    let first = try catalog.begin(writingBelow: place)
    let second = try catalog.begin(writingBelow: place)
    let done = try catalog.commit(first, [file("new")], replacing: [old], CommittedChange())
    #expect(done.files.contains { $0.path == old && $0.prepared == nil })
    #expect(try catalog.snapshot().replacementCount == before + 1)
    let error = #expect(throws: SQLError.self) {
      try catalog.commit(second, [file("newer")], replacing: [old], CommittedChange())
    }
    #expect(error?.code == .hiveConcurrentModificationDetected)
    #expect(try !catalog.snapshot().shows(second.id))
    #expect(try catalog.snapshot().replacementCount == before + 1)
  }

  @Test func aCommitNeedsItsTable() throws {
    let catalog = catalog
    let first = try catalog.begin(writingBelow: place)
    _ = try catalog.commit(first, [], CommittedChange(table: table))
    let second = try catalog.begin(writingBelow: place)
    let taken = #expect(throws: SQLError.self) {
      try catalog.commit(second, [], CommittedChange(table: table))
    }
    #expect(taken?.code == .tableAlreadyExists)
    let gone = #expect(throws: SQLError.self) {
      try catalog.commit(second, [file("a")], CommittedChange(tableID: 99))
    }
    #expect(gone?.code == .hiveTableDroppedDuringQuery)
    // A refused commit leaves the transaction as it was.
    #expect(try !catalog.snapshot().shows(second.id))
    #expect(try catalog.abort(second.id) != nil)
  }
}
