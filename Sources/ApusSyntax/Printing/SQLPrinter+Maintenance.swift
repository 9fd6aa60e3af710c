// Statements that are not written every day.
extension SQLPrinter {
  mutating func printRare(_ statement: Statement) {
    switch statement {
    case .startTransaction(let node):
      write("START TRANSACTION")
      if !node.modes.isEmpty { write(" ") }
      list(node.modes) { $0.write($1.rawValue) }
    case .endTransaction(let node): write(node.isCommit ? "COMMIT" : "ROLLBACK")
    case .unload(let node):
      write("UNLOAD ")
      printSubquery(node.query)
      print(" TO ", node.location)
      print(node.properties)
    case .optimize(let node):
      write("OPTIMIZE ")
      print(node.table)
      write(" REWRITE DATA USING BIN_PACK")
      print(where: node.where)
    case .vacuum(let node):
      write("VACUUM ")
      print(node.table)
    case .call(let node):
      write("CALL ")
      print(node.name)
      print(node.arguments)
    case .comment(let node):
      write("COMMENT ON \(node.subject.rawValue) ")
      print(node.name)
      if node.comment == nil { write(" IS NULL") }
      print(" IS ", node.comment)
    case .createMaterializedView(let node): print(node)
    case .refreshMaterializedView(let node):
      write("REFRESH MATERIALIZED VIEW ")
      print(node.name)
    case .dropMaterializedView(let node):
      write("DROP MATERIALIZED VIEW ")
      if node.ifExists { write("IF EXISTS ") }
      print(node.name)
    case .renameView(let node):
      write(node.isMaterialized ? "ALTER MATERIALIZED VIEW " : "ALTER VIEW ")
      print(node.name)
      write(" RENAME TO ")
      print(node.newName)
    case .alterDatabase(let node): print(node)
    case .inlineFunctions(let node): print(node)
    case .externalFunctions(let node): print(node)
    default:
      break
    }
  }

  private mutating func print(_ node: CreateMaterializedViewStatement) {
    write(node.orReplace ? "CREATE OR REPLACE " : "CREATE ")
    write("MATERIALIZED VIEW ")
    if node.ifNotExists { write("IF NOT EXISTS ") }
    print(node.name)
    if let period = node.gracePeriod {
      write(" GRACE PERIOD ")
      print(period)
    }
    print(" COMMENT ", node.comment)
    print(node.properties)
    write(" AS ")
    print(node.query)
  }

  private mutating func print(_ node: AlterDatabaseStatement) {
    isHive = true
    defer { isHive = false }
    write("ALTER DATABASE ")
    print(node.name)
    switch node.alteration {
    case .setProperties(let properties): print(" SET DBPROPERTIES ", properties)
    case .setLocation(let location): print(" SET LOCATION ", location)
    case .rename(let name):
      write(" RENAME TO ")
      print(name)
    }
  }

  private mutating func print(_ node: InlineFunctionsStatement) {
    write("WITH ")
    list(node.functions) { printer, function in
      printer.write("FUNCTION ")
      printer.print(function.name)
      printer.print(function.parameters, returning: function.returnType)
      printer.write(" RETURN ")
      printer.print(function.body)
    }
    write(" ")
    print(node.query)
  }

  private mutating func print(_ node: ExternalFunctionsStatement) {
    write("USING ")
    list(node.functions) { printer, function in
      printer.write("EXTERNAL FUNCTION ")
      printer.print(function.name)
      printer.print(function.parameters, returning: function.returnType)
      printer.print(" LAMBDA ", function.service)
    }
    write(" ")
    print(node.query)
  }

  private mutating func print(_ parameters: [TypeField], returning type: TypeName) {
    parenthesized { printer in
      printer.list(parameters) { printer, parameter in
        printer.print(parameter.name)
        printer.write(" ")
        printer.print(parameter.type)
      }
    }
    write(" RETURNS ")
    print(type)
  }
}
