import ApusCatalog
import ApusStorage
import ApusSyntax
import ApusValues

extension StatementExecution {
  /// Runs CREATE DATABASE [IF NOT EXISTS].
  func run(_ node: CreateDatabaseStatement) throws(SQLError) -> QueryResult {
    let database = try checkedDatabase(node)
    var isNew = try !catalog.hasSchema(database.name)
    if isNew { isNew = try engine.catalog.create(database) }
    guard isNew || node.ifNotExists else {
      throw SQLError(
        .schemaAlreadyExists,
        "Schema '\(database.name)' already exists",
        at: node.name.range
      )
    }
    return try done(.createDatabase)
  }

  /// Checks a database as CREATE DATABASE does, without making it.
  func checkedDatabase(_ node: CreateDatabaseStatement) throws(SQLError) -> DatabaseDefinition {
    DatabaseDefinition(
      name: try databaseName(node.name),
      comment: node.comment?.value,
      location: try node.location.map { location throws(SQLError) in
        try directory(location).text
      },
      properties: try dictionary(node.properties),
      owner: engine.configuration.user
    )
  }

  /// The name of a database, with or without that of the catalog before it.
  func databaseName(_ node: QualifiedName) throws(SQLError) -> String {
    let names = node.names
    guard let name = names.last, names.count <= 2, !name.isEmpty, !name.contains("/") else {
      throw SQLError(
        .syntaxError,
        "'\(SQLPrinter.text(of: node))' is no name of a database",
        at: node.range
      )
    }
    if names.count == 2 {
      try located(node) { () throws(SQLError) in try catalog.checkCatalog(names[0]) }
    }
    return name
  }

  /// Pairs of texts by key.
  ///
  /// - Throws: DUPLICATE_PROPERTY.
  func dictionary(_ properties: [TextProperty]) throws(SQLError) -> [String: String] {
    var values: [String: String] = [:]
    for property in properties {
      guard values.updateValue(property.value.value, forKey: property.key.value) == nil else {
        throw SQLError(
          .duplicateProperty,
          "Property '\(property.key.value)' is given more than once",
          at: property.range
        )
      }
    }
    return values
  }

  /// The directory that LOCATION names.
  ///
  /// - Throws: INVALID_TABLE_PROPERTY for what cannot be one, NOT_SUPPORTED for the scheme of a store
  ///   that Apus does not know.
  func directory(_ node: StringLiteral) throws(SQLError) -> ObjectPath {
    guard !node.value.isEmpty else {
      throw SQLError(.invalidTableProperty, "The location is empty", at: node.range)
    }
    guard !node.value.contains("*") else {
      throw SQLError(
        .invalidTableProperty,
        "A location is a directory, not a pattern: '\(node.value)'",
        at: node.range,
        hint: "All data files below the directory belong to the table."
      )
    }
    return try located(node) { () throws(SQLError) in
      let place = try ObjectPath.absolute(node.value)
      if place.scheme == nil, (try? catalog.store.entry(at: place)) == .object {
        throw SQLError(
          .invalidTableProperty,
          "The location is a file, not a directory: '\(node.value)'",
          hint: "Name the directory that the file is in."
        )
      }
      return place.asDirectory
    }
  }
}
