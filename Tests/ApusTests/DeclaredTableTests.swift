import Apus
import ApusTestSupport
import ApusValues
import ApusVectors
import Glibc
import Testing

/// Tables that are declared over directories, which each test makes for itself.
@Suite("Declared tables")
struct DeclaredTableTests {
  private let root = TestFiles.makeTemporaryFolder()

  private func makeSession() throws -> Session {
    try Engine(EngineConfiguration(warehouse: root + "/warehouse")).session()
  }

  /// Makes directories below the root and, in the last, a month of the flights.
  private func place(_ path: String, month: Int) {
    makeFolders(path)
    let source = TestFiles.root + "/samples/nycflights13/flights/month=\(month)/part-0.parquet"
    TestFiles.copy(source, to: root + "/" + path + "/part-0.parquet")
  }

  private func makeFolders(_ path: String) {
    var folder = root
    for part in path.split(separator: "/") {
      folder += "/" + part
      TestFiles.makeFolder(folder)
    }
  }

  @discardableResult
  private func texts(_ session: Session, _ sql: String) throws -> [String] {
    let result = try session.execute(sql)
    var texts: [String] = []
    while let batch = try result.nextBatch() {
      for row in 0..<batch.rowCount {
        texts.append(batch.columns.map { $0.text(row) ?? "NULL" }.joined(separator: "|"))
      }
    }
    return texts
  }

  private func declareFlights(_ session: Session, partitionedBy columns: String) throws {
    try texts(
      session,
      """
      CREATE EXTERNAL TABLE f (day int, carrier string) PARTITIONED BY (\(columns))
      STORED AS PARQUET LOCATION '\(root)/f'
      """
    )
  }

