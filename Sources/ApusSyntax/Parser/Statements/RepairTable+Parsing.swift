import ApusValues

// Grammar/Statements/RepairTable.grammar.
extension Parser {
  mutating func parseRepairTable() throws(SQLError) -> RepairTableStatement {
    let start = index
    try expect(.msck)
    try expect(.repair)
    try expect(.table)
    let name = try parseQualifiedName()
    return RepairTableStatement(name: name, range: range(from: start))
  }
}
