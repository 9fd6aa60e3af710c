import ApusValues

// Grammar/Statements/InlineFunctions.grammar.
extension Parser {
  /// Whether WITH begins functions: FUNCTION alone is the name of a common table.
  var startsInlineFunctions: Bool {
    isAt(.with) && peek().kind == .keyword(.function) && isIdentifier(peek(2))
  }

  mutating func parseInlineFunctions() throws(SQLError) -> InlineFunctionsStatement {
    let start = index
    try expect(.with)
    var functions = [try parseInlineFunction()]
    while accept(.comma) { functions.append(try parseInlineFunction()) }
    note(.rule(.query))
    // A parenthesis would go on with the expression before it.
    guard startsQuery else { throw unexpected() }
    let query = try parseQuery()
    return InlineFunctionsStatement(
      functions: functions,
      query: query,
      range: range(from: start)
    )
  }

  mutating func parseExternalFunctions() throws(SQLError) -> ExternalFunctionsStatement {
    let start = index
    try expect(.using)
    var functions: [ExternalFunction] = []
    repeat {
      let first = index
      try expect(.external)
      try expect(.function)
      let name = try parseIdentifier()
      let parameters = try parseParameterDeclarations()
      try expect(.returns)
      let returnType = try parseTypeName()
      try expect(.lambda)
      let service = try parseText()
      functions.append(
        ExternalFunction(
          name: name,
          parameters: parameters,
          returnType: returnType,
          service: service,
          range: range(from: first)
        )
      )
    } while accept(.comma)
    let query = try parseQuery()
    return ExternalFunctionsStatement(
      functions: functions,
      query: query,
      range: range(from: start)
    )
  }

  private mutating func parseParameterDeclarations() throws(SQLError) -> [TypeField] {
    try expect(.leftParenthesis)
    var parameters: [TypeField] = []
    if !accept(.rightParenthesis) {
      repeat {
        let first = index
        let name = try parseIdentifier()
        let type = try parseTypeName()
        parameters.append(TypeField(name: name, type: type, range: range(from: first)))
      } while accept(.comma)
      try expect(.rightParenthesis)
    }
    return parameters
  }

  private mutating func parseInlineFunction() throws(SQLError) -> InlineFunction {
    let start = index
    try expect(.function)
    let name = try parseQualifiedName()
    let parameters = try parseParameterDeclarations()
    try expect(.returns)
    let returnType = try parseTypeName()
    try expect(.return)
    let body = try parseExpression()
    return InlineFunction(
      name: name,
      parameters: parameters,
      returnType: returnType,
      body: body,
      range: range(from: start)
    )
  }
}
