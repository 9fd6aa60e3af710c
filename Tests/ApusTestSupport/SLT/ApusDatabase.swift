package import Apus
package import ApusValues
import ApusVectors

/// A session of Apus as the runner asks it.
package struct ApusDatabase: SLTDatabase {
  private let session: Session

  package init(_ configuration: EngineConfiguration) throws(SQLError) {
    session = try Engine(configuration).session()
  }

  package func run(_ sql: String) throws(SQLError) -> SLTResult {
    let result = try session.execute(sql)
    var rows: [[String?]] = []
    while let batch = try result.nextBatch() {
      for row in 0..<batch.rowCount { rows.append(batch.columns.map { $0.text(row) }) }
    }
    return SLTResult(types: result.schema.fields.map(\.type), rows: rows)
  }
}
