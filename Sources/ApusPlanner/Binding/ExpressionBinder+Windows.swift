import ApusSyntax
import ApusValues

extension ExpressionBinder {
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
    let start = try bindBound(frame.start, unit: unit, orderBy: orderBy)
    let end: Window.Frame.Bound =
      if let bound = frame.end {
        try bindBound(bound, unit: unit, orderBy: orderBy)
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
    if unit == .groups, orderBy.isEmpty {
      throw SQLError(
        .missingOrderBy,
        "Window frame of type GROUPS requires ORDER BY",
        at: frame.range
      )
    }
    return Window.Frame(unit: unit, start: start, end: end)
  }

  private func bindBound(_ bound: FrameBound, unit: Window.Frame.Unit, orderBy: [SortKey])
    throws(SQLError) -> Window.Frame.Bound
  {
    func offset(_ syntax: SyntaxExpression) throws(SQLError) -> Expression {
      let value = try bind(syntax)
      switch unit {
      case .rows, .groups:
        guard value.type.isInteger else {
          throw SQLError(
            .typeMismatch,
            "Window frame \(unit.rawValue) value type must be an exact number (actual "
              + "\(value.type))",
            at: syntax.range
          )
        }
        return value.coerced(to: .bigint, at: syntax.range)
      case .range:
        guard orderBy.count == 1 else {
          throw SQLError(
            orderBy.isEmpty ? .missingOrderBy : .invalidOrderBy,
            "Window frame of type RANGE PRECEDING or FOLLOWING requires single sort item in ORDER BY",
            at: syntax.range
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
