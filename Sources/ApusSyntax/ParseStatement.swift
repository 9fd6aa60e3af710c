public import ApusValues

/// Reads one statement; a semicolon may end it.
///
/// - Throws: SYNTAX_ERROR at the first token that cannot stand where it does, NOT_SUPPORTED for
///   statements that Athena has and Apus has not, STACK_OVERFLOW and QUERY_TEXT_TOO_LARGE beyond
///   `SyntaxLimits`. Ranges count the bytes of `text`.
public func parseStatement(
  _ text: String,
  dialect: Dialect = .trino
) throws(SQLError) -> Statement {
  var parser = try Parser(text, dialect: dialect)
  let statement = try parser.parseStatement()
  try parser.parseEnd()
  return statement
}

/// Counts the steps that reading a statement takes, whether it can be read or not.
package func parsingStepCount(_ text: String, dialect: Dialect = .trino) -> Int {
  let steps = ParserSteps()
  if var parser = try? Parser(text, dialect: dialect, steps: steps),
    (try? parser.parseStatement()) != nil
  {
    try? parser.parseEnd()
  }
  return steps.count
}

/// Reads one expression, such as `price * 2`.
///
/// - Throws: as `parseStatement`.
public func parseExpression(
  _ text: String,
  dialect: Dialect = .trino
) throws(SQLError) -> Expression {
  var parser = try Parser(text, dialect: dialect)
  let expression = try parser.parseExpression()
  try parser.parseEnd()
  return expression
}

/// Reads one type, such as `decimal(12, 2)`.
///
/// - Throws: as `parseStatement`.
public func parseTypeName(
  _ text: String,
  dialect: Dialect = .trino
) throws(SQLError) -> TypeName {
  var parser = try Parser(text, dialect: dialect)
  let type = try parser.parseTypeName()
  try parser.parseEnd()
  return type
}

/// Reads the statements of a file, which semicolons part.
///
/// - Returns: the statements in order; the ranges in each tree count from the start of that
///   statement's own text.
/// - Throws: the first statement's error that has one; its range counts the bytes of the file.
///   To run what comes before an error, go through `splitStatements` instead.
public func parseStatements(
  _ text: String,
  dialect: Dialect = .trino
) throws(SQLError) -> [SourceStatement] {
  var statements: [SourceStatement] = []
  for source in splitStatements(text) {
    do throws(SQLError) {
      let statement = try parseStatement(source.text, dialect: dialect)
      statements.append(SourceStatement(statement: statement, source: source))
    } catch {
      var moved = error
      if let range = error.range {
        let offset = source.range.start
        moved.range = SourceRange(start: range.start + offset, end: range.end + offset)
      }
      throw moved
    }
  }
  return statements
}

/// Is a statement of a file, with its text.
public struct SourceStatement: Hashable, Sendable {
  public var statement: Statement
  public var source: StatementText

  public init(statement: Statement, source: StatementText) {
    self.statement = statement
    self.source = source
  }
}
