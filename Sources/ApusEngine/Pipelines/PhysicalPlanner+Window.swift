import ApusPlanner
import ApusValues

extension PhysicalPlanner {
  /// Plans a window node as a sink and the source of its rows; functions that nothing uses are left
  /// out.
  func build(_ window: Window, node: Int, _ demand: Demand) throws(SQLError) -> Fragment {
    let functions = window.functions.filter { demand.columns.contains($0.column.id) }
    var collector = WindowExpressions(orderBy: window.orderBy)
    let partitionKeys = window.partitionBy.map { collector.place(of: $0) }
    let orderKeys = window.orderBy.map { collector.place(of: $0.expression) }
    var prepared: [WindowSpecification.Function] = []
    for function in functions {
      prepared.append(
        WindowSpecification.Function(
          function: function.function,
          computation: try computation(of: function),
          type: function.column.type,
          arguments: function.arguments.filter { !$0.isLambda }.map { argument in
            collector.place(of: WindowExpressions.guarded(argument, by: function.filter))
          },
          filter: function.filter.map { collector.place(of: $0) },
          frame: try collector.frame(function.frame),
          ignoresNulls: function.ignoresNulls
        )
      )
    }
    let fragment = try build(
      window.input,
      node: node + 1,
      Demand(columns: demand.columns).adding(collector.list)
    )
    let output = fragment.columns.filter { demand.columns.contains($0.id) }
    let collected = CollectedColumns(output: output, others: collector.list)
    let places = collected.places
    let partitions = PartitionSpecification(
      columns: try compile(collected.expressions, over: fragment.columns),
      outputCount: output.count,
      partitionKeys: partitionKeys.map { places[$0] },
      orderKeys: orderKeys.map { places[$0] },
      orders: window.orderBy.map {
        SortOrder(
          type: $0.expression.type,
          isAscending: $0.isAscending,
          nullsFirst: $0.nullsFirst
        )
      }
    )
    let specification = WindowSpecification(
      partitions: partitions,
      functions: prepared.map { $0.placed(at: places) },
      observer: settings.evaluation.observer
    )
    let sink = WindowSink(node: node, specification: specification)
    finish(fragment, into: sink)
    return Fragment(
      node: node,
      source: WindowSource(sink),
      columns: output + functions.map(\.column)
    )
  }

  private func computation(of function: Window.Function) throws(SQLError)
    -> WindowSpecification.Computation
  {
    switch try entry(for: function.function) {
    case .aggregate(let overload):
      return .aggregate(
        overload,
        function.function,
        try compileLambdas(of: function.arguments)
      )
    case .window:
      let name = function.function.name
      if let ranking = WindowSpecification.Ranking(rawValue: name) { return .ranking(ranking) }
      if let navigation = WindowSpecification.Navigation(rawValue: name) {
        return .navigation(navigation)
      }
      throw .notSupported("The window function \(name)")
    case .scalar:
      throw .internal("\(function.function.name) is no window function")
    }
  }
}

/// The expressions that a window node evaluates for each row, each once.
private struct WindowExpressions {
  let orderBy: [SortKey]
  private(set) var list: [Expression] = []

  init(orderBy: [SortKey]) { self.orderBy = orderBy }

  mutating func place(of expression: Expression) -> Int {
    if expression.isDeterministic, let place = list.firstIndex(of: expression) { return place }
    list.append(expression)
    return list.count - 1
  }

  /// The argument where the filter is true, else NULL: rows that do not count must not fail.
  static func guarded(_ argument: Expression, by filter: Expression?) -> Expression {
    guard let filter else { return argument }
    if case .column = argument { return argument }
    return .conditional(
      Conditional(
        branches: [.init(condition: filter, result: argument)],
        otherwise: .null(argument.type),
        type: argument.type
      )
    )
  }

  mutating func frame(_ frame: Window.Frame) throws(SQLError) -> WindowSpecification.Frame {
    WindowSpecification.Frame(
      unit: frame.unit,
      start: try bound(frame.start, frame.unit),
      end: try bound(frame.end, frame.unit)
    )
  }

  private mutating func bound(
    _ bound: Window.Frame.Bound,
    _ unit: Window.Frame.Unit
  ) throws(SQLError) -> WindowSpecification.Bound {
    switch bound {
    case .unboundedPreceding: return .unboundedPreceding
    case .currentRow: return .currentRow
    case .unboundedFollowing: return .unboundedFollowing
    case .preceding(let offset):
      let limit = try limit(offset, unit, isPreceding: true)
      return .preceding(offset: place(of: offset), limit: limit)
    case .following(let offset):
      let limit = try limit(offset, unit, isPreceding: false)
      return .following(offset: place(of: offset), limit: limit)
    }
  }

  /// For RANGE, the key and where the offset moves it: against the order for PRECEDING.
  private mutating func limit(
    _ offset: Expression,
    _ unit: Window.Frame.Unit,
    isPreceding: Bool
  ) throws(SQLError) -> WindowSpecification.Limit? {
    guard unit == .range else { return nil }
    guard orderBy.count == 1 else {
      throw SQLError(
        .invalidWindowFrame,
        "Window frame of type RANGE PRECEDING or FOLLOWING requires single sort item in ORDER BY"
      )
    }
    let key = orderBy[0].expression.moved(by: offset.type)
    let goesDown = isPreceding == orderBy[0].isAscending
    let moved = Expression.arithmetic(
      Arithmetic(goesDown ? .subtract : .add, key, offset, type: key.type, range: nil)
    )
    return WindowSpecification.Limit(key: place(of: key), value: place(of: moved))
  }
}

extension Expression {
  /// Returns an order key as of the type that it has when an offset is added.
  fileprivate func moved(by offset: SQLType) -> Expression {
    var type = offset.isNumeric ? SQLType.common(self.type, offset) ?? self.type : self.type
    switch type {
    case .decimal(_, let scale): type = .decimal(precision: 38, scale: scale)
    case .timestamp(let precision) where offset == .intervalDayToSecond:
      type = .timestamp(precision: max(precision, 3))
    default: break
    }
    return type == self.type ? self : .cast(Cast(self, to: type, range: nil))
  }
}

extension WindowSpecification.Function {
  /// Returns the function with each position replaced by its place.
  fileprivate func placed(at places: [Int]) -> Self {
    var function = self
    function.arguments = arguments.map { places[$0] }
    function.filter = filter.map { places[$0] }
    function.frame.start = frame.start.placed(at: places)
    function.frame.end = frame.end.placed(at: places)
    return function
  }
}

extension WindowSpecification.Bound {
  fileprivate func placed(at places: [Int]) -> Self {
    switch self {
    case .unboundedPreceding, .currentRow, .unboundedFollowing: self
    case .preceding(let offset, let limit):
      .preceding(offset: places[offset], limit: limit?.placed(at: places))
    case .following(let offset, let limit):
      .following(offset: places[offset], limit: limit?.placed(at: places))
    }
  }
}

extension WindowSpecification.Limit {
  fileprivate func placed(at places: [Int]) -> Self {
    WindowSpecification.Limit(key: places[key], value: places[value])
  }
}
