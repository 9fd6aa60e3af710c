import ApusConnectors
import ApusPlanner
import ApusStorage
import ApusValues
import ApusVectors
import Synchronization
import Testing

/// Paths as tables: partitions, pruning, files that differ, errors.
@Suite struct FilesTableTests {
  static let root: String =
    "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
  static let flights = root + "/samples/nycflights13/flights"

  private func table(_ path: String) throws -> any Table {
    try FilesConnector(store: LocalObjectStore()).table(atPath: path)
  }

  /// All rows of columns, by name.
  private func rows(
    _ table: any Table,
    _ names: [String],
    _ domains: [String: ColumnDomain] = [:],
    capacity: Int = 2048
  ) throws -> (rows: [[String?]], metrics: ScanMetrics) {
    func position(_ name: String) throws -> Int {
      try #require(table.schema.fields.firstIndex { $0.name == name })
    }
    var byPosition: [Int: ColumnDomain] = [:]
    for (name, domain) in domains { byPosition[try position(name)] = domain }
    let scan = try table.scan(
      ScanRequest(
        columns: try names.map { try position($0) },
        domains: byPosition,
        batchCapacity: capacity
      )
    )
    let cursor = try scan.makeCursor()
    var rows: [[String?]] = []
    while let batch = try cursor.next() {
      #expect(batch.rowCount > 0 && batch.rowCount <= capacity)
      #expect(batch.columns.allSatisfy { $0.count == batch.rowCount })
      for row in 0..<batch.rowCount { rows.append(batch.columns.map { $0.text(row) }) }
    }
    return (rows, scan.metrics)
  }

  private func exactly(_ value: Int64, _ type: SQLType = .integer) -> ColumnDomain {
    ColumnDomain(type: type, allowsNull: false, ranges: [.exactly(.integer(value))])
  }

  // MARK: The flights

