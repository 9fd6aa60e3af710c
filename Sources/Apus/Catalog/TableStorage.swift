import ApusSyntax
import ApusValues

/// How the files of a table are read, as `TableDefinition.storage` keeps it.
struct TableStorage {
  /// `format`, `serde`, `inputformat`, `outputformat`, `serde.KEY`.
  var properties: [String: String]

  /// Parquet, by the names that Hive has for it.
  static let parquet = TableStorage(
    properties: [
      "format": "parquet",
      "serde": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
      "inputformat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
      "outputformat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    ]
  )

  private init(properties: [String: String]) { self.properties = properties }

  /// Reads ROW FORMAT, STORED AS and WITH SERDEPROPERTIES.
  ///
  /// - Throws: NOT_SUPPORTED for formats but Parquet, by name and place.
  init(_ node: CreateTableStatement) throws(SQLError) {
    self = .parquet
    var isParquet = false
    switch node.storedAs {
    case .format(let name)?:
      guard name.value.lowercased() == "parquet" else {
        throw TableStorage.notSupported("STORED AS \(name.value.uppercased())", at: name.range)
      }
      isParquet = true
    case .classes(let input, let output)?:
      for name in [input, output] {
        guard TableStorage.isParquetClass(name.value) else {
          throw TableStorage.notSupported("Format '\(name.value)'", at: name.range)
        }
      }
      properties["inputformat"] = input.value
      properties["outputformat"] = output.value
      isParquet = true
    case nil: break
    }
    switch node.rowFormat {
    case .serde(let name)?:
      guard TableStorage.isParquetClass(name.value) else {
        throw TableStorage.notSupported("SerDe '\(name.value)'", at: name.range)
      }
      properties["serde"] = name.value
      isParquet = true
    case .delimited(let format)?:
      // Says nothing about Parquet; kept as Hive keeps it.
      properties["serde.field.delim"] = format.fieldsTerminatedBy?.value
      properties["serde.escape.delim"] = format.escapedBy?.value
      properties["serde.colelction.delim"] = format.collectionItemsTerminatedBy?.value
      properties["serde.mapkey.delim"] = format.mapKeysTerminatedBy?.value
      properties["serde.line.delim"] = format.linesTerminatedBy?.value
      properties["serde.serialization.null.format"] = format.nullDefinedAs?.value
    case nil: break
    }
    guard isParquet else {
      throw TableStorage.notSupported(
        "STORED AS TEXTFILE, which a table without STORED AS is,",
        at: node.rowFormat?.range ?? node.name.range
      )
    }
    for property in node.serdeProperties {
      properties["serde." + property.key.value] = property.value.value
    }
  }

  private static func notSupported(_ what: String, at range: SourceRange) -> SQLError {
    .notSupported(what, at: range, hint: "STORED AS PARQUET is.")
  }

  /// Whether a class of Hive reads or writes Parquet: today's and that of older tables.
  private static func isParquetClass(_ name: String) -> Bool {
    [
      "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
      "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
      "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
      "parquet.hive.serde.ParquetHiveSerDe",
      "parquet.hive.DeprecatedParquetInputFormat",
      "parquet.hive.DeprecatedParquetOutputFormat",
      "parquet.hive.MapredParquetOutputFormat",
    ].contains(name)
  }
}
