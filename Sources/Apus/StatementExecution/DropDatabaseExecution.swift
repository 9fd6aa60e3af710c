import ApusCatalog
import ApusStorage
import ApusSyntax
import ApusValues

extension StatementExecution {
  /// Runs DROP DATABASE [IF EXISTS] … [CASCADE]. Files stay where they are.
  func run(_ node: DropDatabaseStatement) throws(SQLError) -> QueryResult {
    let name = try databaseName(node.name)
    guard name != Warehouse.defaultSchema, name != InformationSchema.name else {
      throw .notSupported("Dropping the database '\(name)'", at: node.name.range)
    }
    guard try catalog.hasSchema(name) else {
      if node.ifExists { return try done(.dropDatabase) }
      return try located(node.name) { () throws(SQLError) in
        try catalog.checkSchema(name)
        return try done(.dropDatabase)
      }
    }
    if let table = try catalog.warehouse().tables(in: name).first {
      throw SQLError(
        .schemaNotEmpty,
        "Database '\(name)' is a folder of the warehouse with tables that nobody declared, such as "
          + "'\(table)'",
        at: node.name.range,
        hint: "Move or remove the folder \(catalog.warehouseRoot.appending(name))."
      )
    }
    try located(node.name) { () throws(SQLError) in
      _ = try engine.catalog.dropDatabase(named: name, cascade: node.isCascade)
    }
    return try done(.dropDatabase)
  }
}
