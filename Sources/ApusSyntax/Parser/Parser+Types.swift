import ApusValues

// Grammar/Types.grammar.
extension Parser {
  mutating func parseTypeName() throws(SQLError) -> TypeName {
    guard dialect == .postgres else { return try parseBareTypeName() }
    return try parseTypeNameOfPostgres()
  }

  /// Reads a type without what PostgreSQL adds.
  mutating func parseBareTypeName() throws(SQLError) -> TypeName {
    let outer = try open()
    defer { close(outer) }
    let start = index
    let next = peek().kind
    switch (current.kind, next) {
    case (.keyword(.double), .keyword(.precision)):
      advance()
      advance()
      return TypeName(name: "double precision", range: range(from: start))
    case (.keyword(.time), _), (.keyword(.timestamp), _):
      return try parseTimeType()
    case (.keyword(.interval), .keyword(let field)) where IntervalField(keyword: field) != nil:
      return try parseIntervalType()
    case (.keyword(.row), .symbol(.leftParenthesis)):
      return try parseRowType()
    case (.keyword(.struct), .symbol(.less)):
      return try parseStructType()
    case (.keyword(.array), .symbol(.less)), (.keyword(.map), .symbol(.less)):
      return try parseCollectionType()
    default:
      return try parseSimpleType()
    }
  }

  private mutating func parseSimpleType() throws(SQLError) -> TypeName {
    let start = index
    guard isIdentifier(current, except: Self.notSimpleTypes) else {
      note(.rule(.type))
      throw unexpected()
    }
    let name = try parseIdentifier().value
    var parameters: [TypeParameter] = []
    if accept(.leftParenthesis) {
      parameters.append(try parseTypeParameter())
      while accept(.comma) { parameters.append(try parseTypeParameter()) }
      try expect(.rightParenthesis)
    }
    return TypeName(name: name, parameters: parameters, range: range(from: start))
  }

  private mutating func parseTypeParameter() throws(SQLError) -> TypeParameter {
    note(.rule(.integer))
    guard current.kind == .integer else { return .type(try parseTypeName()) }
    let start = index
    let value = try parseNumber()
    return .number(TypeNumber(value: value, range: range(from: start)))
  }

  /// Reads `timestamp(3) with time zone` and its like; WITHOUT TIME ZONE says nothing.
  private mutating func parseTimeType() throws(SQLError) -> TypeName {
    let start = index
    var name = text(of: current).lowercased()
    var parameters: [TypeParameter] = []
    advance()
    if accept(.leftParenthesis) {
      parameters.append(try parseTypeParameter())
      try expect(.rightParenthesis)
    }
    if !precedesWrapper, !isAtWithClause, let word = accept(oneOf: .with, .without) {
      try expect(.time)
      try expect(.zone)
      if word == .with { name += " with time zone" }
    }
    return TypeName(name: name, parameters: parameters, range: range(from: start))
  }

  /// Whether the WITH or WITHOUT here is of JSON_QUERY's WRAPPER, which may follow a type.
  private var precedesWrapper: Bool {
    switch peek().kind {
    case .keyword(.array), .keyword(.wrapper), .keyword(.conditional), .keyword(.unconditional):
      true
    default:
      false
    }
  }

  /// Whether WITH at the current token begins the query that follows a type.
  private var isAtWithClause: Bool {
    guard isAt(.with) else { return false }
    if peek().kind == .keyword(.recursive) { return true }
    let following = peek(2).kind
    return isIdentifier(peek())
      && (following == .keyword(.as) || following == .symbol(.leftParenthesis))
  }

  private mutating func parseIntervalType() throws(SQLError) -> TypeName {
    let start = index
    advance()
    let from = try parseIntervalField()
    var name = "interval \(from.rawValue)"
    if accept(.to) { name += " to \(try parseIntervalField().rawValue)" }
    return TypeName(name: name, range: range(from: start))
  }

  private mutating func parseRowType() throws(SQLError) -> TypeName {
    let start = index
    advance()
    try expect(.leftParenthesis)
    var fields = [try parseRowField()]
    while accept(.comma) { fields.append(try parseRowField()) }
    try expect(.rightParenthesis)
    return TypeName(name: "row", parameters: fields, range: range(from: start))
  }

  /// Reads `name type` or a type alone: a name it is when a type follows.
  private mutating func parseRowField() throws(SQLError) -> TypeParameter {
    guard isIdentifier(current), startsType(peek()) else { return .type(try parseTypeName()) }
    let start = index
    let name = try parseIdentifier()
    let type = try parseTypeName()
    return .field(TypeField(name: name, type: type, range: range(from: start)))
  }

  func startsType(_ token: Token) -> Bool {
    isIdentifier(token, except: Self.notSimpleTypes)
      || token.kind == .keyword(.row) || token.kind == .keyword(.struct)
  }

  private mutating func parseStructType() throws(SQLError) -> TypeName {
    let start = index
    advance()
    try expect(.less)
    var fields: [TypeParameter] = []
    repeat {
      let fieldStart = index
      let name = try parseIdentifier()
      try expect(.colon)
      let type = try parseTypeName()
      fields.append(.field(TypeField(name: name, type: type, range: range(from: fieldStart))))
    } while accept(.comma)
    try expect(.greater)
    return TypeName(name: "struct", parameters: fields, range: range(from: start))
  }

  /// Reads `array<bigint>` and `map<varchar, bigint>`.
  private mutating func parseCollectionType() throws(SQLError) -> TypeName {
    let start = index
    let isMap = isAt(.map)
    advance()
    try expect(.less)
    var parameters: [TypeParameter] = [.type(try parseTypeName())]
    if isMap {
      try expect(.comma)
      parameters.append(.type(try parseTypeName()))
    }
    try expect(.greater)
    return TypeName(
      name: isMap ? "map" : "array",
      parameters: parameters,
      range: range(from: start)
    )
  }

  mutating func parseIntervalField() throws(SQLError) -> IntervalField {
    for field in IntervalField.allCases { note(.keyword(field.keyword)) }
    guard case .keyword(let keyword) = current.kind, let field = IntervalField(keyword: keyword)
    else { throw unexpected() }
    advance()
    return field
  }
}

extension IntervalField {
  init?(keyword: Keyword) {
    switch keyword {
    case .year: self = .year
    case .month: self = .month
    case .day: self = .day
    case .hour: self = .hour
    case .minute: self = .minute
    case .second: self = .second
    default: return nil
    }
  }

  var keyword: Keyword {
    switch self {
    case .year: .year
    case .month: .month
    case .day: .day
    case .hour: .hour
    case .minute: .minute
    case .second: .second
    }
  }
}
