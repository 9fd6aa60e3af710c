import ApusConnectors
import ApusPlanner
import ApusValues
import Synchronization

/// What names mean in one statement of a session: its views, then the warehouse.
struct SessionCatalog: Catalog {
  let warehouse: Warehouse
  let files: FilesConnector
  let currentSchema: String
  let views: [ViewName: ViewDefinition]
  /// A view that is about to be made, which its own query must not read.
  var viewBeingMade: ViewBeingMade?

  /// Completes a name with the current schema and checks its outer parts.
  ///
  /// - Throws: CATALOG_NOT_FOUND, SCHEMA_NOT_FOUND.
  func resolve(_ name: [String]) throws(SQLError) -> ViewName {
    switch name.count {
    case 1:
      return ViewName(schema: currentSchema, name: name[0])
    case 2:
      try checkSchema(name[0])
      return ViewName(schema: name[0], name: name[1])
    case 3:
      try checkCatalog(name[0])
      try checkSchema(name[1])
      return ViewName(schema: name[1], name: name[2])
    default:
      throw SQLError(
        .syntaxError,
        "Too many parts in table name: \(name.joined(separator: "."))"
      )
    }
  }

  func checkCatalog(_ name: String) throws(SQLError) {
    guard name != Warehouse.catalogName else { return }
    throw SQLError(
      .catalogNotFound,
      "Catalog '\(name)' not found",
      hint: "The only catalog is '\(Warehouse.catalogName)'."
    )
  }

  func checkSchema(_ name: String) throws(SQLError) {
    if try warehouse.hasSchema(name) || views.keys.contains(where: { $0.schema == name }) {
      return
    }
    let near = nearestName(to: name, among: try warehouse.schemas())
    throw SQLError(
      .schemaNotFound,
      "Schema '\(name)' does not exist",
      hint: near.map { "Did you mean '\($0)'?" }
    )
  }

  func relation(_ name: [String]) throws(SQLError) -> CatalogRelation? {
    let full = try resolve(name)
    if let viewBeingMade {
      if viewBeingMade.name == full {
        throw SQLError(.viewIsRecursive, "Statement would create a recursive view")
      }
      if name.count == 1 { viewBeingMade.dependsOnSchema.store(true, ordering: .relaxed) }
    }
    if let view = views[full] {
      // The text's names would mean other tables here than when the view was made.
      if let schema = view.neededSchema, schema != currentSchema {
        throw .notSupported(
          "Reading view '\(full.schema).\(full.name)', whose query names tables of schema "
            + "'\(schema)' without it, from schema '\(currentSchema)'",
          hint: "USE \(schema), or name the tables with their schema in the view."
        )
      }
      return .view(view.query)
    }
    guard let location = try warehouse.location(of: full.name, in: full.schema) else {
      return nil
    }
    return .table(try files.table(atPath: location))
  }

  func table(atPath path: String) throws(SQLError) -> any Table {
    try files.table(atPath: path)
  }

  func relationNames() throws(SQLError) -> [String] {
    try relations(in: currentSchema)
  }

  /// The names of tables and views of a schema, sorted.
  func relations(in schema: String) throws(SQLError) -> [String] {
    Set(try warehouse.tables(in: schema)).union(viewNames(in: schema)).sorted()
  }

  /// The names of the views of a schema, sorted.
  func viewNames(in schema: String) -> [String] {
    views.keys.filter { $0.schema == schema }.map(\.name).sorted()
  }
}

/// The full name of a view or table, folded.
struct ViewName: Hashable {
  var schema: String
  var name: String
}

/// A view as the session keeps it.
struct ViewDefinition {
  /// The query's text, as it was written.
  var query: String
  /// The columns when the view was made.
  var schema: Schema
  /// The current schema when the view was made, if its query has names that depend on it.
  var neededSchema: String?
}

/// A view whose query is being checked, and what is learned of it meanwhile.
final class ViewBeingMade: Sendable {
  let name: ViewName
  /// Whether the query names a table or view without its schema.
  let dependsOnSchema = Atomic<Bool>(false)

  init(_ name: ViewName) { self.name = name }
}
