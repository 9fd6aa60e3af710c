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
      arguments(words(encoding, onError.rawValue)),
      at: node.range
    )
  }

  func bindJSONValue(_ node: JSONValueExpression) throws(SQLError) -> Expression {
    let (arguments, encoding) = try bindInvocation(node.path)
    let type = if let name = node.type { try SQLType(name) } else { SQLType.text }
    guard
      type.isText || type.isNumeric || type == .boolean || type == .date || type.isAnyTime
        || type.isAnyTimestamp
    else { throw invalidReturn(type, "JSON_VALUE", at: node.range) }
    let (emptyWord, emptyDefault) = try bindBehavior(node.onEmpty, type, "EMPTY")
    let (errorWord, errorDefault) = try bindBehavior(node.onError, type, "ERROR")
    return try makeCall(
      "$json_value",
      arguments(words(encoding, emptyWord, errorWord)) + [emptyDefault, errorDefault],
      at: node.range
    )
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
    let wrapper = node.wrapper ?? .without
    if let quotes = node.quotes, wrapper != .without {
      throw SQLError(
        .invalidFunctionArgument,
        "\(quotes.rawValue) QUOTES behavior specified with \(wrapper.rawValue) ARRAY WRAPPER "
          + "behavior",
        at: node.range
      )
    }
    let (type, outputEncoding) = try bindOutput(node.output, "JSON_QUERY", at: node.range)
    let clauses = words(
      encoding,
      wrapper.rawValue,
      (node.quotes ?? .keep).rawValue,
      (node.onEmpty ?? .null).rawValue,
      (node.onError ?? .null).rawValue,
      outputEncoding
    )
    return try makeCall("$json_query", arguments(clauses) + [.null(type)], at: node.range)
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
      parts.append(try bindContent(member.value))
    }
    let (type, encoding) = try bindOutput(node.output, "JSON_OBJECT", at: node.range)
    let clauses = words(
      node.isNullAbsent ?? false ? "ABSENT" : "NULL",
      node.hasUniqueKeys ?? false ? "UNIQUE" : "ANY",
      encoding
    )
    return try makeCall("$json_object", [clauses, .null(type), row(parts)], at: node.range)
  }

  func bindJSONArray(_ node: JSONArrayExpression) throws(SQLError) -> Expression {
    var parts: [Expression] = []
    for element in node.elements { parts.append(try bindContent(element)) }
    let (type, encoding) = try bindOutput(node.output, "JSON_ARRAY", at: node.range)
    let clauses = words(node.isNullAbsent ?? true ? "ABSENT" : "NULL", "ANY", encoding)
    return try makeCall("$json_array", [clauses, .null(type), row(parts)], at: node.range)
  }
}

// What the functions have in common.
extension ExpressionBinder {
  private func words(_ words: String...) -> Expression {
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
    var (document, encoding) = try bindInput(node.document)
    if document.type == .unknown { document = .null(.text) }
    var parameters: [Expression] = []
    var names: [String] = []
    for argument in node.arguments {
      parameters.append(try bindParameter(argument.value))
      // As in Trino, a name that is not quoted is one of capital letters.
      names.append(argument.name.isQuoted ? argument.name.value : argument.name.value.uppercased())
    }
    let path = Expression.literal(Literal(.text(node.path.value), .text))
    let values = row(parameters, names: names)
    return ({ [document, path, $0, values] }, encoding)
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
    guard
      type == .unknown || type.isText || type.isNumeric || type == .boolean || type == .date
        || type.isAnyTime || type.isAnyTimestamp || type == .json
    else {
      throw SQLError(
        .notSupported,
        "Unsupported type of JSON path parameter: \(type)",
        at: input.range
      )
    }
    return value
  }

  /// Binds a value of an object or an array; what JSON has no notation for becomes text.
  private func bindContent(_ input: JSONInput) throws(SQLError) -> Expression {
    let value = try bindArgument(input)
    let type = value.type
    if type == .unknown || type.isText || type.isNumeric || type == .boolean || type == .json {
      return value
    }
    guard SQLType.isCastSupported(from: type, to: .text) else {
      throw SQLError(.typeMismatch, "A \(type) cannot be a value in JSON", at: input.range)
    }
    return .cast(Cast(value, to: .text, isTry: false, range: input.range))
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
    guard encoding == "UTF8" else {
      throw SQLError.notSupported("An argument in \(encoding)", at: input.range)
    }
    if document.type == .unknown { return .null(.json) }
    return document.type == .json
      ? document : try makeCall("$json_input", [document], at: input.range)
  }

  private func bindOutput(_ output: JSONOutput?, _ function: String, at range: SourceRange)
    throws(SQLError) -> (type: SQLType, encoding: String)
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
      throw invalidReturn(type, function, at: range)
    }
    throw SQLError(
      .typeMismatch,
      "Cannot output JSON value as \(type) using formatting \(format.rawValue)",
      at: output.range
    )
  }
}
