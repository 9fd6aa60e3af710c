import ApusSyntax
import ApusValues

extension ExpressionBinder {
  /// - Throws: NESTED_WINDOW or EXPRESSION_NOT_SCALAR where window functions are not allowed.
  func requireWindows(_ node: SyntaxExpression) throws(SQLError) {
    if let outer = aggregateAround {
      throw SQLError(
        .nestedWindow,
        "Cannot nest window functions or row pattern measures inside aggregation "
          + "\(quoted(outer.name)): [\(text(node))]",
        at: outer.range
      )
    }
    if let clause = refusal.windows {
      if isInsideWindow {
        throw SQLError(
          .nestedWindow,
          "Cannot nest window functions or row pattern measures inside window \(clause)",
          at: node.range
        )
      }
      if clause == "HAVING clause" {
        throw SQLError(
          .nestedWindow,
          "HAVING clause cannot contain window functions or row pattern measures",
          at: node.range
        )
      }
      throw notScalar(clause, node)
    }
  }

  func bindWindowCall(
    _ node: FunctionCall,
    name: String,
    kinds: Set<FunctionSignature.Kind>
  ) throws(SQLError) -> Expression {
    try requireWindows(.call(node))
    if kinds == [.scalar] {
      throw SQLError(.functionNotWindow, "Not a window function: \(name)", at: node.range)
    }
    if node.quantifier == .distinct {
      throw SQLError(
        .notSupported,
        "DISTINCT in window function parameters not yet supported: \(text(.call(node)))",
        at: node.range
      )
    }
    if !node.orderBy.isEmpty {
      throw SQLError(
        .notSupported,
        "Window function with ORDER BY is not supported",
        at: node.range
      )
    }
    guard let over = node.over else { return .null(.unknown) }
    let outerRefusal = refusal
    refusal.windows = "function arguments"
    isInsideWindow = true
    defer {
      refusal = outerRefusal
      isInsideWindow = false
    }
    let bound = try bindAggregateArguments(node, name: name)
    var filter: Expression?
    if let syntax = node.filter { filter = try bindBoolean(syntax, "Filter expression") }
    refusal.windows = "specification"
    let specification = try windowSpecification(over)
    var partitionBy: [Expression] = []
    for syntax in specification.partitionBy { partitionBy.append(try bind(syntax)) }
    var orderBy = try bindSortKeys(specification.orderBy, ofWindow: true)
    var frame = try bindFrame(specification, orderBy: orderBy)
    if specification.frame?.pattern != nil {
      // What sees a frame sees the rows of the match; the others do not know of it.
      let search = try patternWindow(specification, partitionBy, orderBy, frame).search
      if kinds.contains(.aggregate) || ["first_value", "last_value", "nth_value"].contains(name) {
        orderBy = [SortKey(.column(search.position), isAscending: true, nullsFirst: false)]
        frame.start = .following(.column(search.first))
        frame.end = .following(.column(search.last))
      }
    }
    let column = binder.makeColumn(name, bound.function.returnType)
    windows.append(
      PendingWindow(
        partitionBy: partitionBy,
        orderBy: orderBy,
        function: Window.Function(
          column: column,
          function: bound.function,
          arguments: bound.arguments,
          frame: frame,
          ignoresNulls: node.nullTreatment == .ignore,
          filter: filter
        ),
        specification: specification
      )
    )
    return .column(column)
  }

  /// Returns what OVER means, named windows looked up and built upon.
  func windowSpecification(_ over: ApusSyntax.Window) throws(SQLError) -> WindowSpecification {
    switch over {
    case .name(let identifier):
      return try namedWindow(identifier, depth: 0)
    case .specification(let specification):
      return try merge(specification, depth: 0)
    }
  }

  private func namedWindow(_ identifier: Identifier, depth: Int) throws(SQLError)
    -> WindowSpecification
  {
    guard depth <= namedWindows.count,
      let named = namedWindows.first(where: { $0.name.value == identifier.value })
    else {
      throw SQLError(
        .invalidWindowReference,
        "Cannot resolve WINDOW name \(identifier.value)",
        at: identifier.range,
        hint: nearestName(to: identifier.value, among: namedWindows.map(\.name.value)).map {
          "Did you mean '\($0)'?"
        }
      )
    }
    return try merge(named.specification, depth: depth + 1)
  }

