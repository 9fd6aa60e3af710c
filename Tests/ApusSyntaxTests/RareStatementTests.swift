import ApusSyntax
import ApusValues
import Testing

/// Statements that have nodes of their own, whether anything carries them out or not.
@Suite("Statements beyond queries and tables")
struct RareStatementTests {
  @Test(
    "each is written back as it was read",
    arguments: [
      "DELETE FROM t WHERE a = 1",
      "UPDATE t SET a = 1, b = a + 1 WHERE c",
      "MERGE INTO t AS a USING u ON a.x = u.x WHEN MATCHED AND u.y THEN DELETE "
        + "WHEN MATCHED THEN UPDATE SET y = 1 WHEN NOT MATCHED THEN INSERT (x) VALUES (1)",
      "TRUNCATE TABLE t",
      "UNLOAD (SELECT 1) TO 's3://b/' WITH (format = 'PARQUET')",
      "PREPARE p FROM SELECT ?",
      "EXECUTE p USING 1, 'a'",
      "EXECUTE IMMEDIATE 'SELECT ?' USING 1",
      "DEALLOCATE PREPARE p",
      "DESCRIBE INPUT p",
      "DESCRIBE OUTPUT p",
      "START TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY",
      "COMMIT",
      "ROLLBACK",
      "GRANT SELECT, UPDATE ON TABLE t TO USER ada WITH GRANT OPTION",
      "REVOKE GRANT OPTION FOR ALL PRIVILEGES ON SCHEMA s FROM ROLE r",
      "DENY DELETE ON TABLE t TO ada",
      "GRANT a, update TO ada, CURRENT_USER WITH ADMIN OPTION GRANTED BY ROLE r IN c",
      "REVOKE ADMIN OPTION FOR a FROM USER ada",
      "CREATE ROLE a WITH ADMIN CURRENT_ROLE IN c",
      "DROP ROLE a",
      "SET ROLE ALL",
      "CREATE OR REPLACE MATERIALIZED VIEW v GRACE PERIOD INTERVAL '1' DAY COMMENT 'c' AS SELECT 1",
      "REFRESH MATERIALIZED VIEW v",
      "DROP MATERIALIZED VIEW IF EXISTS v",
      "ALTER VIEW v RENAME TO w",
      "ALTER MATERIALIZED VIEW v RENAME TO w",
      "ALTER DATABASE d SET DBPROPERTIES ('a' = 'b')",
      "OPTIMIZE t REWRITE DATA USING BIN_PACK WHERE a = 1",
      "VACUUM t",
      "CALL s.f(1, a => 2)",
      "COMMENT ON COLUMN t.a IS 'c'",
      "COMMENT ON TABLE t IS NULL",
      "SET TIME ZONE LOCAL",
      "SET PATH a.b, c",
      "WITH FUNCTION f(x bigint) RETURNS bigint RETURN x + 1 SELECT f(1)",
      "USING EXTERNAL FUNCTION f(x bigint) RETURNS bigint LAMBDA 'g' SELECT f(1)",
      "CREATE VIEW v COMMENT 'c' SECURITY DEFINER AS SELECT 1",
      "SHOW CREATE DATABASE d",
      "SHOW GRANTS ON TABLE t",
      "SHOW CURRENT ROLES IN c",
      "ALTER TABLE t CHANGE COLUMN a b int COMMENT 'c' AFTER d",
      "ALTER TABLE t UNSET TBLPROPERTIES IF EXISTS ('a')",
      "SELECT * FROM t FOR VERSION AS OF 42 AS a",
      "SELECT * FROM t MATCH_RECOGNIZE (PARTITION BY a ORDER BY b MEASURES FINAL last(x.c) AS d "
        + "ALL ROWS PER MATCH SHOW EMPTY MATCHES AFTER MATCH SKIP TO FIRST x INITIAL "
        + "PATTERN (^ x+? (y | z {- w -})* PERMUTE(u, v){2,} $) SUBSET s = (x, y) DEFINE x AS b) AS m",
      "SELECT JSON_QUERY(a FORMAT JSON, 'lax $' PASSING b AS c RETURNING varchar FORMAT JSON "
        + "WITH CONDITIONAL ARRAY WRAPPER NULL ON EMPTY ERROR ON ERROR)",
      "SELECT JSON_OBJECT(KEY 'a' VALUE 1 ABSENT ON NULL WITH UNIQUE KEYS RETURNING varchar)",
    ]
  )
  func roundTrips(text: String) throws {
    let printed = SQLPrinter.text(of: try parseStatement(text))
    #expect(printed == text)
  }

  @Test("words that begin statements are names like others")
  func names() throws {
    for text in [
      "SELECT merge, update, call, start FROM comment AS grant", "DESCRIBE input",
      "WITH function AS (SELECT 1) SELECT * FROM function",
      "SELECT key, value, final FROM t AS permute", "EXECUTE immediate", "SELECT (array)[1]",
    ] {
      #expect(SQLPrinter.text(of: try parseStatement(text)) == text)
    }
  }
}
