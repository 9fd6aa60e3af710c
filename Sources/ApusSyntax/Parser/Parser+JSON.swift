import ApusValues

// Grammar/JSON.grammar: the functions of SQL:2016 over documents.
extension Parser {
  mutating func parseJSONCall(_ keyword: Keyword) throws(SQLError) -> Expression? {
    switch keyword {
    case .jsonExists: .jsonExists(try parseJSONExists())
    case .jsonValue: .jsonValue(try parseJSONValue())
    case .jsonQuery: .jsonQuery(try parseJSONQuery())
    case .jsonObject: .jsonObject(try parseJSONObject())
    case .jsonArray: .jsonArray(try parseJSONArray())
    default: nil
    }
  }

  private mutating func parseJSONExists() throws(SQLError) -> JSONExistsExpression {
    let start = index
    advance()
    try expect(.leftParenthesis)
    let path = try parseJSONPath()
    var onError: JSONExistsBehavior?
    if let word = accept(oneOf: .true, .false, .unknown, .error) {
      onError = JSONExistsBehavior(rawValue: word.rawValue)
      try expect(.on)
      try expect(.error)
    }
    try expect(.rightParenthesis)
    return JSONExistsExpression(path: path, onError: onError, range: range(from: start))
  }

  private mutating func parseJSONValue() throws(SQLError) -> JSONValueExpression {
    let start = index
    advance()
    try expect(.leftParenthesis)
    let path = try parseJSONPath()
    let type: TypeName? = accept(.returning) ? try parseTypeName() : nil
    let (onEmpty, onError) = try parseJSONValueBehaviors()
    try expect(.rightParenthesis)
    return JSONValueExpression(
      path: path,
      type: type,
      onEmpty: onEmpty,
      onError: onError,
      range: range(from: start)
    )
  }

  mutating func parseJSONValueBehaviors() throws(SQLError)
    -> (onEmpty: JSONValueBehavior?, onError: JSONValueBehavior?)
  {
    try parseBehaviors { (parser) throws(SQLError) in try parser.parseJSONValueBehavior() }
  }

  /// Reads what comes of no value and of an error: `… ON EMPTY … ON ERROR`.
  private mutating func parseBehaviors<Behavior>(
    _ parseBehavior: (inout Parser) throws(SQLError) -> Behavior?
  ) throws(SQLError) -> (onEmpty: Behavior?, onError: Behavior?) {
    var onEmpty: Behavior?
    var onError: Behavior?
    while onError == nil, let behavior = try parseBehavior(&self) {
      try expect(.on)
      if onEmpty == nil, accept(.empty) {
        onEmpty = behavior
      } else {
        try expect(.error)
        onError = behavior
      }
    }
    return (onEmpty, onError)
  }

  private mutating func parseJSONValueBehavior() throws(SQLError) -> JSONValueBehavior? {
    switch accept(oneOf: .error, .null, .default) {
    case .error: .error
    case .null: .null
    case .default: .default(try parseExpression())
    default: nil
    }
  }

  private mutating func parseJSONQuery() throws(SQLError) -> JSONQueryExpression {
    let start = index
    advance()
    try expect(.leftParenthesis)
    let path = try parseJSONPath()
    let output = try parseJSONOutput()
    let wrapper = try parseJSONWrapper()
    let quotes = try parseJSONQuotes()
    let (onEmpty, onError) = try parseJSONQueryBehaviors()
    try expect(.rightParenthesis)
    return JSONQueryExpression(
      path: path,
      output: output,
      wrapper: wrapper,
      quotes: quotes,
      onEmpty: onEmpty,
      onError: onError,
      range: range(from: start)
    )
  }

  mutating func parseJSONWrapper() throws(SQLError) -> JSONWrapper? {
    guard let word = accept(oneOf: .with, .without) else { return nil }
    var wrapper = JSONWrapper.without
    if word == .with {
      wrapper = .unconditional
      if accept(oneOf: .conditional, .unconditional) == .conditional { wrapper = .conditional }
    }
    _ = accept(.array)
    try expect(.wrapper)
    return wrapper
  }

  mutating func parseJSONQuotes() throws(SQLError) -> JSONQuotes? {
    guard let word = accept(oneOf: .keep, .omit) else { return nil }
    try expect(.quotes)
    // ON EMPTY and ON ERROR come after words of their own.
    if accept(.on) {
      try expect(.scalar)
      try expect(.string)
    }
    return word == .keep ? .keep : .omit
  }

  mutating func parseJSONQueryBehaviors() throws(SQLError)
    -> (onEmpty: JSONQueryBehavior?, onError: JSONQueryBehavior?)
  {
    try parseBehaviors { (parser) throws(SQLError) in try parser.parseJSONQueryBehavior() }
  }

