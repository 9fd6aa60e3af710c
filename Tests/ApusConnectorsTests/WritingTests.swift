import ApusCatalog
import ApusFormats
import ApusPlanner
import ApusStorage
import ApusValues
import ApusVectors
import Glibc
import Synchronization
import Testing

@testable import ApusConnectors

/// The parts that rows go through on their way into files, and how declared types read them back.
@Suite final class WritingTests: Sendable {
  private let directory = TemporaryDirectory()

  private var connector: FilesConnector {
    FilesConnector(
      store: LocalObjectStore(),
      catalog: CatalogDatabase(path: ObjectPath(directory.path + "/catalog.sqlite"))
    )
  }

  private func batch(_ types: [SQLType], _ rows: [[Value]]) -> Batch {
    let columns = types.enumerated().map { index, type in
      let builder = VectorBuilder(type: type, capacity: rows.count)
      for (row, values) in rows.enumerated() { builder.set(row, values[index]) }
      return builder.finish(count: rows.count)
    }
    return Batch(columns: columns, rowCount: rows.count)
  }

  // MARK: Names

  @Test func namesOfDataFilesAreReadBack() throws {
    let name = DataFileName(catalogID: "3f2a9c1b77d0", transaction: 42, number: 7)
    let read = try #require(DataFileName(name.description))
    #expect(read.catalogID == name.catalogID)
    #expect(read.transaction == 42 && read.number == 7 && read.mark == name.mark)
    for other in [
      "part-0.parquet", "apus-1-2.parquet", "apus-a-x-1-b.parquet", "apus-a-1-x-b.parquet",
      "apus-a-1--1-b.parquet", "", "apus-",
    ] { #expect(DataFileName(other) == nil, "\(other)") }
  }

  @Test(arguments: 0..<20)
  func valuesOfPartitionsSurviveTheirDirectories(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    let alphabet = Array("aé\u{301}日/%=:'\" .\\?*[]{}^#\u{1}\u{7f}_-Z0")
    for _ in 0..<200 {
      let values = (0..<2).map { _ -> String? in
        if Int.random(in: 0..<9, using: &random) == 0 { return nil }
        let characters = (0..<Int.random(in: 1..<9, using: &random)).compactMap { _ in
          alphabet.randomElement(using: &random)
        }
        return String(characters)
      }
      let keys = ["k", "ké%"]
      let path = ObjectPath("/lake/t/").appending(
        HivePartitionPath.directory(keys: keys, values: values)
      )
      let read = HivePartitionPath.assignments(of: path.appending("x.parquet"))
      #expect(read.map(\.key) == keys)
      #expect(
        read.map { $0.value.map { Array($0.utf8) } } == values.map { $0.map { Array($0.utf8) } }
      )
    }
  }

  // MARK: Partitions

  @Test(arguments: 0..<20)
  func rowsAreSortedOutByPartition(seed: UInt64) {
    var random = SeededGenerator(seed)
    let types: [SQLType] = [.text, .double, .bigint]
    let texts: [Value] = [.null, .text(""), .text("a"), .text("a longer text than a view holds")]
    let numbers: [Value] = [.null, .double(.nan), .double(-0.0), .double(0), .double(1)]
    var splitter = PartitionSplitter(types)
    var seen: Set<[Value]> = []
    for _ in 0..<4 {
      var rows: [[Value]] = []
      for _ in 0..<Int.random(in: 1..<60, using: &random) {
        // Rows of one partition often come together.
        if let last = rows.last, Bool.random(using: &random) {
          rows.append(last)
          continue
        }
        rows.append([
          texts.randomElement(using: &random) ?? .null,
          numbers.randomElement(using: &random) ?? .null,
          .integer(Int64.random(in: 0..<2, using: &random)),
        ])
      }
      let parts = splitter.split(batch(types, rows).columns, rows.count)
      #expect(parts.flatMap(\.rows).sorted() == Array(0..<Int32(rows.count)))
      #expect(Set(parts.map(\.partition)).count == parts.count)
      for part in parts {
        let values = splitter.partitions[part.partition]
        seen.insert(values)
        #expect(part.rows == part.rows.sorted())
        for row in part.rows {
          #expect(rows[Int(row)].map { $0 == .text("") ? .null : $0 } == values)
        }
      }
    }
    #expect(seen.count == splitter.partitions.count)
  }

