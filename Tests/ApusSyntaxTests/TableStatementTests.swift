import ApusSyntax
import ApusValues
import Testing

@Suite("Statements that make, change and fill tables")
struct TableStatementTests {
  private func expect(
    _ text: String,
    printsAs printed: String,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let tree = try parseStatement(text)
    #expect(SQLPrinter.text(of: tree) == printed, sourceLocation: location)
    #expect(try parseStatement(printed) == tree, sourceLocation: location)
  }

  @Test("databases")
  func databases() throws {
    guard
      case .createDatabase(let node) = try parseStatement(
        "create schema if not exists Sales comment \"it's\" location 's3://b/' "
          + "with dbproperties ('a' = 'b', \"c\"=\"d\")"
      )
    else {
      Issue.record("no CREATE DATABASE")
      return
    }
    #expect(node.ifNotExists)
    #expect(node.name.parts.map(\.value) == ["sales"])
    #expect(node.comment?.value == "it's")
    #expect(node.location?.value == "s3://b/")
    #expect(node.properties.map(\.key.value) == ["a", "c"])
    #expect(node.properties.map(\.value.value) == ["b", "d"])
    try expect("CREATE SCHEMA if", printsAs: "CREATE DATABASE if")
    try expect("drop schema if exists d", printsAs: "DROP DATABASE IF EXISTS d")
    try expect("DROP DATABASE d RESTRICT", printsAs: "DROP DATABASE d")
    try expect("DROP DATABASE d CASCADE", printsAs: "DROP DATABASE d CASCADE")
  }

  @Test("a table over files keeps all that was said of it")
  func createTable() throws {
    let text = """
      CREATE EXTERNAL TABLE IF NOT EXISTS sales.orders (
        id bigint COMMENT 'key', `Total Price` decimal(12,2), tags array<struct<a:int>>)
      COMMENT 'orders'
      PARTITIONED BY (year int, region string COMMENT 'ISO')
      CLUSTERED BY (id) SORTED BY (id DESC, year) INTO 8 BUCKETS
      ROW FORMAT SERDE 'a.B' WITH SERDEPROPERTIES ('x' = 'y')
      STORED AS INPUTFORMAT 'a.In' OUTPUTFORMAT 'a.Out'
      LOCATION 's3://lake/orders/'
      TBLPROPERTIES ("has_encrypted_data" = "false")
      """
    guard case .createTable(let node) = try parseStatement(text) else {
      Issue.record("no CREATE TABLE")
      return
    }
    #expect(node.isExternal)
    #expect(node.ifNotExists)
    #expect(node.columns.map(\.name.value) == ["id", "Total Price", "tags"])
    #expect(node.columns.map(\.type.name) == ["bigint", "decimal", "array"])
    #expect(node.columns.map(\.comment?.value) == ["key", nil, nil])
    #expect(node.comment?.value == "orders")
    let partitions = node.partitionedBy.compactMap {
      if case .column(let column) = $0 { column } else { nil }
    }
    #expect(partitions.map(\.name.value) == ["year", "region"])
    #expect(partitions.map(\.comment?.value) == [nil, "ISO"])
    #expect(node.buckets?.columns.map(\.value) == ["id"])
    #expect(node.buckets?.sortedBy.map(\.isDescending) == [true, false])
    #expect(node.buckets?.count == 8)
    guard case .serde(let serde) = node.rowFormat,
      case .classes(let input, let output) = node.storedAs
    else {
      Issue.record("no formats")
      return
    }
    #expect(serde.value == "a.B")
    #expect(node.serdeProperties.map(\.key.value) == ["x"])
    #expect(input.value == "a.In")
    #expect(output.value == "a.Out")
    #expect(node.location.value == "s3://lake/orders/")
    #expect(node.properties.map(\.value.value) == ["false"])
    #expect(covered(node, of: text) == text)
    #expect(try parseStatement(SQLPrinter.text(of: .createTable(node))) == .createTable(node))
  }