  private func merge(_ specification: WindowSpecification, depth: Int) throws(SQLError)
    -> WindowSpecification
  {
    guard let name = specification.existingName else { return specification }
    let base = try namedWindow(name, depth: depth)
    if !specification.partitionBy.isEmpty {
      throw SQLError(
        .invalidPartitionBy,
        "WINDOW specification with named WINDOW reference cannot specify PARTITION BY",
        at: specification.range
      )
    }
    if base.frame != nil {
      throw SQLError(
        .invalidWindowReference,
        "Cannot reference named WINDOW containing frame specification",
        at: name.range
      )
    }
    if !specification.orderBy.isEmpty, !base.orderBy.isEmpty {
      throw SQLError(
        .invalidOrderBy,
        "Cannot specify ORDER BY if the referenced named WINDOW has one",
        at: specification.range
      )
    }
    var result = specification
    result.existingName = nil
    result.partitionBy = base.partitionBy
    if specification.orderBy.isEmpty { result.orderBy = base.orderBy }
    return result
  }

  /// Binds a frame, or the one that holds without any.
  func bindFrame(_ specification: WindowSpecification, orderBy: [SortKey]) throws(SQLError)
    -> Window.Frame
  {
    guard let frame = specification.frame else { return .standard }
    let unit: Window.Frame.Unit =
      switch frame.unit {
      case .rows: .rows
      case .range: .range
      case .groups: .groups
      }
    let start = try bindBound(frame.start, "start", unit: unit, orderBy: orderBy, specification)
    let end: Window.Frame.Bound =
      if let bound = frame.end {
        try bindBound(bound, "end", unit: unit, orderBy: orderBy, specification)
      } else {
        .currentRow
      }
    func invalid(_ message: String) -> SQLError {
      SQLError(.invalidWindowFrame, message, at: frame.range)
    }
    switch (start, end) {
    case (.unboundedFollowing, _):
      throw invalid("Window frame start cannot be UNBOUNDED FOLLOWING")
    case (_, .unboundedPreceding):
      throw invalid("Window frame end cannot be UNBOUNDED PRECEDING")
    case (.currentRow, .preceding):
      throw invalid("Window frame starting from CURRENT ROW cannot end with PRECEDING")
    case (.following, .preceding):
      throw invalid("Window frame starting from FOLLOWING cannot end with PRECEDING")
    case (.following, .currentRow):
      throw invalid("Window frame starting from FOLLOWING cannot end with CURRENT ROW")
    default:
      break
    }
    return Window.Frame(unit: unit, start: start, end: end)
  }

  private func bindBound(
    _ bound: FrameBound,
    _ side: String,
    unit: Window.Frame.Unit,
    orderBy: [SortKey],
    _ specification: WindowSpecification
  ) throws(SQLError) -> Window.Frame.Bound {
    func offset(_ syntax: SyntaxExpression) throws(SQLError) -> Expression {
      if unit != .rows, orderBy.isEmpty {
        throw SQLError(
          .missingOrderBy,
          "Window frame of type \(unit.rawValue) PRECEDING or FOLLOWING requires ORDER BY",
          at: specification.range
        )
      }
      let value = try bind(syntax)
      switch unit {
      case .rows, .groups:
        guard value.type.isInteger else {
          throw SQLError(
            .typeMismatch,
            "Window frame \(unit.rawValue) \(side) value type must be exact numeric type with scale 0 "
              + "(actual \(value.type))",
            at: syntax.range
          )
        }
        return value.coerced(to: .bigint, at: syntax.range)
      case .range:
        guard orderBy.count == 1 else {
          throw SQLError(
            .invalidOrderBy,
            "Window frame of type RANGE PRECEDING or FOLLOWING requires single sort item in ORDER BY "
              + "(actual: \(orderBy.count))",
            at: specification.orderBy.first?.range ?? syntax.range
          )
        }
        let key = orderBy[0].expression.type
        guard key.isNumeric || key == .date || key.isAnyTimestamp || key.isInterval else {
          throw SQLError(
            .typeMismatch,
            "Window frame of type RANGE PRECEDING or FOLLOWING requires that sort item type be "
              + "numeric, datetime or interval (actual: \(key))",
            at: syntax.range
          )
        }
        let isCompatible =
          key.isNumeric
          ? value.type.isNumeric : key.isInterval ? value.type == key : value.type.isInterval
        guard isCompatible else {
          throw SQLError(
            .typeMismatch,
            "Window frame RANGE value type (\(value.type)) not compatible with sort item type "
              + "(\(key))",
            at: syntax.range
          )
        }
        let type = key.isNumeric ? SQLType.common(key, value.type) ?? value.type : value.type
        return value.coerced(to: type, at: syntax.range)
      }
    }
    switch bound.kind {
    case .unboundedPreceding: return .unboundedPreceding
    case .preceding(let syntax): return .preceding(try offset(syntax))
    case .currentRow: return .currentRow
    case .following(let syntax): return .following(try offset(syntax))
    case .unboundedFollowing: return .unboundedFollowing
    }
  }
}