  @Test func flightsHaveTheirColumns() throws {
    let table = try table(Self.flights)
    #expect(table.visibleFields.last == Field(name: "month", type: .integer))
    #expect(table.schema.fields.first == Field(name: "year", type: table.schema.fields[0].type))
    #expect(
      table.schema.fields.contains { $0.name == "time_hour" && $0.type == .timestamp(precision: 3) }
    )
    let month = try #require(table.statistics(for: [:]).columns[table.visibleFields.count - 1])
    #expect(month.distinctCount == 12)
    #expect(month.minimum == .integer(1))
    #expect(month.maximum == .integer(12))
    #expect(table.statistics(for: [:]).rowCount == 336_776)
    let january = [table.visibleFields.count - 1: exactly(1)]
    #expect(table.statistics(for: january).rowCount == 27_004)
    let day = try #require(table.schema.fields.firstIndex { $0.name == "day" })
    #expect(table.statistics(for: january).columns[day]?.maximum == .integer(31))
  }

  @Test(arguments: ["", "/*/*.parquet", "/month=*", "/**/part-0.parquet", "/month=[0-9]*/"])
  func flightsAreAllThere(_ pattern: String) throws {
    let table = try table(Self.flights + pattern)
    let (rows, metrics) = try rows(table, ["month"])
    #expect(rows.count == 336_776)
    #expect(rows.filter { $0 == ["1"] }.count == 27_004)
    #expect(metrics.filesRead == 12)
    // Only footers are read where only partitions are asked for.
    #expect(metrics.bytesRead <= 12 * 64 * 1024)
  }

  @Test func aMonthOpensNoOtherMonthsFile() throws {
    for month in [1, 7] {
      let store = RecordingStore()
      let table = try FilesConnector(store: store).table(atPath: Self.flights)
      // Binding reads the footer of the first file.
      #expect(store.opened == [Self.flights + "/month=1/part-0.parquet"])
      let (rows, metrics) = try rows(table, ["carrier", "month"], ["month": exactly(Int64(month))])
      #expect(Set(rows.map { $0[1] }) == ["\(month)"])
      #expect(metrics.filesRead == 1)
      #expect(metrics.filesPruned == 11)
      #expect(store.opened.dropFirst() == [Self.flights + "/month=\(month)/part-0.parquet"])
    }
  }

  @Test func rowGroupsAreSharedBetweenCursors() throws {
    let table = try table(Self.flights)
    let scan = try table.scan(ScanRequest(columns: [0]))
    let cursors = [try scan.makeCursor(), try scan.makeCursor(), try scan.makeCursor()]
    var counts = [0, 0, 0]
    var isFinished = [false, false, false]
    while isFinished.contains(false) {
      for (index, cursor) in cursors.enumerated() where !isFinished[index] {
        if let batch = try cursor.next() {
          counts[index] += batch.rowCount
        } else {
          isFinished[index] = true
        }
      }
    }
    #expect(counts.reduce(0, +) == 336_776)
    #expect(counts.allSatisfy { $0 > 50_000 })
    #expect(scan.metrics.rowGroupsRead == 36)
  }

  @Test func statisticsLeaveRowGroupsOut() throws {
    let table = try table(Self.flights + "/month=1/part-0.parquet")
    let day = try #require(table.schema.fields.first { $0.name == "day" })
    let domain = ColumnDomain(
      type: day.type,
      allowsNull: false,
      ranges: [.exactly(.integer(31))]
    )
    let (rows, metrics) = try rows(table, ["day"], ["day": domain])
    #expect(metrics.rowGroupsPruned == 2)
    #expect(metrics.rowGroupsRead == 1)
    #expect(rows.filter { $0 == ["31"] }.count == 928)
  }

  // MARK: Layouts

  private func golden(_ name: String) throws -> [UInt8] {
    let reader = try LocalObjectStore().open(ObjectPath(Self.root + "/Tests/data/parquet/" + name))
    var bytes = [UInt8](repeating: 0, count: reader.info.size)
    try bytes.withUnsafeMutableBytes { try reader.read(at: 0, into: $0) }
    return bytes
  }

  @Test func partitionValuesAreTyped() throws {
    let directory = TemporaryDirectory()
    let file = try golden("empty_row_group.parquet")
    directory.write("Day=2020-01-01/n=01/k=a%2Fb%20c/big=99999999999/part-0.parquet", file)
    directory.write(
      "Day=__HIVE_DEFAULT_PARTITION__/n=-2/k=__HIVE_DEFAULT_PARTITION__/big=1/part-0.parquet",
      file
    )
    directory.write("Day=2020-02-30x/_SUCCESS", [])
    let table = try table(directory.path)
    #expect(
      table.visibleFields.map { "\($0.name) \($0.type)" } == [
        "a integer", "b varchar", "day date", "n integer", "k varchar", "big bigint",
      ]
    )
    let (rows, _) = try rows(table, ["a", "day", "n", "k", "big"])
    #expect(
      Set(rows) == [
        ["1", "2020-01-01", "1", "a/b c", "99999999999"],
        ["2", "2020-01-01", "1", "a/b c", "99999999999"],
        ["3", "2020-01-01", "1", "a/b c", "99999999999"],
        ["1", nil, "-2", nil, "1"], ["2", nil, "-2", nil, "1"], ["3", nil, "-2", nil, "1"],
      ]
    )
    let null = ColumnDomain(type: .text, allowsNull: true, ranges: [])
    let (nulls, metrics) = try self.rows(table, ["k"], ["k": null])
    #expect(nulls.count == 3)
    #expect(metrics.filesPruned == 1)
  }

  @Test func filesMayDiffer() throws {
    let directory = TemporaryDirectory()
    // i32 and f32 here, the same names wider there.
    directory.write("1.parquet", try golden("evolution_wide.parquet"))
    directory.write("2.parquet", try golden("evolution_narrow.parquet"))
    let table = try table(directory.path)
    #expect(
      table.visibleFields.map { "\($0.name) \($0.type)" } == [
        "id bigint", "ratio double", "amount decimal(20,4)", "moment timestamp(6)", "extra varchar",
      ]
    )
    let (rows, _) = try rows(table, ["id", "ratio", "amount", "moment", "extra"])
    #expect(
      rows == [
        ["10000000000", "0.1", "1.2500", "2013-01-01 00:00:00.000001", "x"],
        [nil, nil, nil, nil, nil],
        ["1", "0.5", "2.5000", "2013-01-01 00:00:00.001000", nil],
        [nil, nil, nil, nil, nil],
        ["-2", "-1.5", "-7.2500", "1969-12-31 23:59:59.999000", nil],
      ]
    )
    // What a file does not have is NULL, so nothing of it can be 'x'.
    let x = ColumnDomain(type: .text, allowsNull: false, ranges: [.exactly(.text("x"))])
    let (found, metrics) = try self.rows(table, ["id"], ["extra": x])
    #expect(found.count == 2)
    #expect(metrics.rowGroupsPruned == 1)
  }

  @Test func rowsAFilterKeepsAreThoseOfAllRows() throws {
    let directory = TemporaryDirectory()
    directory.write("p=1/1.parquet", try golden("evolution_wide.parquet"))
    directory.write("p=2/2.parquet", try golden("evolution_narrow.parquet"))
    let names = ["extra", "p", "id", "moment", "ratio"]
    for path in [directory.path, Self.flights] {
      let table = try table(path)
      let wanted =
        path == Self.flights ? ["tailnum", "month", "day", "dep_time", "distance"] : names
      let (all, _) = try rows(table, wanted)
      let positions = wanted.map { name in
        table.schema.fields.firstIndex { $0.name == name } ?? 0
      }
      for capacity in [1, 3, 2048] where capacity > 1 || path != Self.flights {
        let scan = try table.scan(ScanRequest(columns: positions, batchCapacity: capacity))
        let cursor = try scan.makeCursor()
        // Whether a row is kept depends on its place, so that skipping must not lose count.
        let filter = PlaceFilter(column: 2, output: [4, 2, 0, 1])
        var found: [[String?]] = []
        while let batch = try cursor.next(where: filter) {
          for row in 0..<batch.rowCount { found.append(batch.columns.map { $0.text(row) }) }
        }
        #expect(filter.rowCount == all.count)
        #expect(found == filter.kept.map { row in [4, 2, 0, 1].map { all[row][$0] } })
        #expect(filter.seen == all.map { $0[2] })
      }
    }
  }

  @Test func filesMustNotContradict() throws {
    let directory = TemporaryDirectory()
    directory.write("1.parquet", try golden("evolution_narrow.parquet"))
    directory.write("2.parquet", try golden("evolution_wide.parquet"))
    let table = try table(directory.path)
    let error = #expect(throws: SQLError.self) { try rows(table, ["id"]) }
    #expect(error?.code == .hivePartitionSchemaMismatch)
    #expect(error?.message.contains("'id'") == true)
    #expect(error?.message.contains("2.parquet") == true)
  }

  @Test func nestedColumnsAreListedButNotRead() throws {
    let table = try table(Self.root + "/Tests/data/parquet/nested.parquet")
    #expect(table.visibleFields.map(\.name) == ["id", "tags", "point", "name", "pairs"])
    #expect(try rows(table, ["id", "name"]).rows == [["1", "one"], ["2", nil], ["3", "three"]])
    let error = #expect(throws: SQLError.self) { try rows(table, ["tags"]) }
    #expect(error?.code == .notSupported)
    #expect(error?.message.contains("tags") == true)
  }

  // MARK: Errors

  private func error(_ path: String) -> SQLError? {
    #expect(throws: SQLError.self) { try table(path) }
  }

  @Test func pathsThatLeadNowhere() {
    let near = error(Self.root + "/samples/nycfligths13/flights")
    #expect(near?.code == .tableNotFound)
    #expect(near?.hint?.contains("nycflights13") == true)
    #expect(error("/no/such/place")?.code == .tableNotFound)
    #expect(error("no-such-file.parquet")?.code == .tableNotFound)
    #expect(error("")?.code == .tableNotFound)
    #expect(error(Self.flights + "/month=13/*.parquet")?.code == .tableNotFound)
  }

  @Test func whatIsNotReadSaysSo() {
    #expect(error("gs://bucket/key.parquet")?.code == .notSupported)
    #expect(error("https://example.org/x.parquet")?.code == .notSupported)
    #expect(error(Self.root + "/samples/nycflights13/airlines.csv")?.code == .notSupported)
    #expect(error(Self.root + "/samples/nycflights13/weather.csv.gz")?.code == .notSupported)
  }

  @Test func damagedFilesNameThemselves() throws {
    let directory = TemporaryDirectory()
    directory.write("empty.parquet", [])
    directory.write("text.parquet", Array("this is not a Parquet file at all".utf8))
    for name in ["empty.parquet", "text.parquet"] {
      let error = self.error(directory.path + "/" + name)
      #expect(error?.code == .hiveBadData)
      #expect(error?.message.contains(name) == true)
    }
    directory.write("only/notes", Array("x".utf8))
    #expect(self.error(directory.path + "/only")?.code == .hiveBadData)
    directory.write("none/_SUCCESS", [])
    #expect(self.error(directory.path + "/none")?.code == .tableNotFound)
  }

  @Test func aFileThatVanishesIsNamed() throws {
    let directory = TemporaryDirectory()
    directory.write("1.parquet", try golden("empty_row_group.parquet"))
    let table = try table(directory.path)
    directory.remove("1.parquet")
    let error = #expect(throws: SQLError.self) { try rows(table, ["a"]) }
    #expect(error?.code == .hiveFileNotFound)
    #expect(error?.message.contains("1.parquet") == true)
  }

  @Test func aChangedFileIsReadAnew() throws {
    let directory = TemporaryDirectory()
    directory.write("1.parquet", try golden("empty_row_group.parquet"))
    let connector = FilesConnector(store: LocalObjectStore())
    #expect(try rows(try connector.table(atPath: directory.path), ["a"]).rows.count == 3)
    directory.write("1.parquet", try golden("no_row_groups.parquet"))
    #expect(try rows(try connector.table(atPath: directory.path), ["a"]).rows.count == 0)
  }
}

