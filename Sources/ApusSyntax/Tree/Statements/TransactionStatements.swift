public import ApusValues

/// Is `START TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY`.
public struct StartTransactionStatement: SyntaxNode {
  public var modes: [TransactionMode]
  @SourcePlace public var range: SourceRange

  public init(modes: [TransactionMode] = [], range: SourceRange) {
    self.modes = modes
    self.range = range
  }
}

/// Is one of the modes of a transaction.
public enum TransactionMode: String, Hashable, Sendable, CaseIterable {
  case readUncommitted = "ISOLATION LEVEL READ UNCOMMITTED"
  case readCommitted = "ISOLATION LEVEL READ COMMITTED"
  case repeatableRead = "ISOLATION LEVEL REPEATABLE READ"
  case serializable = "ISOLATION LEVEL SERIALIZABLE"
  case readOnly = "READ ONLY"
  case readWrite = "READ WRITE"
}

/// Is `COMMIT [WORK]` or `ROLLBACK [WORK]`.
public struct EndTransactionStatement: SyntaxNode {
  public var isCommit: Bool
  @SourcePlace public var range: SourceRange

  public init(isCommit: Bool, range: SourceRange) {
    self.isCommit = isCommit
    self.range = range
  }
}
