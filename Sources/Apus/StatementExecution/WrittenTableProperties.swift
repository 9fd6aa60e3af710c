import ApusConnectors
import ApusPlanner
import ApusSyntax
import ApusValues

/// What stands after WITH in CREATE TABLE AS.
struct WrittenTableProperties {
  var compression = FileCompression.snappy
  var partitionedBy: [Identifier] = []
  var externalLocation: StringLiteral?

  /// - Throws: INVALID_TABLE_PROPERTY for what no table has, NOT_SUPPORTED for what Apus does not do.
  init(_ properties: [TableProperty]) throws(SQLError) {
    var seen: Set<String> = []
    for property in properties {
      let name = property.name.value.lowercased()
      guard seen.insert(name).inserted else {
        throw SQLError(
          .duplicateProperty,
          "Table property '\(name)' is given more than once",
          at: property.name.range
        )
      }
      try take(name, property)
    }
  }

  private mutating func take(_ name: String, _ property: TableProperty) throws(SQLError) {
    switch name {
    case "format":
      let format = try text(property).value.uppercased()
      if format == "PARQUET" { break }
      guard ["ORC", "AVRO", "JSON", "TEXTFILE"].contains(format) else {
        throw invalid(property, "Unknown format '\(format)'")
      }
      throw .notSupported("Writing \(format)", at: property.value.range, hint: "PARQUET is.")
    case "parquet_compression", "write_compression":
      let value = try text(property).value.uppercased()
      guard let codec = FileCompression(athenaName: value) else {
        throw invalid(property, "Unknown compression '\(value)'")
      }
      compression = codec
    case "partitioned_by":
      partitionedBy = try texts(property).map {
        Identifier(value: $0.value.lowercased(), range: $0.range)
      }
    case "external_location":
      externalLocation = try text(property)
    case "table_type":
      let type = try text(property).value.uppercased()
      if type != "HIVE" {
        throw .notSupported("Table type \(type)", at: property.value.range, hint: "HIVE is.")
      }
    case "is_external":
      guard case .boolean(let literal) = property.value, literal.value else {
        throw .notSupported("A table that is not external", at: property.value.range)
      }
    case "bucketed_by", "bucket_count", "partitioning", "location", "orc_compression",
      "field_delimiter", "vacuum_min_snapshots_to_keep", "compression_level",
      "optimize_rewrite_delete_file_threshold":
      throw .notSupported("Table property '\(name)'", at: property.name.range)
    default:
      throw SQLError(
        .invalidTableProperty,
        "Catalog '\(Warehouse.catalogName)' table property '\(name)' does not exist",
        at: property.name.range,
        hint: nearestName(
          to: name,
          among: [
            "format", "parquet_compression", "write_compression", "partitioned_by",
            "external_location", "table_type", "is_external",
          ]
        ).map { "Did you mean '\($0)'?" }
      )
    }
  }

  private func text(_ property: TableProperty) throws(SQLError) -> StringLiteral {
    guard case .string(let literal) = property.value else {
      throw invalid(property, "It takes a text in quotes")
    }
    return literal
  }

  private func texts(_ property: TableProperty) throws(SQLError) -> [StringLiteral] {
    guard let texts = property.value.textArray else {
      throw invalid(property, "It takes names as ARRAY['a', 'b']")
    }
    return texts
  }

  private func invalid(_ property: TableProperty, _ reason: String) -> SQLError {
    SQLError(
      .invalidTableProperty,
      "Invalid value for table property '\(property.name.value)'",
      at: property.value.range,
      hint: reason + "."
    )
  }
}
