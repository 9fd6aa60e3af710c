/// Makes one plan of two that compute the same rows, with the columns of both.
///
/// What may differ is the identities of columns, and which columns of a table, values of a projection,
/// aggregates of a grouping and window functions there are; the rows may not.
struct SubplanMerge {
  /// For each column of the second plan, the column of the merged plan that holds the same.
  private(set) var counterparts: [ColumnID: PlanColumn] = [:]

  /// Returns the merged plan, which puts out the columns of the first and more; nil if the two do
  /// not compute the same rows.
  mutating func merge(_ first: LogicalPlan, _ second: LogicalPlan) -> LogicalPlan? {
    guard first.children.count == second.children.count,
      first.expressions.allSatisfy(\.isDeterministic)
    else { return nil }
    switch (first, second) {
    case (.scan(let one), .scan(let other)):
      return merge(one, other).map { .scan($0) }
    case (.values(let one), .values(let other)):
      guard one.columns.count == other.columns.count, one.rows == other.rows else { return nil }
      match(other.columns, one.columns)
      return first
    case (.filter(var one), .filter(let other)):
      guard let input = merge(one.input, other.input), translated(other.predicate) == one.predicate
      else { return nil }
      one.input = input
      return .filter(one)
    case (.project(var one), .project(let other)):
      guard let input = merge(one.input, other.input) else { return nil }
      one.input = input
      for assignment in other.assignments {
        let value = translated(assignment.expression)
        if let known = one.assignments.first(where: { $0.expression == value }) {
          counterparts[assignment.column.id] = known.column
        } else {
          counterparts[assignment.column.id] = assignment.column
          one.assignments.append(Project.Assignment(column: assignment.column, expression: value))
        }
      }
      return .project(one)
    case (.aggregate(let one), .aggregate(let other)):
      return merge(one, other).map { .aggregate($0) }
    case (.join(let one), .join(let other)):
      return merge(one, other).map { .join($0) }
    case (.sort(var one), .sort(let other)):
      guard let input = merge(one.input, other.input), translated(other.keys) == one.keys
      else { return nil }
      one.input = input
      return .sort(one)
    case (.topN(var one), .topN(let other)):
      guard let input = merge(one.input, other.input), translated(other.keys) == one.keys,
        other.count == one.count, other.offset == one.offset
      else { return nil }
      one.input = input
      return .topN(one)
    case (.limit(var one), .limit(let other)):
      guard let input = merge(one.input, other.input), other.count == one.count,
        other.offset == one.offset
      else { return nil }
      one.input = input
      return .limit(one)
    case (.window(let one), .window(let other)):
      return merge(one, other).map { .window($0) }
    case (.union(let one), .union(let other)):
      return merge(one, other).map { .union($0) }
    case (.unnest(var one), .unnest(let other)):
      guard let input = merge(one.input, other.input), one.isOuter == other.isOuter,
        one.sources.count == other.sources.count,
        zip(one.sources, other.sources).allSatisfy({ translated($1.expression) == $0.expression }),
        (one.ordinality == nil) == (other.ordinality == nil)
      else { return nil }
      one.input = input
      match(other.added, one.added)
      return .unnest(one)
    case (.enforceSingleRow(var one), .enforceSingleRow(let other)):
      guard let input = merge(one.input, other.input) else { return nil }
      one.input = input
      return .enforceSingleRow(one)
    case (.shared(let one), .shared(let other)):
      guard one.id == other.id else { return nil }
      var one = one
      for (column, source) in zip(other.columns, other.sources) {
        if let known = one.sources.firstIndex(of: source) {
          counterparts[column.id] = one.columns[known]
        } else {
          counterparts[column.id] = column
          one.columns.append(column)
          one.sources.append(source)
        }
      }
      return .shared(one)
    default:
      return nil
    }
  }

