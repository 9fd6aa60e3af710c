import ApusCatalog
import ApusStorage
import ApusSyntax
import ApusValues

// What DESCRIBE FORMATTED and EXTENDED tell, in the rows that Hive lays it out in.

extension StatementExecution {
  /// Finds the definition behind a name; paths have none.
  func declaredTable(_ name: TableName) throws(SQLError) -> TableDefinition {
    switch name {
    case .name(let name): try declaredTable(name)
    case .path(let path):
      throw .notSupported("DESCRIBE with EXTENDED or FORMATTED of a path", at: path.range)
    }
  }

  /// Three texts a row.
  func formatted(_ table: TableDefinition) -> [[String]] {
    let heading = ["# col_name", "data_type", "comment"]
    let gap = ["", "", ""]
    var rows = [heading, gap] + table.columns.map(texts)
    if !table.partitionColumns.isEmpty {
      rows += [gap, ["# Partition Information", "", ""], heading, gap]
      rows += table.partitionColumns.map(texts)
    }
    rows += [
      gap,
      ["# Detailed Table Information", "", ""],
      ["Database:", table.name.database, ""],
      ["Owner:", table.owner, ""],
      ["CreateTime:", creationTime(of: table), ""],
      ["LastAccessTime:", "UNKNOWN", ""],
      ["Protect Mode:", "None", ""],
      ["Retention:", "0", ""],
      ["Location:", table.location.text, ""],
      ["Table Type:", "EXTERNAL_TABLE", ""],
      ["Table Parameters:", "", ""],
    ]
    rows += list(parameters(of: table))
    let storage = TableStorage.parquet.properties.merging(table.storage) { $1 }
    rows += [
      gap,
      ["# Storage Information", "", ""],
      ["SerDe Library:", storage["serde"] ?? "", ""],
      ["InputFormat:", storage["inputformat"] ?? "", ""],
      ["OutputFormat:", storage["outputformat"] ?? "", ""],
      ["Compressed:", "No", ""],
      ["Num Buckets:", "-1", ""],
      ["Bucket Columns:", "[]", ""],
      ["Sort Columns:", "[]", ""],
      ["Storage Desc Params:", "", ""],
    ]
    return rows + list(serdeProperties(of: table))
  }

  /// One text, in Hive's notation of its objects.
  func extended(_ table: TableDefinition) -> String {
    func columns(_ columns: [CatalogColumn]) -> String {
      columns.map {
        "FieldSchema(name:\($0.name), type:\($0.type), comment:\($0.comment ?? "null"))"
      }.joined(separator: ", ")
    }
    func map(_ values: [String: String]) -> String {
      values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
    }
    let storage = TableStorage.parquet.properties.merging(table.storage) { $1 }
    return "Table(tableName:\(table.name.name), dbName:\(table.name.database), "
      + "owner:\(table.owner), createTime:\(table.createdAt), lastAccessTime:0, retention:0, "
      + "sd:StorageDescriptor(cols:[\(columns(table.columns + table.partitionColumns))], "
      + "location:\(table.location), inputFormat:\(storage["inputformat"] ?? ""), "
      + "outputFormat:\(storage["outputformat"] ?? ""), compressed:false, numBuckets:-1, "
      + "serdeInfo:SerDeInfo(name:null, serializationLib:\(storage["serde"] ?? ""), "
      + "parameters:{\(map(serdeProperties(of: table)))}), bucketCols:[], sortCols:[]), "
      + "partitionKeys:[\(columns(table.partitionColumns))], "
      + "parameters:{\(map(parameters(of: table)))}, tableType:EXTERNAL_TABLE)"
  }

  private func texts(_ column: CatalogColumn) -> [String] {
    [column.name, column.type, column.comment ?? ""]
  }

  private func list(_ properties: [String: String]) -> [[String]] {
    properties.sorted { $0.key < $1.key }.map { ["", $0.key, $0.value] }
  }

  private func parameters(of table: TableDefinition) -> [String: String] {
    var parameters = table.properties
    parameters["EXTERNAL"] = "TRUE"
    parameters["comment"] = table.comment ?? parameters["comment"]
    return parameters
  }

  private func creationTime(of table: TableDefinition) -> String {
    let (microseconds, overflow) = table.createdAt.multipliedReportingOverflow(by: 1_000_000)
    guard !overflow else { return "UNKNOWN" }
    return Timestamp.format(microseconds: microseconds, precision: 0) + " UTC"
  }
}
