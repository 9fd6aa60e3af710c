extension SQLPrinter {
  mutating func print(_ node: JSONTableRelation) {
    write("JSON_TABLE")
    parenthesized { printer in
      printer.print(node.path, name: node.pathName)
      printer.print(columns: node.columns)
      switch node.plan {
      case .specific(let plan)?:
        printer.write(" PLAN ")
        printer.parenthesized { $0.print(plan) }
      case .default(let parent, let siblings)?:
        let words = [parent?.rawValue, siblings?.rawValue].compactMap { $0 }
        printer.write(" PLAN DEFAULT (\(words.joined(separator: ", ")))")
      case nil:
        break
      }
      if let behavior = node.onError { printer.write(" \(behavior.rawValue) ON ERROR") }
    }
  }

  private mutating func print(columns: [JSONTableColumn]) {
    write(" COLUMNS ")
    parenthesized { $0.list(columns) { $0.print($1) } }
  }

  private mutating func print(_ column: JSONTableColumn) {
    switch column {
    case .ordinality(let node):
      print(node.name)
      write(" FOR ORDINALITY")
    case .value(let node):
      print(node.name, node.type, nil, node.path)
      print(node.onEmpty, "EMPTY")
      print(node.onError, "ERROR")
    case .query(let node):
      print(node.name, node.type, node.format, node.path)
      if let wrapper = node.wrapper { write(" \(wrapper.rawValue) ARRAY WRAPPER") }
      if let quotes = node.quotes { write(" \(quotes.rawValue) QUOTES") }
      if let behavior = node.onEmpty { write(" \(behavior.rawValue) ON EMPTY") }
      if let behavior = node.onError { write(" \(behavior.rawValue) ON ERROR") }
    case .nested(let node):
      write("NESTED PATH ")
      print(node.path)
      if let name = node.pathName {
        write(" AS ")
        print(name)
      }
      print(columns: node.columns)
    }
  }

  private mutating func print(
    _ name: Identifier,
    _ type: TypeName,
    _ format: JSONFormat?,
    _ path: StringLiteral?
  ) {
    print(name)
    write(" ")
    print(type)
    print(format)
    guard let path else { return }
    write(" PATH ")
    print(path)
  }

  private mutating func print(_ plan: JSONTablePlanPart) {
    switch plan.kind {
    case .path(let name):
      print(name)
    case .parent(let name, let join, let child):
      print(name)
      write(" \(join.rawValue) ")
      printPart(child)
    case .siblings(let join, let parts):
      for (position, part) in parts.enumerated() {
        if position > 0 { write(" \(join.rawValue) ") }
        printPart(part)
      }
    }
  }

  private mutating func printPart(_ plan: JSONTablePlanPart) {
    if case .path = plan.kind { return print(plan) }
    parenthesized { $0.print(plan) }
  }
}