  @Test("a table over delimited text knows each delimiter")
  func delimitedTable() throws {
    try expect(
      "create external table t row format delimited fields terminated by ',' escaped by '#' "
        + "collection items terminated by '|' map keys terminated by ':' "
        + "lines terminated by ';' null defined as '' stored as textfile location 's3://b/'",
      printsAs: "CREATE EXTERNAL TABLE t ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' "
        + "ESCAPED BY '#' COLLECTION ITEMS TERMINATED BY '|' MAP KEYS TERMINATED BY ':' "
        + "LINES TERMINATED BY ';' NULL DEFINED AS '' STORED AS textfile LOCATION 's3://b/'"
    )
    guard
      case .createTable(let node) = try parseStatement(
        "CREATE EXTERNAL TABLE t ROW FORMAT DELIMITED LINES TERMINATED BY ';' LOCATION 's3://b/'"
      ), case .delimited(let format) = node.rowFormat
    else {
      Issue.record("no ROW FORMAT")
      return
    }
    #expect(format.linesTerminatedBy?.value == ";")
    #expect(format.fieldsTerminatedBy == nil)
    #expect(format.nullDefinedAs == nil)
  }

  @Test("the properties of a serde may stand after STORED AS")
  func serdeProperties() throws {
    try expect(
      "CREATE EXTERNAL TABLE t ROW FORMAT SERDE 'a.B' STORED AS ORC "
        + "WITH SERDEPROPERTIES ('x' = 'y') LOCATION 's3://b/'",
      printsAs: "CREATE EXTERNAL TABLE t ROW FORMAT SERDE 'a.B' "
        + "WITH SERDEPROPERTIES ('x' = 'y') STORED AS orc LOCATION 's3://b/'"
    )
    try expect(
      "CREATE EXTERNAL TABLE t STORED AS ORC WITH SERDEPROPERTIES ('x' = 'y') LOCATION 's3://b/'",
      printsAs: "CREATE EXTERNAL TABLE t STORED AS orc WITH SERDEPROPERTIES ('x' = 'y') "
        + "LOCATION 's3://b/'"
    )
  }

  @Test("without EXTERNAL, partitions are made of columns")
  func transforms() throws {
    guard
      case .createTable(let node) = try parseStatement(
        "CREATE TABLE t (id int) PARTITIONED BY (day(at), bucket(16, id), Region) "
          + "LOCATION 's3://b/' TBLPROPERTIES ('table_type' = 'ICEBERG')"
      )
    else {
      Issue.record("no CREATE TABLE")
      return
    }
    #expect(!node.isExternal)
    let transforms = node.partitionedBy.compactMap {
      if case .transform(let transform) = $0 { transform } else { nil }
    }
    #expect(transforms.map(\.function?.value) == ["day", "bucket", nil])
    #expect(transforms.map(\.width) == [nil, 16, nil])
    #expect(transforms.map(\.column.value) == ["at", "id", "region"])
  }

  @Test("a table made of a query")
  func createTableAs() throws {
    let text =
      "CREATE TABLE IF NOT EXISTS d.t (a, b) COMMENT 'c' WITH (format = 'PARQUET', "
      + "partitioned_by = ARRAY['b']) AS WITH x AS (SELECT 1, 2) SELECT * FROM x WITH NO DATA"
    guard case .createTableAs(let node) = try parseStatement(text) else {
      Issue.record("no CREATE TABLE AS")
      return
    }
    #expect(node.ifNotExists)
    #expect(node.columnAliases.map(\.value) == ["a", "b"])
    #expect(node.comment?.value == "c")
    #expect(node.properties.map(\.name.value) == ["format", "partitioned_by"])
    #expect(node.properties.map { SQLPrinter.text(of: $0.value) } == ["'PARQUET'", "ARRAY['b']"])
    #expect(!node.withData)
    #expect(covered(node.query, of: text) == "WITH x AS (SELECT 1, 2) SELECT * FROM x")
    #expect(SQLPrinter.text(of: .createTableAs(node)) == text)
    try expect("CREATE TABLE t AS SELECT 1 WITH DATA", printsAs: "CREATE TABLE t AS SELECT 1")
    try expect(
      "CREATE TABLE t AS SELECT * FROM UNNEST(a) WITH NO DATA",
      printsAs: "CREATE TABLE t AS SELECT * FROM UNNEST(a) WITH NO DATA"
    )
    try expect(
      "CREATE TABLE t AS SELECT * FROM UNNEST(a) WITH ORDINALITY WITH DATA",
      printsAs: "CREATE TABLE t AS SELECT * FROM UNNEST(a) WITH ORDINALITY"
    )
  }