  private mutating func merge(_ one: Scan, _ other: Scan) -> Scan? {
    guard let identity = one.table.identity, identity == other.table.identity,
      one.table.schema == other.table.schema, one.domains == other.domains,
      one.limit == other.limit, one.sampledFraction == nil, other.sampledFraction == nil
    else { return nil }
    var one = one
    for (column, position) in zip(other.output, other.sourceIndices) {
      if let known = one.sourceIndices.firstIndex(of: position) {
        counterparts[column.id] = one.output[known]
      } else {
        counterparts[column.id] = column
        one.output.append(column)
        one.sourceIndices.append(position)
      }
    }
    return one
  }

  private mutating func merge(_ one: Aggregate, _ other: Aggregate) -> Aggregate? {
    guard one.groupingSets == nil, other.groupingSets == nil,
      let input = merge(one.input, other.input)
    else { return nil }
    let keys = other.keys.map(translated)
    guard keys.count == one.keys.count, Set(keys) == Set(one.keys) else { return nil }
    var one = one
    one.input = input
    for call in other.aggregates {
      var call = call
      call.arguments = call.arguments.map(translated)
      call.filter = call.filter.map(translated)
      call.orderBy = translated(call.orderBy)
      let known = one.aggregates.first {
        $0.function == call.function && $0.arguments == call.arguments
          && $0.isDistinct == call.isDistinct && $0.filter == call.filter
          && $0.orderBy == call.orderBy
      }
      counterparts[call.column.id] = known?.column ?? call.column
      if known == nil { one.aggregates.append(call) }
    }
    return one
  }

  private mutating func merge(_ one: Join, _ other: Join) -> Join? {
    guard let left = merge(one.left, other.left), let right = merge(one.right, other.right),
      one.isNullAware == other.isNullAware,
      other.criteria.map({ translated($0.left) }) == one.criteria.map(\.left),
      other.criteria.map({ translated($0.right) }) == one.criteria.map(\.right),
      other.filter.map(translated) == one.filter
    else { return nil }
    if case .mark(let column) = one.kind, case .mark(let otherColumn) = other.kind {
      counterparts[otherColumn.id] = column
    } else if one.kind != other.kind {
      return nil
    }
    var one = one
    one.left = left
    one.right = right
    return one
  }

  private mutating func merge(_ one: Window, _ other: Window) -> Window? {
    guard let input = merge(one.input, other.input),
      other.partitionBy.map(translated) == one.partitionBy,
      translated(other.orderBy) == one.orderBy
    else { return nil }
    var one = one
    one.input = input
    for function in other.functions {
      var function = function
      function.arguments = function.arguments.map(translated)
      function.filter = function.filter.map(translated)
      let known = one.functions.first {
        $0.function == function.function && $0.arguments == function.arguments
          && $0.frame == function.frame && $0.ignoresNulls == function.ignoresNulls
          && $0.filter == function.filter
      }
      counterparts[function.column.id] = known?.column ?? function.column
      if known == nil { one.functions.append(function) }
    }
    return one
  }

  private mutating func merge(_ one: Union, _ other: Union) -> Union? {
    guard one.columns.count == other.columns.count, one.inputs.count == other.inputs.count
    else { return nil }
    var one = one
    for index in one.inputs.indices {
      guard let input = merge(one.inputs[index], other.inputs[index]),
        other.inputColumns[index].map(translated) == one.inputColumns[index]
      else { return nil }
      one.inputs[index] = input
    }
    match(other.columns, one.columns)
    return one
  }

  private mutating func match(_ second: [PlanColumn], _ first: [PlanColumn]) {
    for (column, counterpart) in zip(second, first) { counterparts[column.id] = counterpart }
  }

  private func translated(_ column: PlanColumn) -> PlanColumn { counterparts[column.id] ?? column }

  private func translated(_ expression: Expression) -> Expression {
    expression.substituting(counterparts.mapValues { .column($0) })
  }

  private func translated(_ keys: [SortKey]) -> [SortKey] {
    keys.map {
      SortKey(
        translated($0.expression),
        isAscending: $0.isAscending,
        nullsFirst: $0.nullsFirst
      )
    }
  }
}
