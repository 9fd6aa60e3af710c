import ApusCatalog
import ApusStorage
import ApusTestSupport
import ApusValues
import Testing

/// What goes into a catalog comes out of it, also through another object on the same file.
@Suite("Definitions")
struct DefinitionTests {
  private let path = ObjectPath(TestFiles.makeTemporaryFolder() + "/deep/below/catalog.sqlite")

  private var catalog: CatalogDatabase { CatalogDatabase(path: path) }

  private func table(_ name: String, at location: String = "/lake/t/") -> TableDefinition {
    TableDefinition(
      name: RelationName(database: "default", name: name),
      columns: [
        CatalogColumn(name: "a", type: "int"),
        CatalogColumn(name: "b", type: "struct<c:int>", comment: "it's"),
      ],
      partitionColumns: [CatalogColumn(name: "year", type: "int", comment: "of birth")],
      location: ObjectPath(location),
      storage: ["format": "parquet", "serde.a.b": "x\"y"],
      properties: ["k": "v", "ä": "\u{1F98C}"],
      comment: "comment",
      owner: "tester"
    )
  }

  private func stored(_ name: String, in catalog: CatalogDatabase) throws -> TableDefinition? {
    let name = RelationName(database: "default", name: name)
    guard case .table(let table)? = try catalog.relation(named: name) else { return nil }
    return table
  }

  @Test func readingMakesNoFile() throws {
    let catalog = catalog
    #expect(try catalog.databaseNames() == [])
    #expect(try catalog.relation(named: RelationName(database: "a", name: "b")) == nil)
    #expect(try catalog.claimedLocations() == [])
    #expect(try catalog.snapshot().latest == 0)
    #expect(!TestFiles.exists(path.text))
  }

  @Test func databases() throws {
    let (first, second) = (catalog, catalog)
    let definition = DatabaseDefinition(
      name: "sales",
      comment: "what we sell",
      location: "/lake/sales/",
      properties: ["team": "shop"],
      owner: "tester"
    )
    #expect(try first.create(definition))
    #expect(try !second.create(definition))
    #expect(try second.database(named: "sales") == definition)
    #expect(try second.databaseNames() == ["sales"])
    #expect(try second.dropDatabase(named: "sales", cascade: false))
    #expect(try first.database(named: "sales") == nil)
    #expect(try !first.dropDatabase(named: "sales", cascade: false))
  }

  @Test func tables() throws {
    let (first, second) = (catalog, catalog)
    #expect(try first.create(table("t")))
    #expect(try !second.create(table("t")))
    var read = try #require(try stored("t", in: second))
    #expect(read.id > 0)
    #expect(read.createdAt > 1_700_000_000)
    (read.id, read.createdAt) = (0, 0)
    #expect(read == table("t"))
    #expect(try second.relationNames(in: "default", areViews: false) == ["t"])
    #expect(try second.relationNames(in: "default", areViews: true) == [])
    #expect(try first.claimedLocations() == ["/lake/t/"])
  }

  @Test func changesOfTables() throws {
    let (first, second) = (catalog, catalog)
    _ = try first.create(table("t"))
    let read = try #require(try stored("t", in: first))
    try first.setProperties(["k": "w", "new": ""], ofTable: read.id)
    try first.setColumns([CatalogColumn(name: "z", type: "date")], ofTable: read)
    try first.setLocation(ObjectPath("/lake/moved/"), ofTable: read.id)
    let changed = try #require(try stored("t", in: second))
    #expect(changed.properties == ["k": "w", "ä": "\u{1F98C}", "new": ""])
    #expect(changed.columns.map(\.name) == ["z"])
    #expect(changed.partitionColumns == read.partitionColumns)
    #expect(changed.location == ObjectPath("/lake/moved/"))
    // Files that stay behind make no table either.
    #expect(try second.claimedLocations() == ["/lake/t/", "/lake/moved/"])
    // `read` is no longer what the table is.
    let error = #expect(throws: SQLError.self) { try second.setColumns([], ofTable: read) }
    #expect(error?.code == .hiveConcurrentModificationDetected)
  }

  @Test func droppedPlacesAreRemembered() throws {
    let catalog = catalog
    _ = try catalog.create(table("t"))
    let name = RelationName(database: "default", name: "t")
    #expect(try !catalog.dropRelation(named: name, isView: true))
    #expect(try catalog.dropRelation(named: name, isView: false))
    #expect(try !catalog.dropRelation(named: name, isView: false))
    #expect(try catalog.claimedLocations() == ["/lake/t/"])
    _ = try catalog.create(table("u"))
    _ = try catalog.dropDatabase(named: "default", cascade: true)
    #expect(try catalog.claimedLocations() == ["/lake/t/"])
  }