  @Test("INSERT tells columns from a query in parentheses")
  func insert() throws {
    func columns(_ text: String) throws -> [String]? {
      guard case .insert(let node) = try parseStatement(text) else { return nil }
      return node.columns.map(\.value)
    }
    #expect(try columns("INSERT INTO t (A, b) VALUES (1, 2)") == ["a", "b"])
    #expect(try columns("INSERT INTO t (SELECT 1)") == [])
    #expect(try columns("INSERT INTO t ((SELECT 1) UNION SELECT 2)") == [])
    #expect(try columns("INSERT INTO t (a) (SELECT 1)") == ["a"])
    #expect(try columns("INSERT INTO t WITH x AS (SELECT 1) TABLE x") == [])
    try expect("insert into d.t (a) table u", printsAs: "INSERT INTO d.t (a) TABLE u")
    try expect(
      "explain analyze insert into t values 1",
      printsAs: "EXPLAIN ANALYZE INSERT INTO t VALUES 1"
    )
    try expect(
      "explain create table t with (a = 1) as select 1",
      printsAs: "EXPLAIN CREATE TABLE t WITH (a = 1) AS SELECT 1"
    )
  }

  @Test("partitions are added, dropped, moved and renamed")
  func partitions() throws {
    guard
      case .alterTable(let add) = try parseStatement(
        "ALTER TABLE d.t ADD IF NOT EXISTS PARTITION (year = 2024, r = 'eu') LOCATION 's3://b/' "
          + "PARTITION (year = -0.5, r = TRUE)"
      ), case .addPartitions(let added, let ifNotExists) = add.alteration
    else {
      Issue.record("no ADD PARTITION")
      return
    }
    #expect(ifNotExists)
    #expect(added.map(\.location?.value) == ["s3://b/", nil])
    #expect(
      added.map { $0.partition.values.map(\.value.value) } == [["2024", "eu"], ["-0.5", "true"]]
    )
    #expect(added.first?.partition.values.map(\.column.value) == ["year", "r"])
    try expect(
      "alter table t drop if exists partition (a=1), partition (a=\"2\")",
      printsAs: "ALTER TABLE t DROP IF EXISTS PARTITION (a = '1'), PARTITION (a = '2')"
    )
    try expect(
      "alter table t partition (a=1) rename to partition (a=2)",
      printsAs: "ALTER TABLE t PARTITION (a = '1') RENAME TO PARTITION (a = '2')"
    )
    try expect(
      "alter table t partition (a=1) set location 's3://b/'",
      printsAs: "ALTER TABLE t PARTITION (a = '1') SET LOCATION 's3://b/'"
    )
    try expect("MSCK repair table D.T", printsAs: "MSCK REPAIR TABLE d.t")
  }

  @Test("columns and properties are changed")
  func columnsAndProperties() throws {
    try expect(
      "alter table t add columns (a int comment 'x', b string)",
      printsAs: "ALTER TABLE t ADD COLUMNS (a int COMMENT 'x', b string)"
    )
    try expect(
      "alter table t partition (a=1) add columns (b int)",
      printsAs: "ALTER TABLE t PARTITION (a = '1') ADD COLUMNS (b int)"
    )
    try expect(
      "alter table t replace columns (a int)",
      printsAs: "ALTER TABLE t REPLACE COLUMNS (a int)"
    )
    try expect(
      "alter table t set tblproperties ('a'='b','c'='d')",
      printsAs: "ALTER TABLE t SET TBLPROPERTIES ('a' = 'b', 'c' = 'd')"
    )
    try expect(
      "alter table t set location 's3://b/'",
      printsAs: "ALTER TABLE t SET LOCATION 's3://b/'"
    )
  }

  @Test("a backslash escapes in Hive's statements, and only there")
  func escapes() throws {
    func properties(_ list: String) throws -> [String] {
      let text = "ALTER TABLE t SET TBLPROPERTIES (\(list))"
      let tree = try parseStatement(text)
      guard case .alterTable(let node) = tree, case .setProperties(let properties) = node.alteration
      else { return [] }
      #expect(try parseStatement(SQLPrinter.text(of: tree)) == tree)
      return properties.flatMap { [$0.key.value, $0.value.value] }
    }
    #expect(try properties(#"'a\\b' = '\n\t\r\b\Z\0'"#) == ["a\\b", "\n\t\r\u{8}\u{1A}\0"])
    #expect(
      try properties(#""quoteChar" = "\"", 'it''s' = 'it\'s'"#) == [
        "quoteChar", "\"", "it's", "it's",
      ]
    )
    #expect(try properties(#"'\001' = '\101\u00e9\u12'"#) == ["\u{1}", "A\u{E9}u12"])
    #expect(try properties(#"'\%\_\x' = """#) == ["\\%\\_x", ""])
    #expect(try properties(#"'\\' = "\\""#) == ["\\", "\\"])
    #expect(try properties(#"U&'\00e9' = '\201'"#) == ["\u{E9}", "201"])
    guard
      case .createTableAs(let node) = try parseStatement(
        #"CREATE TABLE t COMMENT '\'' WITH (field_delimiter = '\') AS SELECT '\' AS x"#
      ), case .string(let delimiter) = node.properties.first?.value
    else {
      Issue.record("no CREATE TABLE AS")
      return
    }
    #expect(node.comment?.value == "'")
    #expect(delimiter.value == "\\")
    try expect(
      #"CREATE TABLE t (a int) STORED AS ORC LOCATION 's3://\\'"#,
      printsAs: #"CREATE TABLE t (a int) STORED AS orc LOCATION 's3://\\'"#
    )
    try expect(
      #"ALTER TABLE "a\"\\" ADD COLUMNS (`b\` int)"#,
      printsAs: #"ALTER TABLE `a"\` ADD COLUMNS (`b\` int)"#
    )
    for name in ["stored", "d.stored", "defined", "IF NOT EXISTS stored"] {
      try expect(
        "CREATE TABLE \(name) AS SELECT '\\' AS x",
        printsAs: "CREATE TABLE \(name) AS SELECT '\\' AS x"
      )
    }
    let file = #"ALTER TABLE t SET LOCATION '\';'; SELECT '\'; SELECT 2"#
    #expect(
      splitStatements(file).map(\.text) == [
        #"ALTER TABLE t SET LOCATION '\';'"#, #"SELECT '\'"#, "SELECT 2",
      ]
    )
    expectError(
      #"CREATE EXTERNAL TABLE t ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' ESCAPED BY '\'"#,
      at: "'",
      "the string is not closed",
      hint: #"A backslash escapes what follows it; to mean itself it is doubled: '\\'."#
    )
  }

  @Test("tables are shown, described and dropped")
  func showing() throws {
    try expect("show partitions d.t", printsAs: "SHOW PARTITIONS d.t")
    try expect("show create table d.t", printsAs: "SHOW CREATE TABLE d.t")
    try expect("show tblproperties t(\"k\")", printsAs: "SHOW TBLPROPERTIES t ('k')")
    try expect("show tblproperties t", printsAs: "SHOW TBLPROPERTIES t")
    try expect(
      "desc extended t partition (a=1)",
      printsAs: "DESCRIBE EXTENDED t PARTITION (a = '1')"
    )
    try expect(
      "DESCRIBE extended PARTITION (a = 1)",
      printsAs: "DESCRIBE extended PARTITION (a = '1')"
    )
    try expect(
      "DESCRIBE input PARTITION (a = 1)",
      printsAs: "DESCRIBE input PARTITION (a = '1')"
    )
    try expect("drop table if exists d.t", printsAs: "DROP TABLE IF EXISTS d.t")
    try expect("drop table if", printsAs: "DROP TABLE if")
  }

  @Test("the words of these statements stay names")
  func names() throws {
    try expect(
      "SELECT data, location, comment AS schema FROM database fields",
      printsAs: "SELECT data, location, comment AS schema FROM database AS fields"
    )
    try expect(
      "CREATE EXTERNAL TABLE location (comment string COMMENT 'c') LOCATION 's3://b/'",
      printsAs: "CREATE EXTERNAL TABLE location (comment string COMMENT 'c') LOCATION 's3://b/'"
    )
    try expect("SELECT keys(add)", printsAs: "SELECT keys(add)")
  }
}

