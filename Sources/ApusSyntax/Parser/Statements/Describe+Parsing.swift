import ApusValues

// Grammar/Statements/Describe.grammar.
extension Parser {
  mutating func parseDescribe() throws(SQLError) -> DescribeStatement {
    let start = index
    _ = try expect(oneOf: .describe, .desc)
    var detail = DescribeDetail.columns
    // EXTENDED alone is the name of a table.
    let next = peek()
    let hasName = isIdentifier(next) && !startsPartition(at: 1)
    if hasName || isText(next) {
      if accept(.extended) {
        detail = .extended
      } else if accept(.formatted) {
        detail = .formatted
      }
    }
    let table = try parseTableName()
    note(.keyword(.partition))
    let partition = isAt(.partition) ? try parsePartition() : nil
    return DescribeStatement(
      detail: detail,
      table: table,
      partition: partition,
      range: range(from: start)
    )
  }
}