  @Test func zerosInFrontMakeNoOtherPartition() throws {
    place("f/month=02", month: 2)
    place("f/month=03", month: 3)
    makeFolders("f/month=04")
    TestFiles.write("no Parquet at all", to: root + "/f/month=04/part-0.parquet")
    let session = try makeSession()
    try declareFlights(session, partitionedBy: "month int")
    #expect(try texts(session, "SELECT * FROM f") == [])
    #expect(
      try texts(session, "MSCK REPAIR TABLE f") == [
        "Partitions not in metastore:\tf:month=02\tf:month=03\tf:month=04",
        "Repair: Added partition to metastore f:month=02",
        "Repair: Added partition to metastore f:month=03",
        "Repair: Added partition to metastore f:month=04",
      ]
    )
    #expect(try texts(session, "SHOW PARTITIONS f") == ["month=2", "month=3", "month=4"])
    #expect(try texts(session, "MSCK REPAIR TABLE f") == [])
    // The broken file shows that partitions which are ruled out are not opened.
    let count = "SELECT month, count(*) FROM f WHERE month"
    #expect(try texts(session, count + " = 3 GROUP BY month") == ["3|28834"])
    #expect(
      try texts(session, count + " < 4 GROUP BY month ORDER BY month") == ["2|24951", "3|28834"]
    )
    #expect(throws: SQLError.self) { try texts(session, "SELECT max(day) FROM f") }
    try texts(session, "ALTER TABLE f DROP PARTITION (month = '4')")
    #expect(try texts(session, "SELECT count(*) FROM f") == ["53785"])
  }

  @Test func whatIsNoPartitionIsPassedOver() throws {
    place("f/Year=2013/month=1", month: 1)
    place("f/year=2014/month=__HIVE_DEFAULT_PARTITION__", month: 2)
    for folder in [
      "f/year=2014/week=1", "f/year=2014/month=may", "f/year=2014/month=7", "f/year=2014/month=07",
      "f/other", "f/_temporary/month=1", "f/.hidden",
    ] { makeFolders(folder) }
    let session = try makeSession()
    try declareFlights(session, partitionedBy: "year int, month int")
    #expect(
      try texts(session, "MSCK REPAIR TABLE f").sorted() == [
        "Partitions not in metastore:\tf:year=2013/month=1\tf:year=2014/month=07"
          + "\tf:year=2014/month=__HIVE_DEFAULT_PARTITION__",
        "Repair: Added partition to metastore f:year=2013/month=1",
        "Repair: Added partition to metastore f:year=2014/month=07",
        "Repair: Added partition to metastore f:year=2014/month=__HIVE_DEFAULT_PARTITION__",
        "Repair: Passed over \(root)/f/other/, which is no partition",
        "Repair: Passed over \(root)/f/year=2014/month=7/, as the partition has another place",
        "Repair: Passed over \(root)/f/year=2014/month=may/, whose values are of other types",
        "Repair: Passed over \(root)/f/year=2014/week=1/, which is no partition",
      ]
    )
    #expect(
      try texts(session, "SELECT year, month, count(*) FROM f GROUP BY year, month ORDER BY 1")
        == ["2013|1|27004", "2014|NULL|24951"]
    )
  }

  @Test func theShownStatementMakesTheSameTable() throws {
    let session = try makeSession()
    try texts(session, "CREATE DATABASE d")
    try texts(
      session,
      #"""
      CREATE EXTERNAL TABLE d.t (
        `Odd``name` struct<a:int,`b c`:array<map<string,decimal(3,1)>>> COMMENT "it's \\ one\ttext",
        `table` varchar(3), a tinyint, b smallint, c bigint, d boolean, e float, f double, g char(2),
        h binary, i date, j timestamp, k timestamp(9), l decimal
      )
      COMMENT 'two\nlines'
      PARTITIONED BY (`order` string COMMENT 'of things', day date)
      ROW FORMAT SERDE 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'
      WITH SERDEPROPERTIES ('serialization.format' = '1', 'a''b' = 'c')
      STORED AS PARQUET
      LOCATION 's3://lake/gold/it''s'
      TBLPROPERTIES ('k' = 'v', 'ö' = '')
      """#
    )
    for schema in ["default", "d"] {
      try texts(session, "USE \(schema)")
      let shown = try texts(session, "SHOW CREATE TABLE d.t")
      let columns = try texts(session, "DESCRIBE d.t")
      let properties = try texts(session, "SHOW TBLPROPERTIES d.t")
      try texts(session, "DROP TABLE d.t")
      try texts(session, shown.joined(separator: "\n"))
      #expect(try texts(session, "SHOW CREATE TABLE d.t") == shown)
      #expect(try texts(session, "DESCRIBE d.t") == columns)
      #expect(try texts(session, "SHOW TBLPROPERTIES d.t") == properties)
      #expect(
        columns.contains(
          #"odd`name|struct<a:int,`b c`:array<map<string,decimal(3,1)>>>|"#
            + "it's \\ one\ttext"
        )
      )
    }
  }

  @Test func describeTellsWhereAndWhat() throws {
    let session = try makeSession()
    try declareFlights(session, partitionedBy: "month int")
    let formatted = try texts(session, "DESCRIBE FORMATTED f")
    let time = try #require(formatted.first { $0.hasPrefix("CreateTime:|20") })
    #expect(time.hasSuffix(" UTC|"))
    #expect(
      formatted.filter { $0 != time } == [
        "# col_name|data_type|comment", "||", "day|int|", "carrier|string|", "||",
        "# Partition Information||", "# col_name|data_type|comment", "||", "month|int|", "||",
        "# Detailed Table Information||", "Database:|default|",
        "Owner:|\(session.engine.configuration.user)|", "LastAccessTime:|UNKNOWN|",
        "Protect Mode:|None|", "Retention:|0|", "Location:|\(root)/f/|",
        "Table Type:|EXTERNAL_TABLE|", "Table Parameters:||", "|EXTERNAL|TRUE", "||",
        "# Storage Information||",
        "SerDe Library:|org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe|",
        "InputFormat:|org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat|",
        "OutputFormat:|org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat|",
        "Compressed:|No|", "Num Buckets:|-1|", "Bucket Columns:|[]|", "Sort Columns:|[]|",
        "Storage Desc Params:||",
      ]
    )
    let extended = try #require(try texts(session, "DESCRIBE EXTENDED f").last)
    #expect(extended.hasPrefix("Detailed Table Information|Table(tableName:f, dbName:default, "))
    #expect(extended.contains("partitionKeys:[FieldSchema(name:month, type:int, comment:null)]"))
  }

  @Test func anotherEngineSeesTheTableFromWhereverItRuns() throws {
    place("f/month=1", month: 1)
    let session = try makeSession()
    try declareFlights(session, partitionedBy: "month int")
    try texts(session, "ALTER TABLE f ADD PARTITION (month = 1)")
    #expect(try texts(try makeSession(), "SELECT count(*) FROM f WHERE month = 1") == ["27004"])
  }

  @Test func aDatabaseWhoseFoldersAreAllDeclaredCanGo() throws {
    place("warehouse/sales/january", month: 1)
    place("warehouse/sales/february", month: 2)
    let session = try makeSession()
    let declare = { (month: String) in
      try texts(
        session,
        """
        CREATE EXTERNAL TABLE sales.\(month) STORED AS PARQUET
        LOCATION '\(root)/warehouse/sales/\(month)/'
        """
      )
    }
    try declare("january")
    let error = #expect(throws: SQLError.self) {
      try texts(session, "DROP DATABASE sales CASCADE")
    }
    #expect(error?.code == .schemaNotEmpty)
    #expect(error?.message.contains("'february'") == true)
    try declare("february")
    #expect(try texts(session, "SHOW TABLES IN sales") == ["february", "january"])
    try texts(session, "DROP DATABASE sales CASCADE")
    #expect(try texts(session, "SHOW DATABASES") == ["default"])
    #expect(TestFiles.exists(root + "/warehouse/sales/january/part-0.parquet"))
  }

  @Test func aMovedWarehouseIsStillTheSame() throws {
    place("warehouse/f/month=01", month: 1)
    let session = try makeSession()
    try texts(
      session,
      """
      CREATE EXTERNAL TABLE f (day int) PARTITIONED BY (month int)
      STORED AS PARQUET LOCATION '\(root)/warehouse/f'
      """
    )
    try texts(session, "MSCK REPAIR TABLE f")
    try texts(session, "CREATE TABLE made AS SELECT day, month FROM f WHERE day < 3")
    #expect(try texts(session, "SELECT count(*) FROM made") == ["1785"])
    #expect(rename(root + "/warehouse", root + "/moved") == 0)
    let moved = try Engine(EngineConfiguration(warehouse: root + "/moved")).session()
    #expect(try texts(moved, "SELECT month, count(*) FROM f GROUP BY month") == ["1|27004"])
    #expect(try texts(moved, "SELECT count(*) FROM made") == ["1785"])
    #expect(try texts(moved, "MSCK REPAIR TABLE f") == [])
    #expect(try texts(moved, "SHOW TABLES") == ["f", "made"])
  }

  @Test func whatAQueryMadeCanBeAlteredAndDropped() throws {
    place("f/month=1", month: 1)
    let session = try makeSession()
    try declareFlights(session, partitionedBy: "month int")
    try texts(session, "MSCK REPAIR TABLE f")
    try texts(
      session,
      """
      CREATE TABLE made WITH (partitioned_by = ARRAY['code'])
      AS SELECT day, CAST(carrier AS char(3)) AS code FROM f WHERE carrier IN ('UA', 'OO')
      """
    )
    #expect(try texts(session, "SHOW PARTITIONS made") == ["code=OO", "code=UA"])
    #expect(try texts(session, "MSCK REPAIR TABLE made") == [])
    #expect(throws: SQLError.self) {
      try texts(session, "ALTER TABLE made ADD PARTITION (code = 'UA ')")
    }
    try texts(session, "ALTER TABLE made DROP PARTITION (code = 'UA')")
    #expect(try texts(session, "SELECT code, count(*) FROM made GROUP BY code") == ["OO |1"])
    #expect(
      try texts(session, "MSCK REPAIR TABLE made").last
        == "Repair: Added partition to metastore made:code=UA"
    )
    #expect(try texts(session, "SHOW CREATE TABLE made").first == "CREATE EXTERNAL TABLE `made`(")
    try texts(session, "DROP TABLE made")
    #expect(try texts(session, "SHOW TABLES") == ["f"])
  }
}