@Suite("Errors in statements that make and change tables")
struct TableStatementErrorTests {
  @Test("a missing or misplaced LOCATION")
  func location() {
    expectError(
      "CREATE EXTERNAL TABLE t (a int) STORED AS PARQUET",
      at: "",
      "mismatched input '<EOF>'. Expecting: 'LOCATION', 'WITH'",
      hint: "Say where the table's files are: LOCATION 's3://bucket/folder/'."
    )
    expectError(
      "CREATE EXTERNAL TABLE t (a int) TBLPROPERTIES ('a' = 'b') LOCATION 's3://b/'",
      at: "TBLPROPERTIES",
      hint: "LOCATION comes before TBLPROPERTIES."
    )
    let order =
      "The clauses stand in this order: COMMENT, PARTITIONED BY, CLUSTERED BY, ROW FORMAT, "
      + "STORED AS, LOCATION, TBLPROPERTIES."
    expectError(
      "CREATE EXTERNAL TABLE t (a int) STORED AS ORC PARTITIONED BY (b int) LOCATION 's3://b/'",
      at: "PARTITIONED",
      hint: order
    )
    expectError(
      "CREATE EXTERNAL TABLE t (a int) LOCATION s3",
      at: "s3",
      "mismatched input 's3'. Expecting: <string>"
    )
  }