  private mutating func parseJSONQueryBehavior() throws(SQLError) -> JSONQueryBehavior? {
    switch accept(oneOf: .error, .null, .empty) {
    case .error: .error
    case .null: .null
    case .empty: try expect(oneOf: .array, .object) == .array ? .emptyArray : .emptyObject
    default: nil
    }
  }

  private mutating func parseJSONObject() throws(SQLError) -> JSONObjectExpression {
    let start = index
    advance()
    try expect(.leftParenthesis)
    var members: [JSONMember] = []
    var isNullAbsent: Bool?
    var hasUniqueKeys: Bool?
    note(.symbol(.rightParenthesis))
    if !isAt(.rightParenthesis), !isAt(.returning) {
      repeat { members.append(try parseJSONMember()) } while accept(.comma)
      isNullAbsent = try parseNullHandling()
      if let word = accept(oneOf: .with, .without) {
        try expect(.unique)
        _ = accept(.keys)
        hasUniqueKeys = word == .with
      }
    }
    let output = try parseJSONOutput()
    try expect(.rightParenthesis)
    return JSONObjectExpression(
      members: members,
      isNullAbsent: isNullAbsent,
      hasUniqueKeys: hasUniqueKeys,
      output: output,
      range: range(from: start)
    )
  }

  private mutating func parseJSONMember() throws(SQLError) -> JSONMember {
    let start = index
    let hasWord = accept(.key)
    if !hasWord, isAt(.returning) {
      note(.rule(.expression))
      throw unexpected()
    }
    let key = try parseExpression()
    if hasWord || !accept(.colon) { try expect(.value) }
    let value = try parseJSONInput()
    return JSONMember(key: key, value: value, range: range(from: start))
  }

  private mutating func parseJSONArray() throws(SQLError) -> JSONArrayExpression {
    let start = index
    advance()
    try expect(.leftParenthesis)
    var elements: [JSONInput] = []
    var isNullAbsent: Bool?
    note(.symbol(.rightParenthesis))
    if !isAt(.rightParenthesis), !isAt(.returning) {
      repeat { elements.append(try parseJSONInput()) } while accept(.comma)
      isNullAbsent = try parseNullHandling()
    }
    let output = try parseJSONOutput()
    try expect(.rightParenthesis)
    return JSONArrayExpression(
      elements: elements,
      isNullAbsent: isNullAbsent,
      output: output,
      range: range(from: start)
    )
  }

  /// Reads NULL ON NULL or ABSENT ON NULL.
  private mutating func parseNullHandling() throws(SQLError) -> Bool? {
    guard let word = accept(oneOf: .null, .absent) else { return nil }
    try expect(.on)
    try expect(.null)
    return word == .absent
  }
}

// What the functions have in common.
extension Parser {
  private mutating func parseJSONPath() throws(SQLError) -> JSONPathInvocation {
    let start = index
    let document = try parseJSONInput()
    try expect(.comma)
    let path = try parseText()
    return try parseJSONArguments(document, path, start)
  }

  /// Reads what JSON_TABLE finds rows by, whose path may have a name.
  mutating func parseJSONPath(name: inout Identifier?) throws(SQLError) -> JSONPathInvocation {
    let start = index
    let document = try parseJSONInput()
    try expect(.comma)
    let path = try parseText()
    if accept(.as) { name = try parseIdentifier() }
    return try parseJSONArguments(document, path, start)
  }

  private mutating func parseJSONArguments(
    _ document: JSONInput,
    _ path: StringLiteral,
    _ start: Int
  ) throws(SQLError) -> JSONPathInvocation {
    var arguments: [JSONPathArgument] = []
    if accept(.passing) {
      repeat {
        let argumentStart = index
        let value = try parseJSONInput()
        try expect(.as)
        let name = try parseIdentifier()
        let place = range(from: argumentStart)
        arguments.append(JSONPathArgument(value: value, name: name, range: place))
      } while accept(.comma)
    }
    return JSONPathInvocation(
      document: document,
      path: path,
      arguments: arguments,
      range: range(from: start)
    )
  }

  private mutating func parseJSONInput() throws(SQLError) -> JSONInput {
    let start = index
    let value = try parseExpression()
    let format = try parseJSONFormat()
    return JSONInput(value: value, format: format, range: range(from: start))
  }

  private mutating func parseJSONOutput() throws(SQLError) -> JSONOutput? {
    let start = index
    guard accept(.returning) else { return nil }
    let type = try parseTypeName()
    let format = try parseJSONFormat()
    return JSONOutput(type: type, format: format, range: range(from: start))
  }

  mutating func parseJSONFormat() throws(SQLError) -> JSONFormat? {
    guard accept(.format) else { return nil }
    try expect(.json)
    guard accept(.encoding) else { return .json }
    switch try expect(oneOf: .utf8, .utf16, .utf32) {
    case .utf8: return .utf8
    case .utf16: return .utf16
    default: return .utf32
    }
  }
}
