import ApusCatalog
import ApusSyntax
import ApusValues

extension StatementExecution {
  /// Runs SHOW TBLPROPERTIES of a table, of all keys or of one.
  func showProperties(of name: QualifiedName, key: String?) throws(SQLError) -> QueryResult {
    let table = try declaredTable(name)
    var rows = table.properties.sorted { $0.key < $1.key }.map { [$0.key, $0.value] }
    if let key {
      // Hive says what is missing where the value would stand.
      let missing = "Table \(table.name) does not have property: \(key)"
      rows = [[key, table.properties[key] ?? missing]]
    }
    return try answer(
      .showTableProperties,
      ["prpt_name": .text, "prpt_value": .text],
      rows: rows.map { $0.map { .text($0) } }
    )
  }
}
