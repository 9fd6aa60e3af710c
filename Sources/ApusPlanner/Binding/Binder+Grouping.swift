import ApusSyntax
import ApusValues

/// What GROUP BY says.
struct BoundGrouping {
  /// The bound expressions, each once.
  var keys: [Expression] = []
  /// For each grouping set the positions of its keys, ascending.
  var sets: [[Int]] = [[]]
  var subqueries: [PendingSubquery] = []
}

extension Binder {
  /// The most grouping sets of one GROUP BY, as in Trino.
  private static let maximumSetCount = 2048

  /// Binds GROUP BY. Its elements multiply: a set of the result is one set of each element.
  ///
  /// - Parameters:
  ///   - items: the select list, for positions in it.
  ///   - aggregates: the columns that stand for aggregates in the select list.
  func bindGrouping(
    _ groupBy: GroupBy,
    items: [SelectedItem],
    scope: Scope,
    aggregates: Set<PlanColumn>
  ) throws(SQLError) -> BoundGrouping {
    let expressions = ExpressionBinder(
      self,
      scope: scope,
      aggregates: "GROUP BY clause",
      windows: "GROUP BY clause"
    )
    var grouping = BoundGrouping()
    for element in groupBy.elements {
      let sets: [Set<Int>]
      switch element {
      case .set(let set):
        var keys: Set<Int> = []
        for syntax in set.expressions {
          if try isAuto(syntax, scope) {
            for item in items where item.expression.columns.isDisjoint(with: aggregates) {
              keys.insert(grouping.position(of: item.expression))
            }
          } else if let position = try ordinal(syntax, count: items.count, "GROUP BY") {
            let item = items[position]
            try refuse(item, of: aggregates)
            keys.insert(grouping.position(of: item.expression))
          } else {
            let known = expressions.subqueries.count
            var key = try expressions.bindClause(syntax)
            // A subquery that the select list has too is computed once, and is the same there.
            if expressions.subqueries.count > known,
              let same = items.first(where: { $0.syntax == syntax })
            {
              expressions.subqueries.removeSubrange(known...)
              key = same.expression
            }
            keys.insert(grouping.position(of: key))
          }
        }
        sets = [keys]
      case .rollup(let list):
        let members = try bind(list, expressions, &grouping)
        sets = (0...members.count).reversed().map { count in
          members.prefix(count).reduce(into: []) { $0.formUnion($1) }
        }
      case .cube(let list):
        let members = try bind(list, expressions, &grouping)
        guard members.count < Int.bitWidth - 1 else {
          throw Binder.tooManySets(1 << (Int.bitWidth - 2), at: element.range)
        }
        let count = 1 << members.count
        try Binder.check(setCount: count, at: element.range)
        sets = (0..<count).reversed().map { mask in
          members.indices.reduce(into: []) { set, member in
            if mask >> (members.count - 1 - member) & 1 == 1 { set.formUnion(members[member]) }
          }
        }
      case .groupingSets(let list):
        sets = try bind(list, expressions, &grouping)
      }
      try Binder.check(setCount: grouping.sets.count * sets.count, at: groupBy.range)
      grouping.sets = grouping.sets.flatMap { first in
        sets.map { Set(first).union($0).sorted() }
      }
    }
    for key in grouping.keys where !key.type.isComparable {
      throw SQLError(
        .typeMismatch,
        "\(key.type) is not comparable, and therefore cannot be used in GROUP BY",
        at: groupBy.range
      )
    }
    if groupBy.quantifier == .distinct {
      var known: Set<[Int]> = []
      grouping.sets = grouping.sets.filter { known.insert($0).inserted }
    }
    grouping.subqueries = expressions.subqueries
    return grouping
  }

  /// Refuses a column of the select list that is made of what groups give.
  private func refuse(_ item: SelectedItem, of aggregates: Set<PlanColumn>) throws(SQLError) {
    guard !item.expression.columns.isDisjoint(with: aggregates) else { return }
    let text = item.syntax.map { SQLPrinter.text(of: $0) } ?? ""
    throw SQLError(
      .expressionNotScalar,
      "GROUP BY clause cannot contain aggregations, window functions or grouping operations: "
        + "[\(text)]",
      at: item.syntax?.range ?? item.range
    )
  }

  /// Whether an element is AUTO, which groups by all of the select list that aggregates nothing; a
  /// column of that name comes first.
  private func isAuto(_ syntax: SyntaxExpression, _ scope: Scope) throws(SQLError) -> Bool {
    guard case .identifier(let node) = syntax, node.value.lowercased() == "auto" else {
      return false
    }
    return try scope.resolve([node], at: node.range) == nil
  }

  /// Binds the members of ROLLUP, CUBE or GROUPING SETS, which are columns.
  private func bind(
    _ list: GroupingSetList,
    _ expressions: ExpressionBinder,
    _ grouping: inout BoundGrouping
  ) throws(SQLError) -> [Set<Int>] {
    var members: [Set<Int>] = []
    for set in list.sets {
      var keys: Set<Int> = []
      for syntax in set.expressions {
        let key = try expressions.bind(syntax)
        guard case .column = key else {
          throw SQLError(
            .invalidColumnReference,
            "GROUP BY expression must be a column reference",
            at: syntax.range,
            hint: "Compute it in a subquery, or group by it beside the grouping sets."
          )
        }
        keys.insert(grouping.position(of: key))
      }
      members.append(keys)
    }
    return members
  }

  private static func check(setCount: Int, at range: SourceRange) throws(SQLError) {
    if setCount > maximumSetCount { throw tooManySets(setCount, at: range) }
  }

  private static func tooManySets(_ count: Int, at range: SourceRange) -> SQLError {
    SQLError(
      .tooManyGroupingSets,
      "GROUP BY has \(count) grouping sets but can contain at most \(maximumSetCount)",
      at: range
    )
  }
}

extension BoundGrouping {
  /// Takes over the subqueries of the select list whose values are keys.
  mutating func takeSubqueries(from pending: inout [PendingSubquery]) {
    var needed = keys.reduce(into: Set<PlanColumn>()) { $0.formUnion($1.columns) }
    var taken: [PendingSubquery] = []
    // A subquery may be about the value of one before it.
    for (index, subquery) in pending.enumerated().reversed()
    where !needed.isDisjoint(with: subquery.results) {
      needed.formUnion(subquery.outerColumns)
      taken.append(subquery)
      pending.remove(at: index)
    }
    subqueries += taken.reversed()
  }

  /// The position of a key, which becomes the last one if it is new.
  fileprivate mutating func position(of key: Expression) -> Int {
    if let position = keys.firstIndex(of: key) { return position }
    keys.append(key)
    return keys.count - 1
  }
}
