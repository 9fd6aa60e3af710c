import ApusValues

// Grammar/Statements/Analyze.grammar.
extension Parser {
  mutating func parseAnalyze() throws(SQLError) -> AnalyzeStatement {
    let start = index
    try expect(.analyze)
    let table = try parseTableName()
    let properties = try parseTableProperties()
    return AnalyzeStatement(table: table, properties: properties, range: range(from: start))
  }
}
