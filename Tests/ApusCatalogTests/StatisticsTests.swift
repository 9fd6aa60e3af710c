import ApusCatalog
import ApusStorage
import ApusTestSupport
import ApusValues
import GRDB
import Testing

/// Statistics in the catalog: what is kept, for which content, and what is in nobody's way.
@Suite("Statistics in the catalog")
struct StatisticsTests {
  private let path = TestFiles.makeTemporaryFolder() + "/catalog.sqlite"

  /// As another process would see it.
  private var catalog: CatalogDatabase { CatalogDatabase(path: ObjectPath(path)) }

  private func file(_ name: String, tag: String = "a", size: Int = 10) -> ObjectInfo {
    ObjectInfo(path: ObjectPath(name), size: size, tag: tag)
  }

  private static let columns = [
    StoredColumnStatistics(
      name: "a",
      type: "bigint",
      nullCount: 1,
      minimum: .integer(-5),
      maximum: .integer(.max),
      distinctCount: 4
    ),
    StoredColumnStatistics(name: "größe", type: "varchar", minimum: .text(""), byteCount: 9),
    StoredColumnStatistics(
      name: "w",
      type: "decimal(38,2)",
      minimum: .wide(-Int128(1) << 100),
      maximum: .wide(7)
    ),
    StoredColumnStatistics(
      name: "x",
      type: "double",
      minimum: .double(-0.1),
      maximum: .double(.infinity)
    ),
    StoredColumnStatistics(name: "r", type: "real", minimum: .real(1.5), maximum: .real(2)),
    StoredColumnStatistics(
      name: "b",
      type: "boolean",
      minimum: .boolean(false),
      maximum: .boolean(true)
    ),
  ]

  private func make() throws {
    _ = try catalog.create(DatabaseDefinition(name: "d", owner: "tester"))
  }

  private func known(_ file: ObjectInfo, rowCount: Int = 3) -> StoredFileStatistics {
    StoredFileStatistics(file: file, rowCount: rowCount, columns: Self.columns)
  }

  @Test func filesAreKnownByTheirContent() throws {
    try make()
    catalog.remember([known(file("/t/a")), known(file("s3://b/ä"))])
    let asked = [file("/t/a"), file("s3://b/ä"), file("/t/c")]
    let found = try catalog.statistics(of: asked)
    #expect(found.count == 2)
    #expect(found[ObjectPath("/t/a")] == known(file("/t/a")))
    #expect(found[ObjectPath("s3://b/ä")]?.columns == Self.columns)
    #expect(try catalog.statistics(of: [file("/t/a", tag: "b")]).isEmpty)
    #expect(try catalog.statistics(of: [file("/t/a", size: 11)]).isEmpty)
    catalog.remember([known(file("/t/a", tag: "b"), rowCount: 4)])
    #expect(try catalog.statistics(of: [file("/t/a")]).isEmpty)
    #expect(
      try catalog.statistics(of: [file("/t/a", tag: "b")])[ObjectPath("/t/a")]?.rowCount == 4
    )
  }

  @Test func manyFilesAtOnce() throws {
    try make()
    let files = (0..<1201).map { file("/t/\($0)") }
    catalog.remember(files.map { known($0) })
    #expect(try catalog.statistics(of: files).count == files.count)
  }

  @Test func longTextsAndThoseThatWouldBreakALineAreNoBounds() throws {
    try make()
    var statistics = known(file("/t/a"))
    statistics.columns = [
      StoredColumnStatistics(
        name: "s",
        type: "varchar",
        minimum: .text("a\tb\nc"),
        maximum: .text(String(repeating: "é", count: 1000))
      )
    ]
    catalog.remember([statistics])
    let found = try catalog.statistics(of: [file("/t/a")])[ObjectPath("/t/a")]
    #expect(found?.columns.first?.minimum == nil)
    #expect(found?.columns.first?.maximum == .text(String(repeating: "é", count: 32)))
  }

  @Test func rememberingMakesNoCatalog() throws {
    catalog.remember([known(file("/t/a"))])
    #expect(!catalog.mayBeWritten)
    #expect(try catalog.statistics(of: [file("/t/a")]).isEmpty)
  }

  @Test func aWriterIsNotWaitedFor() throws {
    try make()
    let catalog = catalog
    _ = try catalog.databaseNames()
    let other = try DatabaseQueue(path: path)
    try other.inTransaction(.immediate) { _ in
      let clock = ContinuousClock()
      let begin = clock.now
      catalog.remember([known(file("/t/a"))])
      #expect(clock.now - begin < .seconds(10))
      return .commit
    }
    #expect(try catalog.statistics(of: [file("/t/a")]).isEmpty)
    catalog.remember([known(file("/t/a"))])
    #expect(try catalog.statistics(of: [file("/t/a")]).count == 1)
  }

  @Test func twoRememberAtOnce() async throws {
    try make()
    let path = path
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<2 {
        group.addTask {
          let catalog = CatalogDatabase(path: ObjectPath(path))
          for number in 0..<20 {
            catalog.remember([
              StoredFileStatistics(
                file: ObjectInfo(path: ObjectPath("/\(writer)/\(number)"), size: 1, tag: "a"),
                rowCount: number,
                columns: []
              )
            ])
          }
        }
      }
    }
    // One that met the other may have given up, but what is there is whole.
    let files = (0..<2).flatMap { writer in
      (0..<20).map { ObjectInfo(path: ObjectPath("/\(writer)/\($0)"), size: 1, tag: "a") }
    }
    let found = try catalog.statistics(of: files)
    #expect(!found.isEmpty)
    for (path, statistics) in found { #expect(path.name == "\(statistics.rowCount)") }
  }

  @Test func columnsThatAreNotAnalyzedAgainStay() throws {
    let place = ObjectPath("/t")
    #expect(try catalog.statistics(ofTableAt: place) == nil)
    let all = StoredTableStatistics(rowCount: 3, byteCount: 30, columns: Self.columns)
    try catalog.setStatistics(all, ofTableAt: place)
    #expect(try catalog.statistics(ofTableAt: place) == all)
    let one = StoredColumnStatistics(name: "a", type: "bigint", distinctCount: 9)
    try catalog.setStatistics(
      StoredTableStatistics(rowCount: 5, byteCount: 50, columns: [one]),
      ofTableAt: place
    )
    let found = try catalog.statistics(ofTableAt: place)
    #expect(found?.rowCount == 5)
    #expect(found?.columns == Array(Self.columns.dropFirst()) + [one])
  }
}
