import ApusValues

// Types as PostgreSQL names them, as the types of Trino that hold the same values.
extension Parser {
  mutating func parseTypeNameOfPostgres() throws(SQLError) -> TypeName {
    let start = index
    if isAtWord("pg_catalog"), peek().kind == .symbol(.point), startsType(peek(2)) {
      advance()
      advance()
    }
    var type = try parseBareTypeName()
    if type.parameters.isEmpty, type.name == "character", isAtWord("varying") {
      advance()
      type.name = "varchar"
      if accept(.leftParenthesis) {
        let first = index
        let length = TypeNumber(value: try parseNumber(), range: range(from: first))
        try expect(.rightParenthesis)
        type.parameters = [.number(length)]
      }
    }
    type = type.renamedFromPostgres.withPrecisionOfPostgres
    type.range = range(from: start)
    while isAt(.leftBracket), peek().kind == .symbol(.rightBracket) {
      advance()
      advance()
      try grow()
      type = TypeName(name: "array", parameters: [.type(type)], range: range(from: start))
    }
    return type
  }

  private func isAtWord(_ word: String) -> Bool {
    current.kind == .word && text(of: current).lowercased() == word
  }
}

extension TypeName {
  private static let namesOfPostgres: [String: String] = [
    "int2": "smallint", "int4": "integer", "int8": "bigint", "float4": "real", "float8": "double",
    "bool": "boolean", "text": "varchar", "name": "varchar",
    "character": "char", "bytea": "varbinary", "numeric": "decimal", "dec": "decimal",
    "timestamptz": "timestamp with time zone", "timetz": "time with time zone", "jsonb": "json",
  ]

  /// The type under the name that it has in Trino's dialect.
  var renamedFromPostgres: TypeName {
    var type = self
    switch name {
    case "bpchar":
      type.name = parameters.isEmpty ? "varchar" : "char"
    case "float":
      if case .number(let digits)? = parameters.first, parameters.count == 1 {
        type.name = digits.value <= 24 ? "real" : "double"
        type.parameters = []
      } else {
        type.name = "double"
      }
    default:
      type.name = Self.namesOfPostgres[name] ?? name
    }
    return type
  }

  /// The type with the precision that PostgreSQL means where none is written: times have
  /// microseconds; a number of any precision becomes one with ten digits after the point.
  var withPrecisionOfPostgres: TypeName {
    guard parameters.isEmpty else { return self }
    var type = self
    func number(_ value: Int) -> TypeParameter { .number(TypeNumber(value: value, range: range)) }
    switch name {
    case "timestamp", "timestamp with time zone", "time", "time with time zone":
      type.parameters = [number(6)]
    case "decimal":
      type.parameters = [number(38), number(10)]
    default:
      break
    }
    return type
  }
}
