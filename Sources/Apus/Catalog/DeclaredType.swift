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
      // Files' nested columns are not read yet.
      default: (try? SQLType(name)).flatMap { $0.isNested || $0.hiveName == nil ? nil : $0 }
      }
    self.init(sqlType: type)
  }
}

extension SQLType {
  /// The type as Hive's DDL spells it: `int`, `string`, `float`, `binary`; nil if Hive has none.
  ///
  /// `timestamp` counts milliseconds, as in Athena; that of another precision, which Hive cannot
  /// say, is spelt with it: `timestamp(6)`.
  var hiveName: String? {
    switch self {
    case .integer: "int"
    case .real: "float"
    case .varchar(nil): "string"
    case .varbinary: "binary"
    case .timestamp(3): "timestamp"
    case .boolean, .tinyint, .smallint, .bigint, .double, .varchar, .char, .date, .timestamp:
      description
    case .decimal(let precision, let scale): "decimal(\(precision),\(scale))"
    default: nil
    }
  }
}

extension TypeName {
  /// The type of a column as the catalog keeps it, in Hive's spelling without blanks. Nested types
  /// are kept although no statement reads them yet.
  ///
  /// - Throws: TYPE_NOT_FOUND, NOT_SUPPORTED, at the place of the part that is wrong.
  func hiveText() throws(SQLError) -> String {
    switch name {
    case "array", "map":
      let parts = try parameters.map { parameter throws(SQLError) in
        guard case .type(let type) = parameter else { throw unknown }
        return try type.hiveText()
      }
      guard parts.count == (name == "map" ? 2 : 1) else { throw unknown }
      return "\(name)<\(parts.joined(separator: ","))>"
    case "row", "struct":
      let parts = try parameters.map { parameter throws(SQLError) in
        guard case .field(let field) = parameter else { throw unknown }
        return try hiveName(field.name.value.lowercased()) + ":" + field.type.hiveText()
      }
      guard !parts.isEmpty else { throw unknown }
      return "struct<\(parts.joined(separator: ","))>"
    default:
      if let type = DeclaredType(self).sqlType {
        guard let name = type.hiveName else { throw unknown }
        return name
      }
      _ = try SQLType(self)
      throw unknown
    }
  }

  private var unknown: SQLError {
    SQLError(.typeNotFound, "Unknown type: \(SQLPrinter.text(of: self))", at: range)
  }

  /// A field's name, in backticks where it is not plain.
  private func hiveName(_ name: String) -> String {
    let isPlain =
      name.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
      } && name.first.map { !$0.isNumber } ?? false
    return isPlain ? name : hiveQuoted(name)
  }
}

/// A name as Hive's DDL quotes it: in backticks.
func hiveQuoted(_ name: String) -> String {
  "`"
    + name.split(separator: "`", omittingEmptySubsequences: false)
    .joined(separator: "``") + "`"
}
