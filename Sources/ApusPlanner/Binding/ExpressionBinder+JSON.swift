import ApusSyntax
import ApusValues

// The functions of SQL:2016 over documents. Each becomes a call of a function that only plans call,
// with its clauses as a constant of words.

extension ExpressionBinder {
  func bindJSONExists(_ node: JSONExistsExpression) throws(SQLError) -> Expression {
    let (arguments, encoding) = try bindInvocation(node.path)
    let onError = node.onError ?? .false
    return try makeCall(
      "$json_exists",
      arguments(words([encoding, onError.rawValue])),
      at: node.range
    )
  }

  func bindJSONValue(_ node: JSONValueExpression) throws(SQLError) -> Expression {
    let (arguments, encoding) = try bindInvocation(node.path)
    let type = try valueType(node.type, at: node.range)
    let (options, defaults) = try bindBehaviors(node.onEmpty, node.onError, type)
    return try makeCall(
      "$json_value",
      arguments(words([encoding] + options)) + defaults,
      at: node.range
    )
  }

  /// Returns the type of a scalar that a path leads to.
  private func valueType(_ name: TypeName?, at range: SourceRange) throws(SQLError) -> SQLType {
    let type = if let name { try SQLType(name) } else { SQLType.text }
    guard
      type.isText || type.isNumeric || type == .boolean || type == .date || type.isAnyTime
        || type.isAnyTimestamp
    else { throw invalidReturn(type, "JSON_VALUE", at: range) }
    return type
  }

  private func bindBehaviors(
    _ onEmpty: JSONValueBehavior?,
    _ onError: JSONValueBehavior?,
    _ type: SQLType
  ) throws(SQLError) -> (options: [String], defaults: [Expression]) {
    let (emptyWord, emptyDefault) = try bindBehavior(onEmpty, type, "EMPTY")
    let (errorWord, errorDefault) = try bindBehavior(onError, type, "ERROR")
    return ([emptyWord, errorWord], [emptyDefault, errorDefault])
  }

  private func bindBehavior(_ behavior: JSONValueBehavior?, _ type: SQLType, _ clause: String)
    throws(SQLError) -> (word: String, value: Expression)
  {
    switch behavior {
    case .error: return ("ERROR", .null(type))
    case .null, nil: return ("NULL", .null(type))
    case .default(let syntax):
      let value = try bind(syntax)
      guard value.type.isCoercible(to: type) else {
        throw SQLError(
          .typeMismatch,
          "Function JSON_VALUE default ON \(clause) result must evaluate to a \(type) "
            + "(actual: \(value.type))",
          at: syntax.range
        )
      }
      return ("DEFAULT", value.coerced(to: type, at: syntax.range))
    }
  }

  func bindJSONQuery(_ node: JSONQueryExpression) throws(SQLError) -> Expression {
    let (arguments, encoding) = try bindInvocation(node.path)
    try checkQuotes(node.quotes, node.wrapper, at: node.range)
    let (type, outputEncoding) = try bindOutput(node.output)
    let options = queryOptions(
      node.wrapper,
      node.quotes,
      node.onEmpty,
      node.onError,
      outputEncoding
    )
    return try makeCall(
      "$json_query",
      arguments(words([encoding] + options)) + [.null(type)],
      at: node.range
    )
  }

  private func checkQuotes(_ quotes: JSONQuotes?, _ wrapper: JSONWrapper?, at range: SourceRange)
    throws(SQLError)
  {
    guard let quotes, let wrapper, wrapper != .without else { return }
    throw SQLError(
      .invalidFunctionArgument,
      "\(quotes.rawValue) QUOTES behavior specified with \(wrapper.rawValue) ARRAY WRAPPER "
        + "behavior",
      at: range
    )
  }

  private func queryOptions(
    _ wrapper: JSONWrapper?,
    _ quotes: JSONQuotes?,
    _ onEmpty: JSONQueryBehavior?,
    _ onError: JSONQueryBehavior?,
    _ encoding: String
  ) -> [String] {
    [
      (wrapper ?? .without).rawValue, (quotes ?? .keep).rawValue, (onEmpty ?? .null).rawValue,
      (onError ?? .null).rawValue, encoding,
    ]
  }

