import ApusSyntax
import ApusValues

extension Binder {
  /// Binds `TABLE(f(…))`.
  func bindTableFunction(_ node: TableFunctionRelation, outer: Scope?) throws(SQLError)
    -> BoundRelation
  {
    let name = node.name.parts.map { $0.value.lowercased() }.joined(separator: ".")
    if name == ExcludedColumns.name || name == "system.builtin." + ExcludedColumns.name {
      return try bindExcludeColumns(node, outer: outer)
    }
    guard let function = catalog.tableFunction(named: name) else {
      throw SQLError(
        .functionNotFound,
        "Table function '\(name)' not registered",
        at: node.name.range,
        hint: nearestName(
          to: name,
          among: catalog.tableFunctionNames + [ExcludedColumns.name]
        ).map { "Did you mean '\($0)'?" }
      )
    }
    let parameters = function.parameters
    let arguments = try tableFunctionArguments(node, of: parameters.map(\.name))
    let values = try zip(arguments, parameters).map { argument, parameter throws(SQLError) in
      if let argument { return try scalarArgument(argument, named: parameter.name) }
      if let standard = parameter.standard { return standard }
      throw missingArgument(parameter.name, of: node)
    }
    try checkCopartitions(of: node, among: [])
    let table: any Table
    do {
      table = try function.makeTable(values)
    } catch {
      throw error.located(at: node.range)
    }
    let columns = table.schema.fields.map { makeColumn($0.name, $0.type) }
    let call = "\(name)(\(values.map { Literal($0, .bigint).description }.joined(separator: ", ")))"
    let scan = Scan(
      table: table,
      name: call,
      output: columns,
      sourceIndices: Array(columns.indices)
    )
    return BoundRelation(
      plan: .scan(scan),
      fields: columns.map { ScopeField(name: $0.name, qualifier: [], column: $0) }
    )
  }

  /// Gives each parameter its argument, by name or by position; nil where none is given.
  ///
  /// - Throws: INVALID_ARGUMENTS, INVALID_FUNCTION_ARGUMENT.
  func tableFunctionArguments(_ node: TableFunctionRelation, of parameters: [String])
    throws(SQLError) -> [TableFunctionArgument?]
  {
    var found = [TableFunctionArgument?](repeating: nil, count: parameters.count)
    let place = argumentPlace(of: node)
    guard node.arguments.count <= parameters.count else {
      throw SQLError(
        .invalidArguments,
        "Too many arguments. Expected at most \(parameters.count) arguments, got "
          + "\(node.arguments.count) arguments",
        at: place
      )
    }
    let namedCount = node.arguments.count { $0.name != nil }
    guard namedCount == 0 || namedCount == node.arguments.count else {
      throw SQLError(
        .invalidArguments,
        "All arguments must be passed by name or all must be passed positionally",
        at: place
      )
    }
    for (position, argument) in node.arguments.enumerated() {
      var index = position
      if let name = argument.name {
        let canonical = name.isQuoted ? name.value : name.value.uppercased()
        guard let named = parameters.firstIndex(where: { $0.uppercased() == canonical }) else {
          throw SQLError(
            .invalidFunctionArgument,
            "Unexpected argument name: \(canonical)",
            at: argument.range,
            hint: nearestName(to: name.value, among: parameters).map { "Did you mean '\($0)'?" }
          )
        }
        index = named
        guard found[index] == nil else {
          throw SQLError(
            .invalidFunctionArgument,
            "Duplicate argument name: \(canonical)",
            at: argument.range
          )
        }
      }
      found[index] = argument
    }
    return found
  }

  func missingArgument(_ name: String, of node: TableFunctionRelation) -> SQLError {
    SQLError(
      .missingArgument,
      "Missing argument: \(name.uppercased())",
      at: argumentPlace(of: node)
    )
  }

  /// Where errors about all arguments are.
  private func argumentPlace(of node: TableFunctionRelation) -> SourceRange {
    node.arguments.first?.range ?? node.name.range
  }

  /// Resolves the names of COPARTITION among the tables that are arguments; no function takes tables in
  /// partitions, so that there are never two to be partitioned alike.
  ///
  /// - Parameter tables: the names that the tables go by; nil for a query without an alias.
  /// - Throws: INVALID_COPARTITIONING.
  func checkCopartitions(of node: TableFunctionRelation, among tables: [[String]?]) throws(SQLError)
  {
    var referenced: Set<[String]> = []
    for name in node.copartitions.joined() {
      let parts = name.parts.map { $0.value.lowercased() }
      let full = qualified(parts)
      let written = parts.joined(separator: ".")
      guard let table = tables.lazy.compactMap({ $0 }).first(where: { $0 == parts || $0 == full })
      else {
        throw SQLError(
          .invalidCopartitioning,
          "No table argument found for name: \(written)",
          at: name.range
        )
      }
      guard referenced.insert(table).inserted else {
        throw SQLError(
          .invalidCopartitioning,
          "Multiple references to table argument: \(written) in COPARTITION clause",
          at: name.range
        )
      }
    }
  }

  /// The full name of a table that has the parts of one.
  func qualified(_ parts: [String]) -> [String] {
    let around = [context.catalog, context.schema]
    return Array(around.prefix(max(0, 3 - parts.count))) + parts
  }

  /// The bigint that an argument says.
  private func scalarArgument(_ argument: TableFunctionArgument, named name: String)
    throws(SQLError) -> Value
  {
    let syntax: SyntaxExpression
    switch argument.value {
    case .expression(let node): syntax = node
    case .table: throw unexpected("table", instead: "expression", argument, named: name)
    case .descriptor: throw unexpected("descriptor", instead: "expression", argument, named: name)
    }
    let value = try bindConstant(syntax)
    guard value.type == .unknown || value.type.isCoercible(to: .bigint) else {
      throw SQLError(
        .typeMismatch,
        "Cannot coerce value of type \(value.type) to bigint for argument "
          + name.uppercased(),
        at: syntax.range
      )
    }
    let constant = value.coerced(to: .bigint, at: syntax.range)
    if case .literal(let literal) = constant { return literal.value }
    guard let computed = context.evaluator?.value(of: constant) else {
      throw SQLError(
        .invalidArguments,
        "Constant value for argument \(name.uppercased()) cannot be computed",
        at: syntax.range
      )
    }
    return computed
  }

  /// Returns the error for an argument of another kind than the parameter's.
  func unexpected(
    _ actual: String,
    instead expected: String,
    _ argument: TableFunctionArgument,
    named name: String
  ) -> SQLError {
    SQLError(
      .invalidFunctionArgument,
      "Invalid argument \(name.uppercased()). Expected \(expected), got \(actual)",
      at: argument.range
    )
  }
}