/// Keeps rows by their place in the scan: long gaps, single rows, stretches and all of a batch.
private final class PlaceFilter: VectorFilter {
  let column: Int
  let output: [Int]
  private(set) var rowCount = 0
  private(set) var kept: [Int] = []
  /// The values of `column` of all rows.
  private(set) var seen: [String?] = []

  init(column: Int, output: [Int]) {
    self.column = column
    self.output = output
  }

  func select(
    _ count: Int,
    column: (Int) throws(SQLError) -> ColumnVector
  ) throws(SQLError) -> Selection {
    let vector = try column(self.column)
    var indices: [Int32] = []
    for row in 0..<count {
      seen.append(vector.text(row))
      let place = rowCount + row
      let isKept =
        switch place / 5000 % 5 {
        case 0: place % 500 < 3
        case 1: place % 700 == 699
        case 2: false
        case 3: true
        default: place % 2 == 0
        }
      if isKept {
        indices.append(Int32(row))
        kept.append(place)
      }
    }
    rowCount += count
    return Selection(rowCount: count, indices: indices)
  }
}

/// The local disk, with a list of the objects that were opened.
final class RecordingStore: ObjectStore {
  private let local = LocalObjectStore()
  private let names = Mutex<[String]>([])

  private let directories = Mutex<[String]>([])

