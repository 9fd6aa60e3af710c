import ApusCatalog
import ApusPlanner
import ApusStorage
import ApusSyntax
import ApusValues

// What statements about declared tables have in common.

extension StatementExecution {
  /// Finds the definition of a table.
  ///
  /// - Throws: TABLE_NOT_FOUND; NOT_SUPPORTED for views and for tables that nobody declared.
  func declaredTable(_ node: QualifiedName) throws(SQLError) -> TableDefinition {
    let name = try resolve(node)
    switch try found(name, at: node) {
    case .declared(let table)?:
      return table
    case .view?:
      throw .notSupported(
        "This statement for '\(name)', which is a view,",
        at: node.range,
        hint: "Views have CREATE OR REPLACE VIEW, DROP VIEW and SHOW CREATE VIEW."
      )
    case .undeclared(let path)?:
      throw .notSupported(
        "This statement for '\(name)', a table only because its files lie in the warehouse,",
        at: node.range,
        hint: "CREATE EXTERNAL TABLE declares it; to be rid of it, move or remove '\(path)'."
      )
    case nil:
      throw notFound(name, at: node.range)
    }
  }

  /// The partition columns of a table that must have some.
  func partitionFields(of table: TableDefinition, at node: some SyntaxNode) throws(SQLError)
    -> [Field]
  {
    guard !table.partitionColumns.isEmpty else {
      throw SQLError(
        .genericUserError,
        "Table '\(table.name)' is not a partitioned table",
        at: node.range
      )
    }
    return try located(node) { () throws(SQLError) in try catalog.partitionFields(of: table) }
  }

  /// Reads PARTITION (…): one text for each partition column, the same for all spellings of a value.
  ///
  /// - Parameter incomplete: the error's code where not all columns have a value.
  /// - Throws: COLUMN_NOT_FOUND, DUPLICATE_COLUMN_NAME, HIVE_INVALID_PARTITION_VALUE.
  func partitionValues(
    _ node: PartitionSpecification,
    of fields: [Field],
    incomplete: ErrorCode = .genericUserError
  ) throws(SQLError) -> [String?] {
    let texts = try knownPartitionValues(node, of: fields)
    var values: [String?] = []
    for (index, field) in fields.enumerated() {
      guard let text = texts[index] else {
        throw SQLError(
          incomplete,
          "PARTITION needs a value for every partition column; there is none for '\(field.name)'",
          at: node.range
        )
      }
      values.append(text)
    }
    return values
  }

  /// Reads PARTITION (…) of some partition columns, by their positions.
  func knownPartitionValues(_ node: PartitionSpecification, of fields: [Field]) throws(SQLError)
    -> [Int: String?]
  {
    var texts: [Int: String?] = [:]
    for part in node.values {
      let name = part.column.value.lowercased()
      guard let index = fields.firstIndex(where: { $0.name == name }) else {
        let near = nearestName(to: name, among: fields.map(\.name))
        throw SQLError(
          .columnNotFound,
          "Column '\(name)' is not a partition column",
          at: part.column.range,
          hint: near.map { "Did you mean '\($0)'?" }
        )
      }
      guard texts[index] == nil else {
        throw SQLError(
          .duplicateColumnName,
          "Column name '\(name)' specified more than once",
          at: part.column.range
        )
      }
      texts[index] = .some(try canonical(part.value, of: fields[index]))
    }
    return texts
  }

  private func canonical(_ node: StringLiteral, of field: Field) throws(SQLError) -> String? {
    if node.value.isEmpty || node.value == HivePartitionPath.null { return nil }
    return try located(node) { () throws(SQLError) in
      try catalog.values([node.value], of: [field]).first?.partitionText(as: field.type)
    }
  }

  /// How messages and lists name a partition: `year=2013/month=1`.
  func partitionName(_ values: [String?], of fields: [Field]) -> String {
    HivePartitionPath.directory(keys: fields.map(\.name), values: values)
  }
}
