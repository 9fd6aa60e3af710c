import ApusSyntax
import ApusValues

extension StatementExecution {
  /// Refuses a statement that is part of the language and that nothing carries out.
  func refuse(_ statement: Statement) -> SQLError {
    switch statement {
    case .grant, .revoke, .deny, .grantRoles, .revokeRoles, .createRole, .dropRole, .setRole:
      refuseRights(name(of: statement), at: statement.range)
    default:
      .notSupported(name(of: statement), at: statement.range)
    }
  }

  /// Refuses a statement about rights in the words of Athena, which has them elsewhere.
  func refuseRights(_ words: String, at range: SourceRange) -> SQLError {
    SQLError(
      .notSupported,
      "Queries of this type are not supported",
      at: range,
      hint: "\(words) is Trino's; who may read and write files is what the storage says."
    )
  }

  /// The words by which messages name a statement.
  private func name(of statement: Statement) -> String {
    switch statement {
    case .delete: "DELETE"
    case .update: "UPDATE"
    case .merge: "MERGE"
    case .truncate: "TRUNCATE TABLE"
    case .startTransaction: "START TRANSACTION"
    case .endTransaction(let node): node.isCommit ? "COMMIT" : "ROLLBACK"
    case .grant, .grantRoles: "GRANT"
    case .revoke, .revokeRoles: "REVOKE"
    case .deny: "DENY"
    case .createRole: "CREATE ROLE"
    case .dropRole: "DROP ROLE"
    case .setRole: "SET ROLE"
    case .createMaterializedView: "CREATE MATERIALIZED VIEW"
    case .refreshMaterializedView: "REFRESH MATERIALIZED VIEW"
    case .dropMaterializedView: "DROP MATERIALIZED VIEW"
    case .renameView(let node):
      node.isMaterialized ? "ALTER MATERIALIZED VIEW RENAME TO" : "ALTER VIEW RENAME TO"
    case .alterDatabase: "ALTER DATABASE"
    case .optimize: "OPTIMIZE"
    case .vacuum: "VACUUM"
    case .call: "CALL"
    case .comment: "COMMENT"
    case .setTimeZone: "SET TIME ZONE"
    case .setPath: "SET PATH"
    case .inlineFunctions: "WITH FUNCTION"
    case .externalFunctions: "USING EXTERNAL FUNCTION"
    default: "This statement"
    }
  }

  /// Refuses a change of a table that nothing carries out.
  func refuseUnsupported(_ node: AlterTableStatement) throws(SQLError) {
    let words =
      switch node.alteration {
      case .changeColumn: "CHANGE COLUMN"
      case .dropColumn: "DROP COLUMN"
      case .renameColumn: "RENAME COLUMN"
      case .rename: "RENAME TO"
      case .unsetProperties: "UNSET TBLPROPERTIES"
      case .setSerdeProperties: "SET SERDEPROPERTIES"
      case .setFileFormat: "SET FILEFORMAT"
      case .addPartitions, .dropPartitions, .renamePartition, .setLocation, .setProperties,
        .addColumns, .replaceColumns:
        ""
      }
    if !words.isEmpty { throw .notSupported("ALTER TABLE \(words)", at: node.range) }
  }
}
