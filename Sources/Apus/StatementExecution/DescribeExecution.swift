import ApusPlanner
import ApusSyntax
import ApusValues

extension StatementExecution {
  /// What DESCRIBE and SHOW COLUMNS know of a relation.
  struct Described {
    var schema: Schema
    var isView: Bool
  }

  /// Runs DESCRIBE of a table (`col_name`, `data_type`, `comment`, types in Hive's spelling), of a
  /// view (`column`, `type`, types in Trino's) or of a path (as a table).
  func run(_ node: DescribeStatement) throws(SQLError) -> QueryResult {
    switch node.detail {
    case .columns: break
    case .extended, .formatted:
      throw .notSupported("DESCRIBE \(node.detail.rawValue)", at: node.range)
    }
    if let partition = node.partition {
      throw .notSupported("DESCRIBE of a partition", at: partition.range)
    }
    let described = try described(node.table)
    if described.isView {
      return try answer(
        .describeView,
        ["column": .text, "type": .text],
        rows: described.schema.fields.map { [.text($0.name), .text($0.type.description)] }
      )
    }
    return try answer(
      .describeTable,
      ["col_name": .text, "data_type": .text, "comment": .text],
      rows: described.schema.fields.map { field in
        [.text(field.name), .text(field.type.hiveName), .text("")]
      }
    )
  }

  /// Finds a table, view or path.
  ///
  /// - Throws: TABLE_NOT_FOUND, SCHEMA_NOT_FOUND, CATALOG_NOT_FOUND, and what reading a schema does.
  func described(_ table: TableName) throws(SQLError) -> Described {
    do throws(SQLError) {
      switch table {
      case .path(let path):
        return Described(schema: try catalog.table(atPath: path.value).schema, isView: false)
      case .name(let name):
        let full = try catalog.resolve(name.names)
        if let view = catalog.views[full] { return Described(schema: view.schema, isView: true) }
        guard case .table(let table)? = try catalog.relation(name.names) else {
          throw notFound(full, at: name.range)
        }
        return Described(schema: table.schema, isView: false)
      }
    } catch {
      throw error.located(at: table.range)
    }
  }
}

extension SQLType {
  /// The type as Hive's DDL spells it: `int`, `string`, `float`, `binary`.
  var hiveName: String {
    switch self {
    case .integer: "int"
    case .real: "float"
    case .varchar(nil): "string"
    case .varbinary: "binary"
    case .timestamp: "timestamp"
    case .unknown, .boolean, .tinyint, .smallint, .bigint, .double, .decimal, .varchar, .char,
      .date, .time, .intervalDayToSecond, .intervalYearToMonth:
      description
    }
  }
}
