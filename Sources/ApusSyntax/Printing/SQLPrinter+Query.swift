extension SQLPrinter {
  mutating func print(_ query: Query) {
    if let with = query.with {
      write(with.isRecursive ? "WITH RECURSIVE " : "WITH ")
      list(with.tables) { printer, table in
        printer.print(table.name)
        if !table.columnAliases.isEmpty {
          printer.write(" ")
          printer.identifiers(table.columnAliases)
        }
        printer.write(" AS ")
        printer.printSubquery(table.query)
      }
      write(" ")
    }
    print(query.body)
    if !query.orderBy.isEmpty {
      write(" ")
      printOrderBy(query.orderBy)
    }
    if let offset = query.offset {
      write(" OFFSET ")
      print(offset)
    }
    if let limit = query.limit { print(limit) }
  }

  private mutating func print(_ limit: RowLimit) {
    switch limit {
    case .limit(let clause):
      write(" LIMIT ")
      if let count = clause.count { print(count) } else { write("ALL") }
    case .fetchFirst(let clause):
      write(" FETCH FIRST")
      if let count = clause.count {
        write(" ")
        print(count)
      }
      write(clause.withTies ? " ROWS WITH TIES" : " ROWS ONLY")
    }
  }

  private mutating func print(_ body: QueryBody) {
    switch body {
    case .specification(let specification): print(specification)
    case .setOperation(let operation): print(operation)
    case .values(let values):
      write("VALUES ")
      list(values.rows) { $0.print($1) }
    case .table(let table):
      write("TABLE ")
      print(table.name)
    case .subquery(let subquery): printSubquery(subquery.query)
    }
  }

  private mutating func print(_ operation: SetOperation) {
    let isTight = operation.operator == .intersect
    print(operation.left, inParentheses: isTight && isLoose(operation.left))
    write(" \(operation.operator.rawValue) ")
    if let quantifier = operation.quantifier { write("\(quantifier.rawValue) ") }
    if let corresponding = operation.corresponding {
      write("CORRESPONDING ")
      if !corresponding.columns.isEmpty {
        write("BY ")
        identifiers(corresponding.columns)
        write(" ")
      }
    }
    var isRightNested = false
    if case .setOperation = operation.right {
      isRightNested = isTight || isLoose(operation.right)
    }
    print(operation.right, inParentheses: isRightNested)
  }

  private func isLoose(_ body: QueryBody) -> Bool {
    guard case .setOperation(let operation) = body else { return false }
    return operation.operator != .intersect
  }

  private mutating func print(_ body: QueryBody, inParentheses: Bool) {
    guard inParentheses else { return print(body) }
    parenthesized { $0.print(body) }
  }

  private mutating func print(_ specification: QuerySpecification) {
    write("SELECT ")
    if let quantifier = specification.quantifier { write("\(quantifier.rawValue) ") }
    list(specification.items) { $0.print($1) }
    if !specification.from.isEmpty {
      write(" FROM ")
      list(specification.from) { $0.print($1) }
    }
    if let condition = specification.where {
      write(" WHERE ")
      print(condition)
    }
    if let groupBy = specification.groupBy {
      write(" GROUP BY ")
      if let quantifier = groupBy.quantifier { write("\(quantifier.rawValue) ") }
      list(groupBy.elements) { $0.print($1) }
    }
    if let condition = specification.having {
      write(" HAVING ")
      print(condition)
    }
    if !specification.windows.isEmpty {
      write(" WINDOW ")
      list(specification.windows) { printer, window in
        printer.print(window.name)
        printer.write(" AS ")
        printer.print(window.specification)
      }
    }
  }

  private mutating func print(_ item: SelectItem) {
    switch item {
    case .expression(let item):
      print(item.expression)
      if let alias = item.alias {
        write(" AS ")
        print(alias)
      }
    case .all(let item):
      if let target = item.target {
        printBase(target)
        write(".")
      }
      write("*")
      if !item.aliases.isEmpty {
        write(" AS ")
        identifiers(item.aliases)
      }
    }
  }

  private mutating func print(_ element: GroupingElement) {
    switch element {
    case .set(let set): print(set)
    case .rollup(let sets): print("ROLLUP", sets)
    case .cube(let sets): print("CUBE", sets)
    case .groupingSets(let sets): print("GROUPING SETS", sets)
    }
  }

  private mutating func print(_ word: String, _ sets: GroupingSetList) {
    write("\(word) ")
    parenthesized { $0.list(sets.sets) { $0.print($1) } }
  }

  /// Writes a grouping set; one expression alone needs no parentheses, but a row keeps its own
  /// from being taken for those of a set.
  private mutating func print(_ set: GroupingSet) {
    if set.expressions.count == 1, let only = set.expressions.first {
      guard case .row = only else { return print(only) }
    }
    parenthesized { $0.list(set.expressions) { $0.print($1) } }
  }
}
