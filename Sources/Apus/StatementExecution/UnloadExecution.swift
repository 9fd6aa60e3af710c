import ApusCatalog
import ApusConnectors
import ApusPlanner
import ApusSyntax
import ApusValues

extension StatementExecution {
  /// Runs UNLOAD: writes the query's rows into files of an empty directory, all or none, and makes no
  /// table of them.
  func run(_ node: UnloadStatement) throws(SQLError) -> QueryResult {
    var target: FilesWriteTarget?
    let (_, plan) = try planned(node) { new throws(SQLError) in
      let made = try FilesWriteTarget(
        try catalog.declared(new.definition),
        catalog.files,
        compression: new.compression,
        memoryLimit: properties.memoryLimit
      )
      target = made
      return made
    }
    guard let target else { throw .internal("no target to write to") }
    return try write(PreparedWrite(plan: plan, target: target, makesFilesOnly: true), .unload)
  }

  /// Plans the query of UNLOAD as that of a table with the same properties at its place.
  func planned(
    _ node: UnloadStatement,
    target: (NewTable) throws(SQLError) -> any TableWriteTarget
  ) throws(SQLError) -> (TableDefinition, LogicalPlan) {
    guard node.properties.contains(where: { $0.name.value.lowercased() == "format" }) else {
      throw SQLError(
        .invalidTableProperty,
        "UNLOAD needs the property 'format'",
        at: node.range,
        hint: "Write WITH (format = 'PARQUET')."
      )
    }
    var properties: [TableProperty] = []
    for var property in node.properties {
      switch property.name.value.lowercased() {
      case "compression": property.name.value = "write_compression"
      case "format", "partitioned_by": break
      case "compression_level", "field_delimiter":
        throw .notSupported(
          "UNLOAD property '\(property.name.value.lowercased())'",
          at: property.name.range
        )
      default:
        throw SQLError(
          .invalidTableProperty,
          "UNLOAD property '\(property.name.value.lowercased())' does not exist",
          at: property.name.range,
          hint: nearestName(
            to: property.name.value,
            among: ["format", "compression", "partitioned_by"]
          ).map { "Did you mean '\($0)'?" }
        )
      }
      properties.append(property)
    }
    properties.append(
      TableProperty(
        name: Identifier(value: "external_location", range: node.location.range),
        value: .string(node.location),
        range: node.location.range
      )
    )
    let name = Identifier(value: "unload", range: node.location.range)
    let table = CreateTableAsStatement(
      name: QualifiedName(parts: [name], range: name.range),
      properties: properties,
      query: node.query,
      range: node.range
    )
    return try planned(
      table,
      RelationName(database: catalog.currentSchema, name: name.value),
      target: target
    )
  }
}
