import ApusCatalog
import ApusConnectors
import ApusPlanner
import ApusValues
import ApusVectors

// The views of the SQL standard on what the catalog and the warehouse hold, with Trino's columns.
// Where a statement asks for one schema or table, only that is looked at.

/// The schema `information_schema`.
enum InformationSchema {
  static let name = "information_schema"
  static let tableNames = (["columns", "schemata", "tables", "views"] + emptyTables.keys).sorted()

  /// What tools ask for and a warehouse has none of, with the columns of Trino or, where it has no such
  /// table, of the standard.
  private static let emptyTables: [String: [String]] = [
    "applicable_roles": ["grantee", "grantee_type", "role_name", "is_grantable"],
    "enabled_roles": ["role_name"],
    "key_column_usage": [
      "constraint_catalog", "constraint_schema", "constraint_name", "table_catalog", "table_schema",
      "table_name", "column_name", "ordinal_position",
    ],
    "referential_constraints": [
      "constraint_catalog", "constraint_schema", "constraint_name", "unique_constraint_catalog",
      "unique_constraint_schema", "unique_constraint_name", "match_option", "update_rule",
      "delete_rule",
    ],
    "roles": ["role_name"],
    "table_constraints": [
      "constraint_catalog", "constraint_schema", "constraint_name", "table_catalog", "table_schema",
      "table_name", "constraint_type", "is_deferrable", "initially_deferred",
    ],
    "table_privileges": [
      "grantor", "grantor_type", "grantee", "grantee_type", "table_catalog", "table_schema",
      "table_name", "privilege_type", "is_grantable", "with_hierarchy",
    ],
  ]

  /// Returns a table of the schema, nil if it has none of that name.
  static func table(named name: String, _ catalog: SessionCatalog) -> (any Table)? {
    switch name {
    case "schemata":
      return ComputedTable(fields(["catalog_name", "schema_name"])) { domains throws(SQLError) in
        try schemas(catalog, domains[1]).map { [.text(Warehouse.catalogName), .text($0)] }
      }
    case "tables":
      return ComputedTable(
        fields(["table_catalog", "table_schema", "table_name", "table_type"])
      ) { domains throws(SQLError) in
        try relations(catalog, domains).map { schema, name, isView in
          [
            .text(Warehouse.catalogName), .text(schema), .text(name),
            .text(isView ? "VIEW" : "BASE TABLE"),
          ]
        }
      }
    case "views":
      return ComputedTable(
        fields(["table_catalog", "table_schema", "table_name", "view_definition"])
      ) { domains throws(SQLError) in try views(catalog, domains) }
    case "columns":
      var schema = fields([
        "table_catalog", "table_schema", "table_name", "column_name", "ordinal_position",
        "column_default", "is_nullable", "data_type", "comment", "extra_info",
      ])
      schema.fields[4].type = .bigint
      return ComputedTable(schema) { domains throws(SQLError) in
        try columns(catalog, domains)
      }
    default:
      return emptyTables[name].map { columns in ComputedTable(fields(columns)) { _ in [] } }
    }
  }

  private static func fields(_ names: [String]) -> Schema {
    Schema(names.map { Field(name: $0, type: .text) })
  }

  private static func schemas(_ catalog: SessionCatalog, _ domain: ColumnDomain?) throws(SQLError)
    -> [String]
  {
    try (catalog.schemas() + [name]).sorted().filter { domain?.contains(.text($0)) ?? true }
  }

  /// The tables and views whose schema (column 1) and name (column 2) the domains allow.
  private static func relations(_ catalog: SessionCatalog, _ domains: [Int: ColumnDomain])
    throws(SQLError) -> [(schema: String, name: String, isView: Bool)]
  {
    var found: [(String, String, Bool)] = []
    for schema in try schemas(catalog, domains[1]) {
      let views = Set(try catalog.viewNames(in: schema))
      for name in try catalog.relations(in: schema)
      where domains[2]?.contains(.text(name)) ?? true {
        found.append((schema, name, views.contains(name)))
      }
    }
    return found
  }

  private static func views(_ catalog: SessionCatalog, _ domains: [Int: ColumnDomain])
    throws(SQLError) -> [[Value]]
  {
    var rows: [[Value]] = []
    for (schema, name, isView) in try relations(catalog, domains) where isView {
      let full = RelationName(database: schema, name: name)
      guard case .view(let view)? = try catalog.database.relation(named: full) else { continue }
      rows.append([
        .text(Warehouse.catalogName), .text(schema), .text(name), .text(view.query),
      ])
    }
    return rows
  }

  private static func columns(_ catalog: SessionCatalog, _ domains: [Int: ColumnDomain])
    throws(SQLError) -> [[Value]]
  {
    var rows: [[Value]] = []
    for (schema, name, _) in try relations(catalog, domains) {
      for (position, column) in columns(of: name, in: schema, catalog).enumerated() {
        rows.append([
          .text(Warehouse.catalogName), .text(schema), .text(name), .text(column.name),
          .integer(Int64(position + 1)), .null, .text("YES"), .text(column.type),
          column.comment.map { .text($0) } ?? .null,
          column.isPartition ? .text("partition key") : .null,
        ])
      }
    }
    return rows
  }

  private struct Column {
    var name: String
    /// In Trino's spelling.
    var type: String
    var comment: String?
    var isPartition = false
  }

  /// The columns of a relation; none of one whose files cannot be read, or that has gone meanwhile.
  private static func columns(of name: String, in schema: String, _ catalog: SessionCatalog)
    -> [Column]
  {
    let full = RelationName(database: schema, name: name)
    switch try? catalog.database.relation(named: full) {
    case .view(let view)?:
      return view.columns.map { Column(name: $0.name, type: $0.type, comment: $0.comment) }
    case .table(let table)?:
      func column(_ definition: CatalogColumn, isPartition: Bool) -> Column {
        Column(
          name: definition.name,
          type: DeclaredType(definition.type).sqlType?.description ?? definition.type,
          comment: definition.comment,
          isPartition: isPartition
        )
      }
      return table.columns.map { column($0, isPartition: false) }
        + table.partitionColumns.map { column($0, isPartition: true) }
    case nil:
      guard case .table(let table)? = try? catalog.relation([schema, name]) else { return [] }
      return table.visibleFields.map { Column(name: $0.name, type: $0.type.description) }
    }
  }
}
