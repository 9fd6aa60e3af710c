import ApusValues

// Grammar/Statements/Transaction.grammar.
extension Parser {
  mutating func parseStartTransaction() throws(SQLError) -> StartTransactionStatement {
    let start = index
    try expect(.start)
    try expect(.transaction)
    var modes: [TransactionMode] = []
    note(.keyword(.isolation))
    note(.keyword(.read))
    if isAt(.isolation) || isAt(.read) {
      repeat { modes.append(try parseTransactionMode()) } while accept(.comma)
    }
    return StartTransactionStatement(modes: modes, range: range(from: start))
  }

  private mutating func parseTransactionMode() throws(SQLError) -> TransactionMode {
    if try expect(oneOf: .isolation, .read) == .read {
      return try expect(oneOf: .only, .write) == .only ? .readOnly : .readWrite
    }
    try expect(.level)
    switch try expect(oneOf: .read, .repeatable, .serializable) {
    case .read:
      let isCommitted = try expect(oneOf: .committed, .uncommitted) == .committed
      return isCommitted ? .readCommitted : .readUncommitted
    case .repeatable:
      try expect(.read)
      return .repeatableRead
    default:
      return .serializable
    }
  }

  mutating func parseEndTransaction() throws(SQLError) -> EndTransactionStatement {
    let start = index
    let isCommit = try expect(oneOf: .commit, .rollback) == .commit
    _ = accept(.work)
    return EndTransactionStatement(isCommit: isCommit, range: range(from: start))
  }
}
