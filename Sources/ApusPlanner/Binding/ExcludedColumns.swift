import ApusSyntax
import ApusValues

/// What `exclude_columns(input => TABLE(t), columns => DESCRIPTOR(a, b))` leaves out.
struct ExcludedColumns {
  static let name = "exclude_columns"

  /// In lower case, each once.
  let names: [String]

  init(_ descriptor: DescriptorArgument) throws(SQLError) {
    var names: [String] = []
    for field in descriptor.fields {
      if let type = field.type {
        throw SQLError(
          .invalidFunctionArgument,
          "COLUMNS descriptor contains types",
          at: type.range
        )
      }
      let name = field.name.value.lowercased()
      if !names.contains(name) { names.append(name) }
    }
    self.names = names
  }

  /// Returns the fields that are left.
  ///
  /// - Throws: INVALID_FUNCTION_ARGUMENT if a name is none of theirs, or if none is left.
  func removed(from fields: [ScopeField]) throws(SQLError) -> [ScopeField] {
    let present = Set(fields.compactMap { $0.name?.lowercased() })
    let missing = names.filter { !present.contains($0) }
    guard missing.isEmpty else {
      throw SQLError(
        .invalidFunctionArgument,
        "Excluded columns: [\(missing.joined(separator: ", "))] not present in the table",
        hint: missing.first.flatMap { nearestName(to: $0, among: present.sorted()) }.map {
          "Did you mean '\($0)'?"
        }
      )
    }
    let rest = fields.filter { field in
      field.name.map { !names.contains($0.lowercased()) } ?? true
    }
    guard !rest.isEmpty else {
      throw SQLError(.invalidFunctionArgument, "All columns are excluded")
    }
    return rest
  }
}

extension Binder {
  /// Binds `TABLE(exclude_columns(…))`: the rows of a table without some of its columns.
  func bindExcludeColumns(_ node: TableFunctionRelation, outer: Scope?) throws(SQLError)
    -> BoundRelation
  {
    let arguments = try tableFunctionArguments(node, of: ["input", "columns"])
    guard let input = arguments[0] else { throw missingArgument("input", of: node) }
    let table = try tableArgument(input)
    let relation = try bindRelation(table.relation, outer: outer).visible
    try checkRowSemantics(table, of: input)
    guard let columns = arguments[1] else { throw missingArgument("columns", of: node) }
    let descriptor = try descriptorArgument(columns)
    try checkCopartitions(of: node, among: [relationName(table.relation)])
    guard let descriptor else {
      throw SQLError(.invalidFunctionArgument, "COLUMNS descriptor is null", at: columns.range)
    }
    var result = relation.qualified(by: [])
    do {
      result.fields = try ExcludedColumns(descriptor).removed(from: result.fields)
    } catch {
      throw error.located(at: columns.range)
    }
    return result
  }

  private func tableArgument(_ argument: TableFunctionArgument) throws(SQLError) -> TableArgument {
    switch argument.value {
    case .table(let table):
      return table
    case .expression(.call):
      throw SQLError(
        .notSupported,
        "Invalid table argument INPUT. Table functions are not allowed as table function arguments",
        at: argument.range
      )
    case .expression:
      throw unexpected("expression", instead: "table", argument, named: "input")
    case .descriptor:
      throw unexpected("descriptor", instead: "table", argument, named: "input")
    }
  }

  /// The descriptor that an argument is; nil for CAST(NULL AS DESCRIPTOR).
  private func descriptorArgument(_ argument: TableFunctionArgument) throws(SQLError)
    -> DescriptorArgument?
  {
    switch argument.value {
    case .descriptor(let descriptor):
      return descriptor
    case .expression(.cast(let cast)):
      if case .null = cast.value, cast.type.name == "descriptor" { return nil }
      throw unexpected("expression", instead: "descriptor", argument, named: "columns")
    case .expression:
      throw unexpected("expression", instead: "descriptor", argument, named: "columns")
    case .table:
      throw unexpected("table", instead: "descriptor", argument, named: "columns")
    }
  }

  /// Refuses what has no meaning for a function that looks at one row at a time.
  private func checkRowSemantics(_ table: TableArgument, of argument: TableFunctionArgument)
    throws(SQLError)
  {
    var words: String?
    if table.partitionBy != nil {
      words = "Partitioning"
    } else if !table.orderBy.isEmpty {
      words = "Ordering"
    } else if table.emptyTreatment != nil {
      words = "Empty behavior"
    }
    guard let words else { return }
    throw SQLError(
      .invalidFunctionArgument,
      "Invalid argument INPUT. \(words) specified for table argument with row semantics",
      at: argument.range
    )
  }

  /// The name by which COPARTITION refers to a table; nil for a query without an alias.
  private func relationName(_ relation: Relation) -> [String]? {
    switch relation {
    case .aliased(let node):
      return [node.alias.value.lowercased()]
    case .table(let node):
      let parts = node.name.parts.map { $0.value.lowercased() }
      return parts.count == 1 && commonTable(parts[0]) != nil ? parts : qualified(parts)
    default:
      return nil
    }
  }
}