  var opened: [String] { names.withLock { $0 } }
  var listed: [String] { directories.withLock { $0 } }

  func entry(at path: ObjectPath) throws(StorageError) -> ObjectEntry.Kind? {
    try local.entry(at: path)
  }

  func list(_ directory: ObjectPath) throws(StorageError) -> [ObjectEntry] {
    directories.withLock { $0.append(directory.text) }
    return try local.list(directory)
  }

  func listAll(below directory: ObjectPath) throws(StorageError) -> [ObjectInfo] {
    directories.withLock { $0.append(directory.text + "**") }
    return try local.listAll(below: directory)
  }

  func open(_ path: ObjectPath, expecting expected: ObjectInfo?) throws(StorageError)
    -> any ObjectReader
  {
    names.withLock { $0.append(path.text) }
    return try local.open(path, expecting: expected)
  }

  func put(_ path: ObjectPath, _ bytes: UnsafeRawBufferPointer, replacing: Bool)
    throws(StorageError) -> ObjectInfo
  {
    try local.put(path, bytes, replacing: replacing)
  }

  func upload(to path: ObjectPath) throws(StorageError) -> any ObjectUpload {
    try local.upload(to: path)
  }

  func complete(_ prepared: PreparedObject) throws(StorageError) { try local.complete(prepared) }

  func discard(_ prepared: PreparedObject) throws(StorageError) { try local.discard(prepared) }

  func remove(_ path: ObjectPath) throws(StorageError) { try local.remove(path) }

  func counting(in activity: StorageActivity) -> any ObjectStore { self }
}
