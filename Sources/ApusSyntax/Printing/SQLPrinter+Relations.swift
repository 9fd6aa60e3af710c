extension SQLPrinter {
  mutating func print(_ relation: Relation) {
    switch relation {
    case .table(let node):
      print(node.name)
      if let version = node.version {
        write(" FOR \(version.kind.rawValue) AS OF ")
        printValue(version.value)
      }
    case .path(let node): print(node.path)
    case .subquery(let node): printSubquery(node.query)
    case .lateral(let node):
      write("LATERAL ")
      printSubquery(node.query)
    case .unnest(let node):
      write("UNNEST")
      parenthesized { $0.list(node.expressions) { $0.print($1) } }
      if node.withOrdinality { write(" WITH ORDINALITY") }
    case .jsonTable(let node): print(node)
    case .tableFunction(let node): print(node)
    case .join(let node): print(node)
    case .aliased(let node):
      print(node.relation, inParentheses: !node.relation.isPrimary)
      write(" AS ")
      print(node.alias)
      if !node.columnAliases.isEmpty {
        write(" ")
        identifiers(node.columnAliases)
      }
    case .matchRecognize(let node): print(node)
    case .sampled(let node):
      print(node.relation, inParentheses: !node.relation.canBeSampled)
      write(" TABLESAMPLE \(node.method.rawValue) ")
      parenthesized { $0.print(node.percentage) }
    }
  }

  mutating func print(_ relation: Relation, inParentheses: Bool) {
    guard inParentheses else { return print(relation) }
    parenthesized { $0.print(relation) }
  }

  private mutating func print(_ join: JoinRelation) {
    print(join.left)
    write(" ")
    if case .natural = join.criteria { write("NATURAL ") }
    write("\(join.kind.rawValue) JOIN ")
    print(join.right, inParentheses: join.right.isJoin)
    switch join.criteria {
    case .on(let condition):
      write(" ON ")
      print(condition)
    case .using(let columns):
      write(" USING ")
      identifiers(columns)
    case .natural, nil:
      break
    }
  }
}

extension Relation {
  fileprivate var isJoin: Bool {
    if case .join = self { true } else { false }
  }

  /// Whether TABLESAMPLE can follow without parentheses.
  fileprivate var canBeSampled: Bool {
    if case .matchRecognize = self { true } else { canBeMatched }
  }

  /// Whether MATCH_RECOGNIZE can follow without parentheses.
  var canBeMatched: Bool {
    if case .aliased = self { true } else { isPrimary }
  }

  fileprivate var isPrimary: Bool {
    switch self {
    case .table, .path, .subquery, .lateral, .unnest, .jsonTable, .tableFunction: true
    case .join, .aliased, .sampled, .matchRecognize: false
    }
  }
}