  /// A target whose files hold one number, below the directory of the test.
  private func target(_ memoryLimit: Int = 1 << 30) throws -> FilesWriteTarget {
    try FilesWriteTarget(
      DeclaredTable(
        name: "t",
        columns: [Field(name: "a", type: .bigint)],
        partitionColumns: [Field(name: "p", type: .bigint)],
        location: ObjectPath(directory.path + "/t/"),
        partitions: []
      ),
      connector,
      compression: .none,
      memoryLimit: memoryLimit
    )
  }

  @Test func aHundredPartitionsAreOpenAndNoMore() throws {
    let target = try target()
    let writer = try target.makeWriter()
    let rows = (0..<OpenFiles.partitionLimit).map { [Value.integer(1), .integer(Int64($0))] }
    try writer.append(batch([.bigint, .bigint], rows))
    let error = #expect(throws: SQLError.self) {
      try writer.append(batch([.bigint, .bigint], [[.integer(1), .integer(1000)]]))
    }
    #expect(error?.code == .hiveTooManyOpenPartitions)
    target.abort()
    #expect(try LocalObjectStore().entry(at: ObjectPath(directory.path + "/t")) == nil)
  }

  @Test func oneOpeningDoesNotHoldUpAnother() throws {
    let files = OpenFiles()
    let target = try target()
    // Each opens only when the other has begun to: held by a mutex, they would never.
    let begun = Rendezvous(2)
    _ = try concurrently(2, limit: 2) { thread throws(SQLError) in
      let partition = [Value.integer(Int64(thread))]
      let file = try files.take(partition) { () throws(SQLError) in
        begun.meet()
        return try target.open(partition)
      }
      files.give(back: file)
    }
    #expect(begun.haveMet)
  }

  @Test func aFailureToOpenEndsTheWaitOfAll() throws {
    let files = OpenFiles()
    let failures = Atomic<Int>(0)
    _ = try concurrently(4, limit: 4) { _ throws(SQLError) in
      do throws(SQLError) {
        _ = try files.take([.integer(1)]) { () throws(SQLError) in
          throw SQLError(.hiveFilesystemError, "no")
        }
      } catch {
        failures.add(1, ordering: .relaxed)
      }
    }
    #expect(failures.load(ordering: .relaxed) == 4)
    let target = try target()
    #expect(throws: SQLError.self) {
      try files.take([.integer(2)]) { () throws(SQLError) in try target.open([.integer(2)]) }
    }
  }

  @Test func littleMemoryMakesManyRowGroupsAndLosesNothing() throws {
    let target = try target(1)
    let catalog = CatalogDatabase(path: ObjectPath(directory.path + "/catalog.sqlite"))
    _ = try concurrently(3, limit: 3) { [self] thread throws(SQLError) in
      let writer = try target.makeWriter()
      for round in 0..<20 {
        let rows = (0..<50).map {
          [Value.integer(Int64(thread * 1000 + round)), .integer(Int64($0 % 3))]
        }
        try writer.append(batch([.bigint, .bigint], rows))
      }
    }
    try target.makeWriter().finish()
    let definition = TableDefinition(
      name: RelationName(database: "default", name: "t"),
      columns: [CatalogColumn(name: "a", type: "bigint")],
      partitionColumns: [CatalogColumn(name: "p", type: "bigint")],
      location: ObjectPath(directory.path + "/t/"),
      owner: "tester"
    )
    try target.commit(making: definition)
    guard case .table(let made)? = try catalog.relation(named: definition.name) else {
      Issue.record("no table was made")
      return
    }
    #expect(try catalog.partitions(ofTable: made.id).map(\.values) == [["0"], ["1"], ["2"]])
    let files = try connector.dataFiles(below: ObjectPath(directory.path + "/t/"))
    let rowCounts = try files.map { try connector.footer(of: $0).rowCount }
    #expect(rowCounts.reduce(0, +) == 3000)
  }

  // MARK: Types

  /// Writes values as one type and reads them as another.
  private func read(
    _ values: [Value],
    _ written: SQLType,
    as declared: SQLType,
    _ domain: ColumnDomain? = nil
  ) throws -> [String?] {
    let bytes = Mutex<[UInt8]>([])
    let writer = try ParquetWriter(
      fields: [Field(name: "a", type: written)],
      options: ParquetWriterOptions()
    ) { chunk throws(SQLError) in bytes.withLock { $0 += Array(chunk) } }
    try writer.append(batch([written], values.map { [$0] }))
    _ = try writer.finish()
    directory.write("types/x.parquet", bytes.withLock { $0 })
    let table = FilesConnector(store: LocalObjectStore()).table(
      DeclaredTable(
        name: "types",
        columns: [Field(name: "a", type: declared)],
        partitionColumns: [],
        location: ObjectPath(directory.path + "/types/"),
        partitions: []
      )
    )
    let scan = try table.scan(
      ScanRequest(columns: [0], domains: domain.map { [0: $0] } ?? [:], batchCapacity: 2)
    )
    let cursor = try scan.makeCursor()
    var texts: [String?] = []
    while let batch = try cursor.next() {
      for row in 0..<batch.rowCount { texts.append(batch.columns[0].text(row)) }
    }
    return texts
  }

  @Test func timestampsAreRoundedHalfUp() throws {
    let second: Int64 = 1_000_000
    let values: [Value] = [
      .integer(1_499), .integer(1_500), .integer(-1_500), .integer(-1_501), .null,
      .integer(second - 1),
    ]
    #expect(
      try read(values, .timestamp(precision: 6), as: .timestamp(precision: 3)) == [
        "1970-01-01 00:00:00.001", "1970-01-01 00:00:00.002", "1969-12-31 23:59:59.999",
        "1969-12-31 23:59:59.998", nil, "1970-01-01 00:00:01.000",
      ]
    )
  }

  @Test func textsAreShortened() throws {
    let values: [Value] = [.text("añb日c"), .text("ab"), .null, .text(""), .text("a   x")]
    #expect(
      try read(values, .text, as: .varchar(length: 4)) == ["añb日", "ab", nil, "", "a   "]
    )
    let chars = try read(values, .text, as: .char(length: 4))
    #expect(
      chars.map { $0.map { String($0.reversed().drop { $0 == " " }.reversed()) } } == [
        "añb日", "ab", nil, "", "a",
      ]
    )
    #expect(try read([.text("ab")], .text, as: .varbinary) == ["61 62"])
    #expect(try read([.binary([0x61])], .varbinary, as: .text) == ["a"])
  }

  /// What the file's statistics say does not hold for what is read, so nothing may be left out.
  @Test func rowsThatOnlyMatchOnceAdaptedAreNotPruned() throws {
    let short = ColumnDomain(
      type: .varchar(length: 2),
      allowsNull: false,
      ranges: [.exactly(.text("ab"))]
    )
    #expect(try read([.text("abz")], .text, as: .varchar(length: 2), short) == ["ab"])
    let rounded = ColumnDomain(
      type: .timestamp(precision: 3),
      allowsNull: false,
      ranges: [.exactly(.integer(2_000))]
    )
    #expect(
      try read(
        [.integer(1_500)],
        .timestamp(precision: 6),
        as: .timestamp(precision: 3),
        rounded
      ) == ["1970-01-01 00:00:00.002"]
    )
    // Where the order is kept they are.
    let wide = ColumnDomain(type: .bigint, allowsNull: false, ranges: [.exactly(.integer(5))])
    #expect(try read([.integer(1)], .integer, as: .bigint, wide) == [])
  }
}

/// Threads that wait for each other, though not for ever.
private final class Rendezvous: Sendable {
  private let missing: Atomic<Int>

  init(_ count: Int) { missing = Atomic(count) }

  var haveMet: Bool { missing.load(ordering: .acquiring) == 0 }

  func meet() {
    missing.subtract(1, ordering: .acquiringAndReleasing)
    var turns = 0
    while !haveMet, turns < 2_000_000 {
      sched_yield()
      turns += 1
    }
  }
}
