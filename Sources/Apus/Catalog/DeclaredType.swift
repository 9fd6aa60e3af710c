import ApusPlanner
import ApusSyntax
import ApusValues

/// The type of a declared column, given in Hive's spelling: `string`, `int`, `decimal(12,2)`.
struct DeclaredType {
  /// Nil for a type that the engine does not read.
  let sqlType: SQLType?

  init(_ text: String) {
    if let name = try? parseTypeName(text) {
      self.init(name)
    } else {
      self.init(sqlType: nil)
    }
  }

  private init(sqlType: SQLType?) { self.sqlType = sqlType }

  init(_ name: TypeName) {
    let type: SQLType? =
      switch (name.name, name.parameters.isEmpty) {
      case ("string", true): .text
      case ("float", true): .real
      case ("binary", true): .varbinary
      // Hive's default, where Trino takes 38 digits.
      case ("decimal", true): .decimal(precision: 10, scale: 0)
      default: try? SQLType(name)
      }
    self.init(sqlType: type)
  }
}

extension SQLType {
  /// The type as Hive's DDL spells it: `int`, `string`, `float`, `binary`; nil if Hive has none.
  var hiveName: String? {
    switch self {
    case .integer: "int"
    case .real: "float"
    case .varchar(nil): "string"
    case .varbinary: "binary"
    case .timestamp: "timestamp"
    case .boolean, .tinyint, .smallint, .bigint, .double, .varchar, .char, .date: description
    case .decimal(let precision, let scale): "decimal(\(precision),\(scale))"
    case .unknown, .time, .intervalDayToSecond, .intervalYearToMonth: nil
    }
  }
}
