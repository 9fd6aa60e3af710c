import Apus
import ApusTestSupport
import ApusValues
import ApusVectors
import Testing

/// A warehouse of two schemas, made of two months of the flights.
@Suite("Schemas")
struct SchemasTests {
  private func makeSession() throws -> Session {
    let root = TestFiles.makeTemporaryFolder()
    let source = TestFiles.root + "/samples/nycflights13/flights"
    for folder in ["/sales", "/sales/January", "/sales/january_too", "/february"] {
      TestFiles.makeFolder(root + folder)
    }
    TestFiles.copy(source + "/month=1/part-0.parquet", to: root + "/sales/January/a.parquet")
    TestFiles.copy(source + "/month=1/part-0.parquet", to: root + "/sales/january_too/a.parquet")
    TestFiles.copy(source + "/month=2/part-0.parquet", to: root + "/february/a.parquet")
    TestFiles.copy(source + "/month=2/part-0.parquet", to: root + "/two.parquet")
    return try Engine(EngineConfiguration(warehouse: root)).session()
  }

  private func texts(_ session: Session, _ sql: String) throws -> [String] {
    let result = try session.execute(sql)
    var texts: [String] = []
    while let batch = try result.nextBatch() {
      for row in 0..<batch.rowCount {
        texts.append(batch.columns.map { $0.text(row) ?? "NULL" }.joined(separator: " "))
      }
    }
    return texts
  }

  private func error(_ session: Session, _ sql: String) -> SQLError? {
    do {
      _ = try texts(session, sql)
      return nil
    } catch {
      return error as? SQLError
    }
  }

  @Test("tables are found by schema, by file and whatever their letter case")
  func tables() throws {
    let session = try makeSession()
    #expect(try texts(session, "SHOW SCHEMAS") == ["default", "sales"])
    #expect(try texts(session, "SHOW TABLES") == ["february", "two"])
    #expect(try texts(session, "SHOW TABLES IN sales") == ["january", "january_too"])
    #expect(try texts(session, "SELECT count(*) FROM sales.january") == ["27004"])
    #expect(try texts(session, "SELECT count(*) FROM awsdatacatalog.sales.JANUARY") == ["27004"])
    #expect(try texts(session, "SELECT count(*) FROM two") == ["24951"])
  }

  @Test("USE changes what a bare name means")
  func use() throws {
    let session = try makeSession()
    #expect(error(session, "SELECT * FROM january")?.code == .tableNotFound)
    _ = try texts(session, "USE sales")
    #expect(session.currentSchema == "sales")
    #expect(try texts(session, "SELECT count(*) FROM january") == ["27004"])
    #expect(try texts(session, "SELECT count(*) FROM default.two") == ["24951"])
    #expect(error(session, "SELECT * FROM two")?.code == .tableNotFound)
  }

  @Test("names that do not exist come with the ones that were probably meant")
  func hints() throws {
    let session = try makeSession()
    let table = error(session, "SELECT * FROM sales.janury")
    #expect(table?.code == .tableNotFound)
    let schema = error(session, "SELECT * FROM sale.january")
    #expect(schema?.code == .schemaNotFound)
    #expect(schema?.hint == "Did you mean 'sales'?")
    #expect(schema?.range == SourceRange(start: 14, end: 26))
    let bare = error(session, "SELECT * FROM tow")
    #expect(bare?.hint == "Did you mean 'two'?")
  }

  @Test("a view keeps the meaning of its names")
  func views() throws {
    let session = try makeSession()
    _ = try texts(session, "USE sales")
    _ = try texts(session, "CREATE VIEW bare AS SELECT day FROM january WHERE day = 1")
    _ = try texts(session, "CREATE VIEW whole AS SELECT day FROM sales.january WHERE day = 1")
    #expect(try texts(session, "SELECT count(*) FROM bare") == ["842"])
    _ = try texts(session, "USE default")
    #expect(try texts(session, "SELECT count(*) FROM sales.whole") == ["842"])
    #expect(try texts(session, "SELECT count(*) FROM sales.bare") == ["842"])
  }
}
