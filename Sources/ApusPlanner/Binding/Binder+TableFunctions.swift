import ApusSyntax
import ApusValues

extension Binder {
  /// Binds `TABLE(f(…))`.
  func bindTableFunction(_ node: TableFunctionRelation) throws(SQLError) -> BoundRelation {
    let name = node.name.parts.map { $0.value.lowercased() }.joined(separator: ".")
    guard let function = catalog.tableFunction(named: name) else {
      throw SQLError(
        .functionNotFound,
        "Table function '\(name)' not registered",
        at: node.name.range,
        hint: nearestName(to: name, among: catalog.tableFunctionNames).map {
          "Did you mean '\($0)'?"
        }
      )
    }
    let values = try tableArguments(node, of: function)
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

  /// Gives each parameter its value: by name, by position, or by default.
  private func tableArguments(_ node: TableFunctionRelation, of function: TableFunction)
    throws(SQLError) -> [Value]
  {
    var values = [Value?](repeating: nil, count: function.parameters.count)
    let areNamed = node.arguments.contains { $0.name != nil }
    for (position, argument) in node.arguments.enumerated() {
      var index = position
      if let name = argument.name {
        guard
          let found = function.parameters.firstIndex(where: { $0.name == name.value.lowercased() })
        else {
          throw SQLError(
            .invalidFunctionArgument,
            "Unexpected argument name: \(name.value.uppercased())",
            at: name.range,
            hint: nearestName(to: name.value, among: function.parameters.map(\.name)).map {
              "Did you mean '\($0)'?"
            }
          )
        }
        index = found
      } else if areNamed {
        throw SQLError(
          .invalidArguments,
          "All arguments must be passed by name or all must be passed positionally",
          at: node.range
        )
      }
      guard values.indices.contains(index) else {
        throw SQLError(
          .invalidArguments,
          "Too many arguments. Expected at most \(values.count) arguments, got "
            + "\(node.arguments.count) arguments",
          at: node.range
        )
      }
      guard values[index] == nil else {
        throw SQLError(
          .invalidArguments,
          "Duplicate argument name: \(function.parameters[index].name.uppercased())",
          at: argument.range
        )
      }
      values[index] = try tableArgument(argument.value, of: function.parameters[index])
    }
    return try zip(values, function.parameters).map { value, parameter throws(SQLError) in
      if let value = value ?? parameter.standard { return value }
      throw SQLError(
        .missingArgument,
        "Missing argument: \(parameter.name.uppercased())",
        at: node.range
      )
    }
  }

  private func tableArgument(
    _ syntax: SyntaxExpression,
    of parameter: TableFunction.Parameter
  ) throws(SQLError) -> Value {
    let value = try bindConstant(syntax)
    guard value.type == .unknown || value.type.isCoercible(to: .bigint) else {
      throw SQLError(
        .typeMismatch,
        "Cannot coerce value of type \(value.type) to bigint for argument "
          + parameter.name.uppercased(),
        at: syntax.range
      )
    }
    let constant = value.coerced(to: .bigint, at: syntax.range)
    if case .literal(let literal) = constant { return literal.value }
    guard let computed = context.evaluator?.value(of: constant) else {
      throw SQLError(
        .invalidArguments,
        "Constant value for argument \(parameter.name.uppercased()) cannot be computed",
        at: syntax.range
      )
    }
    return computed
  }
}