  @Test("a word with a letter wrong")
  func misspelling() {
    expectError("CREATE EXTRENAL TABLE t", at: "EXTRENAL", hint: "Did you mean EXTERNAL?")
    expectError("CREATE EXTERNAL TABEL t", at: "TABEL", hint: "Did you mean TABLE?")
    expectError(
      "CREATE EXTERNAL TABLE t (a int) STORD AS PARQUET LOCATION 's3://b/'",
      at: "STORD",
      hint: "Did you mean STORED?"
    )
    expectError(
      "CREATE EXTERNAL TABLE t (a int) LOCTION 's3://b/'",
      at: "LOCTION",
      hint: "Did you mean LOCATION?"
    )
    expectError("MSCK REPIAR TABLE t", at: "REPIAR", hint: "Did you mean REPAIR?")
    expectError(
      "ALTER TABLE t ADD PARTITON (a = 1)",
      at: "PARTITON",
      hint: "Did you mean PARTITION?"
    )
    expectError("ALTER TABLE t ADD COLUMN (a int)", at: "COLUMN", hint: "Did you mean COLUMNS?")
    expectError("ALTR TABLE t ADD COLUMNS (a int)", at: "ALTR", hint: "Did you mean ALTER?")
  }

  @Test("what a table cannot be made or changed by is said by name")
  func unsupported() {
    expectError(
      "ALTER TABLE t EXCHANGE PARTITION (a = 1) WITH TABLE u",
      .notSupported,
      at: "EXCHANGE PARTITION",
      "ALTER TABLE EXCHANGE PARTITION is not supported"
    )
    expectError("INSERT OVERWRITE t SELECT 1", .notSupported, at: "INSERT OVERWRITE")
    expectError("ALTER DATABASE d SET x", at: "x")
  }

  @Test("half a statement")
  func halves() {
    expectError(
      "CREATE orders",
      at: "orders",
      "mismatched input 'orders'. Expecting: 'DATABASE', 'EXTERNAL', 'MATERIALIZED', "
        + "'OR', 'ROLE', 'SCHEMA', 'TABLE', "
        + "'VIEW'"
    )
    expectError(
      "DROP orders",
      at: "orders",
      "mismatched input 'orders'. Expecting: 'DATABASE', 'MATERIALIZED', 'ROLE', "
        + "'SCHEMA', 'TABLE', 'VIEW'"
    )
    expectError(
      "ALTER TABLE t",
      at: "",
      "mismatched input '<EOF>'. Expecting: '.', 'ADD', 'CHANGE', 'DROP', "
        + "'PARTITION', 'RENAME', 'REPLACE', 'SET', 'UNSET'"
    )
    expectError("INSERT INTO TABLE t SELECT 1", at: "TABLE")
    expectError("INSERT INTO t (a) ", at: "")
    expectError("CREATE TABLE t (a int) AS SELECT 1", at: "AS")
    expectError("CREATE TABLE t (a, b) LOCATION 's3://b/'", at: "LOCATION")
  }
}
