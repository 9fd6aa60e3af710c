// Calls of table functions and of procedures.
extension SQLPrinter {
  mutating func print(_ node: TableFunctionRelation) {
    write("TABLE(")
    print(node.name)
    parenthesized { printer in
      printer.list(node.arguments) { printer, argument in
        printer.printName(argument.name)
        switch argument.value {
        case .expression(let value): printer.print(value)
        case .table(let table): printer.print(table)
        case .descriptor(let descriptor): printer.print(descriptor)
        }
      }
      if node.copartitions.isEmpty { return }
      printer.write(node.arguments.isEmpty ? "COPARTITION " : " COPARTITION ")
      printer.list(node.copartitions) { printer, names in
        printer.parenthesized { $0.list(names) { $0.print($1) } }
      }
    }
    write(")")
  }

  mutating func print(_ arguments: [CallArgument]) {
    parenthesized { printer in
      printer.list(arguments) { printer, argument in
        printer.printName(argument.name)
        printer.print(argument.value)
      }
    }
  }

  private mutating func printName(_ name: Identifier?) {
    guard let name else { return }
    print(name)
    write(" => ")
  }

  private mutating func print(_ table: TableArgument) {
    var relation = table.relation
    var alias: AliasedRelation?
    if case .aliased(let node) = relation { (relation, alias) = (node.relation, node) }
    write("TABLE")
    // A query has parentheses already.
    if case .subquery = relation { print(relation) } else { parenthesized { $0.print(relation) } }
    if let alias {
      write(" AS ")
      print(alias.alias)
      if !alias.columnAliases.isEmpty {
        write(" ")
        identifiers(alias.columnAliases)
      }
    }
    if let partitionBy = table.partitionBy {
      write(" PARTITION BY ")
      parenthesized { $0.list(partitionBy) { $0.print($1) } }
    }
    if let treatment = table.emptyTreatment { write(" \(treatment.rawValue) WHEN EMPTY") }
    if !table.orderBy.isEmpty {
      write(" ORDER BY ")
      parenthesized { $0.list(table.orderBy) { $0.print($1) } }
    }
  }

  private mutating func print(_ descriptor: DescriptorArgument) {
    write("DESCRIPTOR")
    parenthesized { printer in
      printer.list(descriptor.fields) { printer, field in
        printer.print(field.name)
        if let type = field.type {
          printer.write(" ")
          printer.print(type)
        }
      }
    }
  }
}
