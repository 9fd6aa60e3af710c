import ApusCatalog
import ApusStorage
import ApusTestSupport
import ApusValues
import Foundation
import GRDB
import Testing

/// The catalog as a file that others use too, or have damaged.
@Suite("Catalog file")
struct CatalogFileTests {
  private let path = TestFiles.makeTemporaryFolder() + "/catalog.sqlite"

  private var catalog: CatalogDatabase { CatalogDatabase(path: ObjectPath(path)) }

  private func make(_ name: String, in catalog: CatalogDatabase) throws -> Bool {
    try catalog.create(DatabaseDefinition(name: name, owner: "tester"))
  }

  @Test func aLaterVersionsFileIsRefused() throws {
    _ = try make("a", in: catalog)
    try DatabaseQueue(path: path).write { database in
      try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('99: what is to come')")
    }
    let later = catalog
    let error = #expect(throws: SQLError.self) { try later.databaseNames() }
    #expect(error?.code == .hiveMetastoreError)
    #expect(error?.message == "The catalog was made by a later version of Apus")
  }

  @Test func aDamagedFileIsSaidToBe() throws {
    TestFiles.write("This is not a database, however long one looks at it.", to: path)
    let damaged = catalog
    let error = #expect(throws: SQLError.self) { try damaged.databaseNames() }
    #expect(error?.code == .hiveMetastoreError)
    #expect(error?.message.contains("\(path) is damaged") == true)
  }

  @Test func aPlaceWithoutPermissionIsSaidToBeOne() throws {
    let impossible = CatalogDatabase(path: ObjectPath("/proc/nowhere/catalog.sqlite"))
    #expect(try impossible.databaseNames() == [])
    let error = #expect(throws: SQLError.self) { try make("a", in: impossible) }
    #expect(error?.code == .hiveMetastoreError)
    #expect(error?.message.contains("/proc/nowhere") == true)
  }

  @Test func aDeletedFileIsANewBeginning() throws {
    let catalog = catalog
    #expect(try make("a", in: catalog))
    for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
    #expect(try catalog.databaseNames() == [])
    #expect(try make("a", in: catalog))
  }

  /// Another process holds the file's lock until it is told to let go.
  @Test func whatAnotherProcessWritesIsWaitedFor() async throws {
    let catalog = catalog
    _ = try make("a", in: catalog)
    let other = Process()
    other.executableURL = URL(filePath: "/usr/bin/env")
    other.arguments = [
      "python3", "-c",
      """
      import sqlite3, sys
      file = sqlite3.connect(sys.argv[1], isolation_level=None)
      file.execute("BEGIN IMMEDIATE")
      file.execute("INSERT INTO users VALUES ('other', 0)")
      file.execute("INSERT INTO databases VALUES ('theirs', NULL, NULL, 'other', 0)")
      print("locked", flush=True)
      sys.stdin.readline()
      file.execute("COMMIT")
      """,
      path,
    ]
    let (input, output) = (Pipe(), Pipe())
    other.standardInput = input
    other.standardOutput = output
    try other.run()
    #expect(try output.fileHandleForReading.read(upToCount: 1) == Data("l".utf8))
    // Reading is not held up, and does not see what is not committed.
    #expect(try catalog.databaseNames() == ["a"])
    let writing = Task.detached { try self.make("theirs", in: catalog) }
    try input.fileHandleForWriting.write(contentsOf: Data("\n".utf8))
    // Whoever waited sees what the other has made.
    #expect(try await writing.value == false)
    other.waitUntilExit()
    #expect(other.terminationStatus == 0)
    #expect(try catalog.databaseNames() == ["a", "theirs"])
  }
}
