import ApusSyntax
import ApusValues
import ApusVectors
import Testing

@testable import ApusPlanner

/// Plans that write: the rules work below the write and leave its columns as they are.
@Suite struct TableWritePlanTests {
  private struct Nowhere: TableWriteTarget {
    let description = "table nowhere"

    func makeWriter() throws(SQLError) -> any TableWriter {
      throw .notSupported("Writing nowhere")
    }
  }

  /// A write of some columns of a query that no rule has seen yet, after all rules.
  private func optimized(_ sql: String, columns: [Int]) throws -> String {
    guard case .query(let statement) = try parseStatement(sql) else {
      throw SQLError.internal("not a query")
    }
    let binder = Binder(
      catalog: PlannerCatalog(),
      functions: PlannerFunctions(),
      context: PlanningContext()
    )
    let query = try binder.bindStatement(statement)
    let write = LogicalPlan.tableWrite(
      TableWrite(
        input: query,
        target: Nowhere(),
        columns: columns.map { query.output[$0] },
        rowCount: PlanColumn(id: ColumnID(1_000_000), name: "rows", type: .bigint)
      )
    )
    let result = try Optimizer(disabledRules: []).optimize(write, binder: binder)
    return result.explained().joined(separator: "\n")
  }

  @Test func onlyWhatIsWrittenIsRead() throws {
    #expect(
      try optimized(
        "SELECT id, name, upper(nation) AS nation FROM customers WHERE id = 7",
        columns: [1, 0]
      ) == """
        TableWrite[name, id to table nowhere] => [rows]
        └─ Filter[id = 7]
           └─ Scan[customers] => [id, name]
                   id :: [7]
        """
    )
  }

  @Test func anOrderOfTheRowsIsKept() throws {
    #expect(
      try optimized("SELECT name FROM customers ORDER BY name", columns: [0]) == """
        TableWrite[name to table nowhere] => [rows]
        └─ Sort[name]
           └─ Scan[customers] => [name]
        """
    )
    #expect(
      try optimized("SELECT name FROM customers ORDER BY name LIMIT 3", columns: [0]) == """
        TableWrite[name to table nowhere] => [rows]
        └─ TopN[3 by name]
           └─ Scan[customers] => [name]
        """
    )
  }

  @Test func aWriteThatLosesAColumnIsFound() throws {
    let query = try plan("SELECT id FROM customers")
    let missing = PlanColumn(id: ColumnID(1_000_000), name: "gone", type: .bigint)
    let write = LogicalPlan.tableWrite(
      TableWrite(input: query, target: Nowhere(), columns: [missing], rowCount: missing)
    )
    #expect(throws: SQLError.self) {
      try PlanVerifier.verify(write, output: write.output, after: "test")
    }
  }
}
