import ApusValues

// Grammar/Statements/Explain.grammar.
extension Parser {
  mutating func parseExplain() throws(SQLError) -> ExplainStatement {
    let start = index
    try expect(.explain)
    let isAnalyze = accept(.analyze)
    let isVerbose = isAnalyze && accept(.verbose)
    var type: ExplainType?
    var format: ExplainFormat?
    if isAt(.leftParenthesis), startsExplainOption(peek()) {
      advance()
      repeat { try parseExplainOption(&type, &format) } while accept(.comma)
      try expect(.rightParenthesis)
    }
    if isAt(.analyze) {
      note(.rule(.statement))
      throw unexpected()
    }
    let statement = try parseStatement()
    return ExplainStatement(
      isAnalyze: isAnalyze,
      isVerbose: isVerbose,
      type: type,
      format: format,
      statement: statement,
      range: range(from: start)
    )
  }

  private func startsExplainOption(_ token: Token) -> Bool {
    token.kind == .keyword(.type) || token.kind == .keyword(.format)
  }

  private mutating func parseExplainOption(
    _ type: inout ExplainType?,
    _ format: inout ExplainFormat?
  ) throws(SQLError) {
    if try expect(oneOf: .type, .format) == .type {
      let word = try expect(oneOf: .logical, .distributed, .validate, .io)
      type = ExplainType(rawValue: word.rawValue)
    } else {
      let word = try expect(oneOf: .text, .graphviz, .json)
      format = ExplainFormat(rawValue: word.rawValue)
    }
  }
}
