extension SQLPrinter {
  mutating func print(_ statement: Statement) {
    switch statement {
    case .query(let query): print(query)
    case .explain(let node): print(node)
    case .createView(let node):
      write(node.orReplace ? "CREATE OR REPLACE VIEW " : "CREATE VIEW ")
      print(node.name)
      print(" COMMENT ", node.comment)
      if let security = node.security { write(" SECURITY \(security.rawValue)") }
      write(" AS ")
      print(node.query)
    case .dropView(let node):
      write(node.ifExists ? "DROP VIEW IF EXISTS " : "DROP VIEW ")
      print(node.name)
    case .createDatabase(let node): print(node)
    case .dropDatabase(let node):
      write(node.ifExists ? "DROP DATABASE IF EXISTS " : "DROP DATABASE ")
      print(node.name)
      if node.isCascade { write(" CASCADE") }
    case .createTable(let node): print(node)
    case .createTableAs(let node): print(node)
    case .createTableLike(let node): print(node)
    case .dropTable(let node):
      write(node.ifExists ? "DROP TABLE IF EXISTS " : "DROP TABLE ")
      print(node.name)
    case .alterTable(let node): print(node)
    case .repairTable(let node):
      write("MSCK REPAIR TABLE ")
      print(node.name)
    case .analyze(let node):
      write("ANALYZE ")
      print(node.table)
      print(node.properties)
    case .insert(let node): print(node)
    case .show(let node): print(node)
    case .describe(let node):
      write("DESCRIBE ")
      if node.detail != .columns { write("\(node.detail.rawValue) ") }
      print(node.table)
      if let partition = node.partition {
        write(" ")
        print(partition)
      }
      for (index, part) in node.column.enumerated() {
        write(index == 0 ? " " : ".")
        print(part)
      }
    case .use(let node):
      write("USE ")
      if let catalog = node.catalog {
        print(catalog)
        write(".")
      }
      print(node.schema)
    case .setSession(let node):
      write("SET SESSION ")
      print(node.name)
      write(" = ")
      print(node.value)
    case .resetSession(let node):
      write("RESET SESSION ")
      print(node.name)
    case .setTimeZone(let node):
      write("SET TIME ZONE ")
      if let zone = node.zone { print(zone) } else { write("LOCAL") }
    case .setPath(let node):
      write("SET PATH ")
      list(node.path) { $0.print($1) }
    case .delete(let node): print(node)
    case .update(let node): print(node)
    case .merge(let node): print(node)
    case .truncate(let node):
      write("TRUNCATE TABLE ")
      print(node.table)
    case .prepare, .execute, .executeImmediate, .deallocate, .describePrepared:
      printPrepared(statement)
    case .grant, .revoke, .deny, .grantRoles, .revokeRoles, .createRole, .dropRole, .setRole:
      printAccess(statement)
    case .startTransaction, .endTransaction, .unload, .optimize, .vacuum, .call, .comment,
      .createMaterializedView, .refreshMaterializedView, .dropMaterializedView, .renameView,
      .alterDatabase, .inlineFunctions, .externalFunctions:
      printRare(statement)
    }
  }

  private mutating func print(_ node: ExplainStatement) {
    write("EXPLAIN ")
    if node.isAnalyze { write("ANALYZE ") }
    if node.isVerbose { write("VERBOSE ") }
    var options: [String] = []
    if let type = node.type { options.append("TYPE \(type.rawValue)") }
    if let format = node.format { options.append("FORMAT \(format.rawValue)") }
    if !options.isEmpty { write("(" + options.joined(separator: ", ") + ") ") }
    print(node.statement)
  }

  private mutating func print(_ node: ShowStatement) {
    write("SHOW ")
    switch node.subject {
    case .databases(let catalog): print("DATABASES", in: catalog.map { [$0] } ?? [])
    case .tables(let database): print("TABLES", in: database?.parts ?? [])
    case .views(let database): print("VIEWS", in: database?.parts ?? [])
    case .columns(let table, let database):
      write("COLUMNS FROM ")
      print(table)
      print("", in: database.map { [$0] } ?? [])
    case .functions: write("FUNCTIONS")
    case .catalogs: write("CATALOGS")
    case .session: write("SESSION")
    case .partitions(let table, let partition):
      write("PARTITIONS ")
      print(table)
      if let partition {
        write(" ")
        print(partition)
      }
    case .tableProperties(let table, let key):
      write("TBLPROPERTIES ")
      print(table)
      if let key {
        write(" ")
        parenthesized { $0.print(key) }
      }
    case .statistics(let table):
      write("STATS FOR ")
      print(table)
    case .queryStatistics(let query):
      write("STATS FOR ")
      parenthesized { $0.print(query) }
    case .createTable(let name):
      write("CREATE TABLE ")
      print(name)
    case .createView(let name):
      write("CREATE VIEW ")
      print(name)
    case .createMaterializedView(let name):
      write("CREATE MATERIALIZED VIEW ")
      print(name)
    case .createDatabase(let name):
      write("CREATE DATABASE ")
      print(name)
    case .grants(let table):
      write("GRANTS")
      if let table {
        write(" ON TABLE ")
        print(table)
      }
    case .roles(let isCurrent, let catalog):
      print(isCurrent ? "CURRENT ROLES" : "ROLES", in: catalog.map { [$0] } ?? [])
    case .roleGrants(let catalog):
      print("ROLE GRANTS", in: catalog.map { [$0] } ?? [])
    }
    if let pattern = node.pattern {
      write(" LIKE ")
      print(pattern)
    }
  }

  private mutating func print(_ word: String, in path: [Identifier]) {
    write(word)
    for (position, part) in path.enumerated() {
      write(position == 0 ? " IN " : ".")
      print(part)
    }
  }
}
