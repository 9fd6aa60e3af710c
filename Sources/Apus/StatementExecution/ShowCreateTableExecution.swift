import ApusCatalog
import ApusStorage
import ApusSyntax
import ApusValues

extension StatementExecution {
  /// Runs SHOW CREATE TABLE: a statement that makes the same table, blanks and all as Hive lays it
  /// out.
  func showCreateTable(_ name: QualifiedName) throws(SQLError) -> QueryResult {
    let table = try declaredTable(name)
    return try answer(.showCreateTable, "createtab_stmt", lines: statement(making: table))
  }

  private func statement(making table: TableDefinition) -> String {
    var name = hiveQuoted(table.name.name)
    if table.name.database != catalog.currentSchema {
      name = hiveQuoted(table.name.database) + "." + name
    }
    var text = "CREATE EXTERNAL TABLE \(name)(\n\(list(table.columns)))"
    if let comment = table.comment { text += "\nCOMMENT \(hiveText(comment))" }
    if !table.partitionColumns.isEmpty {
      text += "\nPARTITIONED BY ( \n\(list(table.partitionColumns)))"
    }
    let storage = TableStorage.parquet.properties.merging(table.storage) { $1 }
    text += "\nROW FORMAT SERDE \n  \(hiveText(storage["serde"] ?? "")) "
    let serde = serdeProperties(of: table)
    if !serde.isEmpty { text += "\nWITH SERDEPROPERTIES ( \n\(list(serde))) " }
    text += "\nSTORED AS INPUTFORMAT \n  \(hiveText(storage["inputformat"] ?? "")) "
    text += "\nOUTPUTFORMAT \n  \(hiveText(storage["outputformat"] ?? ""))"
    text += "\nLOCATION\n  \(hiveText(table.location.text))"
    if !table.properties.isEmpty { text += "\nTBLPROPERTIES (\n\(list(table.properties)))" }
    return text
  }

  /// What was said of a table with WITH SERDEPROPERTIES.
  func serdeProperties(of table: TableDefinition) -> [String: String] {
    var properties: [String: String] = [:]
    for (key, value) in table.storage where key.hasPrefix("serde.") {
      properties[String(key.dropFirst("serde.".count))] = value
    }
    return properties
  }

  private func list(_ columns: [CatalogColumn]) -> String {
    columns.map { column in
      let comment = column.comment.map { " COMMENT \(hiveText($0))" } ?? ""
      return "  \(hiveQuoted(column.name)) \(column.type)\(comment)"
    }.joined(separator: ", \n")
  }

  private func list(_ properties: [String: String]) -> String {
    properties.sorted { $0.key < $1.key }
      .map { "  \(hiveText($0.key))=\(hiveText($0.value))" }
      .joined(separator: ", \n")
  }

  /// A text in quotes, on one line, as it reads back.
  func hiveText(_ text: String) -> String {
    var quoted = "'"
    for scalar in text.unicodeScalars {
      switch scalar {
      case "'": quoted += "''"
      case "\\": quoted += #"\\"#
      case "\t": quoted += #"\t"#
      case "\n": quoted += #"\n"#
      case "\r": quoted += #"\r"#
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "'"
  }
}
