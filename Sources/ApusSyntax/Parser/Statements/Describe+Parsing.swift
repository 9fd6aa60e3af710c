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
    let partition = startsPartition(at: 0) ? try parsePartition() : nil
    var column: [Identifier] = []
    note(.rule(.identifier))
    if isIdentifier(current) {
      repeat { column.append(try parseIdentifier()) } while accept(.point)
    }
    return DescribeStatement(
      detail: detail,
      table: table,
      partition: partition,
      column: column,
      range: range(from: start)
    )
  }
}