  func bindJSONObject(_ node: JSONObjectExpression) throws(SQLError) -> Expression {
    var parts: [Expression] = []
    for member in node.members {
      let key = try bind(member.key)
      guard key.type.isText || key.type == .unknown else {
        throw SQLError(
          .typeMismatch,
          "Invalid type of JSON object key: \(key.type)",
          at: member.key.range
        )
      }
      parts.append(key.coerced(to: .text, at: member.key.range))
      parts.append(try bindContent(member.value, of: "JSON_OBJECT"))
      if node.hasUniqueKeys == true, member.value.format != nil {
        throw SQLError(
          .notSupported,
          "WITH UNIQUE KEYS behavior is not supported for JSON_OBJECT function when input "
            + "expression has FORMAT",
          at: node.range
        )
      }
    }
    let (type, encoding) = try bindOutput(node.output)
    let clauses = words([
      node.isNullAbsent ?? false ? "ABSENT" : "NULL",
      node.hasUniqueKeys ?? false ? "UNIQUE" : "ANY",
      encoding,
    ])
    return try makeCall("$json_object", [clauses, .null(type), row(parts)], at: node.range)
  }

  func bindJSONArray(_ node: JSONArrayExpression) throws(SQLError) -> Expression {
    var parts: [Expression] = []
    for element in node.elements { parts.append(try bindContent(element, of: "JSON_ARRAY")) }
    let (type, encoding) = try bindOutput(node.output)
    let clauses = words([node.isNullAbsent ?? true ? "ABSENT" : "NULL", "ANY", encoding])
    return try makeCall("$json_array", [clauses, .null(type), row(parts)], at: node.range)
  }
}

// JSON_TABLE, whose columns are as the functions'.
extension ExpressionBinder {
  /// Binds the document and the parameters of JSON_TABLE's first path.
  func bindJSONTableInput(_ node: JSONPathInvocation) throws(SQLError)
    -> (document: Expression, encoding: String, parameters: Expression)
  {
    let (document, encoding) = try bindDocument(node)
    return (document, encoding, try bindParameters(node))
  }

  /// Binds a column that is as JSON_VALUE.
  ///
  /// - Parameter onError: what counts where the column says nothing.
  func bindJSONTableColumn(_ node: JSONTableValue, onError: JSONValueBehavior) throws(SQLError)
    -> (type: SQLType, source: JSONTable.Source)
  {
    let type = try valueType(node.type, at: node.range)
    let (options, defaults) = try bindBehaviors(node.onEmpty, node.onError ?? onError, type)
    let path = path(node.path, of: node.name)
    return (type, .value(path, options: options, defaults: defaults))
  }

  /// Binds a column that is as JSON_QUERY.
  ///
  /// - Parameter onError: what counts where the column says nothing.
  func bindJSONTableColumn(_ node: JSONTableQuery, onError: JSONQueryBehavior) throws(SQLError)
    -> (type: SQLType, source: JSONTable.Source)
  {
    try checkQuotes(node.quotes, node.wrapper, at: node.range)
    let output = JSONOutput(type: node.type, format: node.format, range: node.type.range)
    let (type, encoding) = try bindOutput(output)
    let options = queryOptions(
      node.wrapper,
      node.quotes,
      node.onEmpty,
      node.onError ?? onError,
      encoding
    )
    return (type, .query(path(node.path, of: node.name), options: options))
  }

  private func path(_ path: StringLiteral?, of name: Identifier) -> JSONTable.Path {
    if let path { return JSONTable.Path(path.value, at: path.range) }
    let member = name.jsonName.replacing("\"", with: "\"\"")
    return JSONTable.Path("lax $.\"\(member)\"", at: name.range)
  }
}

extension Identifier {
  /// The name as SQL/JSON has it: in capital letters unless it is quoted.
  var jsonName: String { isQuoted ? value : value.uppercased() }
}

// What the functions have in common.
extension ExpressionBinder {
  private func words(_ words: [String]) -> Expression {
    .literal(Literal(.text(words.joined(separator: ",")), .text))
  }

  /// A row of values without names; where there are none, anything.
  private func row(_ elements: [Expression], names: [String?] = []) -> Expression {
    if elements.isEmpty { return .boolean(true) }
    let fields = elements.enumerated().map { index, element in
      RowField(index < names.count ? names[index] : nil, element.type)
    }
    return .nest(Nest(elements, type: .row(fields)))
  }

  private func invalidReturn(_ type: SQLType, _ function: String, at range: SourceRange)
    -> SQLError
  {
    SQLError(.typeMismatch, "Invalid return type of function \(function): \(type)", at: range)
  }

