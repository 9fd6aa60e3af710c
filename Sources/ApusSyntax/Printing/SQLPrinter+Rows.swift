// Statements that change rows, and prepared ones.
extension SQLPrinter {
  mutating func print(_ node: DeleteStatement) {
    write("DELETE FROM ")
    print(node.table)
    print(where: node.where)
  }

  mutating func print(_ node: UpdateStatement) {
    write("UPDATE ")
    print(node.table)
    write(" ")
    print(node.assignments)
    print(where: node.where)
  }

  mutating func print(where condition: Expression?) {
    guard let condition else { return }
    write(" WHERE ")
    print(condition)
  }

  private mutating func print(_ assignments: [Assignment]) {
    write("SET ")
    list(assignments) { printer, assignment in
      printer.print(assignment.column)
      printer.write(" = ")
      printer.print(assignment.value)
    }
  }

  mutating func print(_ node: MergeStatement) {
    write("MERGE INTO ")
    print(node.table)
    if let alias = node.alias {
      write(" AS ")
      print(alias)
    }
    write(" USING ")
    print(node.source)
    write(" ON ")
    print(node.condition)
    for branch in node.branches {
      write(branch.isMatched ? " WHEN MATCHED" : " WHEN NOT MATCHED")
      if let condition = branch.condition {
        write(" AND ")
        print(condition)
      }
      write(" THEN ")
      print(branch.action)
    }
  }

  private mutating func print(_ action: MergeAction) {
    switch action {
    case .update(let assignments):
      write("UPDATE ")
      print(assignments)
    case .delete: write("DELETE")
    case .insert(let columns, let values):
      write("INSERT ")
      if !columns.isEmpty {
        identifiers(columns)
        write(" ")
      }
      write("VALUES ")
      parenthesized { $0.list(values) { $0.print($1) } }
    }
  }

  mutating func printPrepared(_ statement: Statement) {
    switch statement {
    case .prepare(let node):
      write("PREPARE ")
      print(node.name)
      write(" FROM ")
      print(node.statement)
    case .execute(let node):
      write("EXECUTE ")
      print(node.name)
      print(using: node.arguments)
    case .executeImmediate(let node):
      write("EXECUTE IMMEDIATE ")
      print(node.text)
      print(using: node.arguments)
    case .deallocate(let node):
      write("DEALLOCATE PREPARE ")
      print(node.name)
    case .describePrepared(let node):
      write("DESCRIBE \(node.side.rawValue) ")
      print(node.name)
    default:
      break
    }
  }

  private mutating func print(using arguments: [Expression]) {
    guard !arguments.isEmpty else { return }
    write(" USING ")
    list(arguments) { $0.print($1) }
  }
}