  @Test func views() throws {
    let catalog = catalog
    var view = ViewDefinition(
      name: RelationName(database: "default", name: "v"),
      query: "SELECT 1 AS a",
      columns: [CatalogColumn(name: "a", type: "integer")],
      schema: "default",
      owner: "tester"
    )
    #expect(try catalog.create(view, replacing: false))
    #expect(try !catalog.create(view, replacing: false))
    view.query = "SELECT 2 AS a"
    #expect(try catalog.create(view, replacing: true))
    guard case .view(let read)? = try catalog.relation(named: view.name) else {
      Issue.record("there is no view")
      return
    }
    #expect(read == view)
    // Tables and views share their names; a view never takes a table's place.
    #expect(try !catalog.create(table("v")))
    _ = try catalog.create(table("t"))
    view.name.name = "t"
    #expect(try !catalog.create(view, replacing: true))
    let error = #expect(throws: SQLError.self) {
      try catalog.dropDatabase(named: "default", cascade: false)
    }
    #expect(error?.code == .schemaNotEmpty)
  }

  @Test func partitions() throws {
    let (first, second) = (catalog, catalog)
    _ = try first.create(table("t"))
    let id = try #require(try stored("t", in: first)).id
    func partition(_ value: String?, _ place: String) -> PartitionDefinition {
      PartitionDefinition(values: [value], location: ObjectPath(place))
    }
    let some = [partition("a/b=c%", "/p/1/"), partition(nil, "/p/2/"), partition("ü", "/p/3/")]
    #expect(try first.add(some, toTable: id, ifExisting: .refuses) == [])
    #expect(Set(try second.partitions(ofTable: id)) == Set(some))
    // All or none.
    let more = [partition("new", "/p/4/"), partition("ü", "/p/5/")]
    #expect(try second.add(more, toTable: id, ifExisting: .refuses) == [1])
    #expect(try first.partitions(ofTable: id).count == 3)
    #expect(try second.add(more, toTable: id, ifExisting: .isPassedOver) == [1])
    #expect(Set(try first.partitions(ofTable: id)) == Set(some + [partition("new", "/p/4/")]))
    #expect(try first.dropPartitions([["new"], ["nope"]], ofTable: id, ifMissing: .refuses) == [1])
    #expect(try first.partitions(ofTable: id).count == 4)
    #expect(
      try first.dropPartitions([["new"], ["nope"]], ofTable: id, ifMissing: .isPassedOver) == [1]
    )
    #expect(Set(try second.partitions(ofTable: id)) == Set(some))
    #expect(try first.rename(partition: ["x"], to: ["y"], ofTable: id) == .isMissing)
    #expect(try first.rename(partition: ["ü"], to: [nil], ofTable: id) == .isTaken)
    #expect(try first.rename(partition: ["ü"], to: ["ü"], ofTable: id) == .isDone)
    #expect(try first.rename(partition: ["ü"], to: ["z"], ofTable: id) == .isDone)
    #expect(try first.setLocation(ObjectPath("/q/"), ofPartition: ["z"], ofTable: id))
    #expect(try !first.setLocation(ObjectPath("/q/"), ofPartition: ["ü"], ofTable: id))
    #expect(try second.partitions(ofTable: id).contains(partition("z", "/q/")))
    // Between looking a table up and changing it somebody may have dropped it.
    _ = try second.dropRelation(named: table("t").name, isView: false)
    let error = #expect(throws: SQLError.self) {
      try first.add(some, toTable: id, ifExisting: .refuses)
    }
    #expect(error?.code == .hiveTableDroppedDuringQuery)
  }

  /// A catalog whose warehouse has another place now gives the places below it there.
  @Test(arguments: ["/there/läke", "s3://bucket/lake/", "/"])
  func placesMoveWithTheWarehouse(_ root: String) throws {
    let (here, there) = (ObjectPath("/here/lake"), ObjectPath(root))
    let before = CatalogDatabase(path: path, warehouse: here)
    for (name, place) in [
      ("in", "/here/lake/a/é/"), ("root", "/here/lake/"), ("out", "/here/lak/"),
    ] {
      _ = try before.create(table(name, at: place))
    }
    let inner = try #require(try stored("in", in: before))
    #expect(inner.location == ObjectPath("/here/lake/a/é/"))
    let partitions = [
      PartitionDefinition(values: ["1"], location: ObjectPath("/here/lake/a/é/year=1")),
      PartitionDefinition(values: ["2"], location: ObjectPath("/elsewhere/")),
    ]
    try before.add(partitions, toTable: inner.id, ifExisting: .refuses)
    #expect(try before.partitions(ofTable: inner.id) == partitions)
    _ = try before.create(
      DatabaseDefinition(name: "d", location: "/here/lake/d/", owner: "tester")
    )
    let after = CatalogDatabase(path: path, warehouse: there)
    #expect(try stored("in", in: after)?.location == there.appending("a/é/"))
    #expect(try stored("root", in: after)?.location == there.asDirectory)
    #expect(try stored("out", in: after)?.location == ObjectPath("/here/lak/"))
    #expect(
      try after.partitions(ofTable: inner.id).map(\.location) == [
        there.appending("a/é/year=1"), ObjectPath("/elsewhere/"),
      ]
    )
    #expect(try after.database(named: "d")?.location == there.appending("d/").text)
    #expect(
      try after.claimedLocations()
        == [there.appending("a/é/").text, there.asDirectory.text, "/here/lak/"]
    )
  }
}