  /// Binds document, path and parameters.
  ///
  /// - Returns: what makes the arguments of a call of the options, and the encoding of the document.
  private func bindInvocation(_ node: JSONPathInvocation) throws(SQLError)
    -> (arguments: (Expression) -> [Expression], encoding: String)
  {
    let (document, encoding) = try bindDocument(node)
    let values = try bindParameters(node)
    let path = Expression.literal(Literal(.text(node.path.value), .text))
    return ({ [document, path, $0, values] }, encoding)
  }

  private func bindDocument(_ node: JSONPathInvocation) throws(SQLError)
    -> (document: Expression, encoding: String)
  {
    let (document, encoding) = try bindInput(node.document)
    return (document.type == .unknown ? .null(.text) : document, encoding)
  }

  /// Binds what stands behind PASSING to a row with its names.
  private func bindParameters(_ node: JSONPathInvocation) throws(SQLError) -> Expression {
    var parameters: [Expression] = []
    var names: [String] = []
    for argument in node.arguments {
      parameters.append(try bindParameter(argument.value))
      names.append(argument.name.jsonName)
    }
    return row(parameters, names: names)
  }

  /// Binds text or bytes that hold a document.
  private func bindInput(_ input: JSONInput) throws(SQLError)
    -> (document: Expression, encoding: String)
  {
    let value = try bind(input.value)
    let format = input.format ?? .json
    switch value.type {
    case .unknown, .varchar, .json:
      if format == .json { return (value, "UTF8") }
    case .char:
      if format == .json { return (value.coerced(to: .text, at: input.range), "UTF8") }
    case .varbinary:
      return (value, encoding(format))
    default:
      break
    }
    throw SQLError(
      .typeMismatch,
      "Cannot read input of type \(value.type) as JSON using formatting \(format.rawValue)",
      at: input.range
    )
  }

  private func encoding(_ format: JSONFormat) -> String {
    switch format {
    case .json, .utf8: "UTF8"
    case .utf16: "UTF16"
    case .utf32: "UTF32"
    }
  }

  private func bindParameter(_ input: JSONInput) throws(SQLError) -> Expression {
    let value = try bindArgument(input)
    let type = value.type
    if type == .date || type.isAnyTime || type.isAnyTimestamp { return value }
    return try representable(value, "JSON path parameter", at: input.range)
  }

  /// Binds a value of an object or an array; what JSON has no notation for becomes text.
  private func bindContent(_ input: JSONInput, of function: String) throws(SQLError) -> Expression {
    try representable(
      try bindArgument(input),
      "value passed to \(function) function",
      at: input.range
    )
  }

  /// Returns a value as JSON has it, which is text for most types.
  private func representable(_ value: Expression, _ role: String, at range: SourceRange)
    throws(SQLError) -> Expression
  {
    let type = value.type
    if type == .unknown || type.isText || type.isNumeric || type == .boolean || type == .json {
      return value
    }
    guard SQLType.isCastSupported(from: type, to: .text) else {
      throw SQLError(.notSupported, "Unsupported type of \(role): \(type)", at: range)
    }
    return .cast(Cast(value, to: .text, isTry: false, range: range))
  }

  /// Binds an argument, as JSON where it says so or comes from a function that makes documents.
  private func bindArgument(_ input: JSONInput) throws(SQLError) -> Expression {
    let isMade =
      switch input.value {
      case .jsonQuery, .jsonObject, .jsonArray: true
      default: false
      }
    guard input.format != nil || isMade else { return try bind(input.value) }
    let (document, encoding) = try bindInput(input)
    if document.type == .unknown { return .null(.json) }
    return document.type == .json
      ? document : try makeCall("$json_input", [document, words([encoding])], at: input.range)
  }

  private func bindOutput(_ output: JSONOutput?) throws(SQLError)
    -> (type: SQLType, encoding: String)
  {
    guard let output else { return (.text, "UTF8") }
    let type = try SQLType(output.type)
    let format = output.format ?? .json
    switch type {
    case .varchar, .char:
      if format == .json { return (type, "UTF8") }
    case .varbinary:
      return (type, encoding(format))
    default:
      break
    }
    throw SQLError(
      .typeMismatch,
      "Cannot output JSON value as \(type) using formatting \(format.rawValue)",
      at: output.range
    )
  }
}
