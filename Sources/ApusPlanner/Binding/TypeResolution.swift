public import ApusSyntax
public import ApusValues

extension SQLType {
  /// Returns the type that a name in a query stands for, in Athena's DML spelling.
  ///
  /// - Throws: TYPE_NOT_FOUND, or NOT_SUPPORTED for types that exist but are not there yet.
  public init(_ name: TypeName) throws(SQLError) {
    func number(_ position: Int, default value: Int, in range: ClosedRange<Int>) throws(SQLError)
      -> Int
    {
      guard position < name.parameters.count else { return value }
      guard case .number(let parameter) = name.parameters[position] else {
        throw SQLError(.typeNotFound, "Unknown type: \(name.name)", at: name.range)
      }
      guard range.contains(parameter.value) else {
        throw SQLError(
          .invalidFunctionArgument,
          "\(name.name) takes a number from \(range.lowerBound) to \(range.upperBound), not "
            + "\(parameter.value)",
          at: parameter.range
        )
      }
      return parameter.value
    }
    let allowed: Int
    switch name.name {
    case "decimal", "numeric", "dec": allowed = 2
    case "varchar", "char", "timestamp", "time": allowed = 1
    case "array", "map", "row", "struct", "uniontype", "qdigest": allowed = Int.max
    case "timestamp with time zone", "time with time zone": allowed = 1
    default: allowed = 0
    }
    if name.parameters.count > allowed {
      throw SQLError(
        .typeNotFound,
        SQLType.names.contains(name.name)
          ? "Type \(name.name) does not take that many parameters" : "Unknown type: \(name.name)",
        at: name.range,
        hint: SQLType.hint(for: name.name)
      )
    }
    switch name.name {
    case "boolean": self = .boolean
    case "tinyint": self = .tinyint
    case "smallint": self = .smallint
    case "integer", "int": self = .integer
    case "bigint": self = .bigint
    case "real": self = .real
    case "double", "double precision": self = .double
    case "decimal", "numeric", "dec":
      let precision = try number(0, default: 38, in: 1...38)
      let scale = try number(1, default: 0, in: 0...precision)
      self = .decimal(precision: precision, scale: scale)
    case "varchar":
      self =
        name.parameters.isEmpty
        ? .text : .varchar(length: try number(0, default: 0, in: 0...2_147_483_646))
    case "char": self = .char(length: try number(0, default: 1, in: 0...65_536))
    case "varbinary": self = .varbinary
    case "date": self = .date
    case "time": self = .time(precision: try number(0, default: 3, in: 0...12))
    case "time with time zone":
      self = .timeWithTimeZone(precision: try number(0, default: 3, in: 0...12))
    case "timestamp": self = .timestamp(precision: try number(0, default: 3, in: 0...12))
    case "timestamp with time zone":
      self = .timestampWithTimeZone(precision: try number(0, default: 3, in: 0...12))
    case "json": self = .json
    case "uuid": self = .uuid
    case "ipaddress": self = .ipAddress
    case "ipprefix": self = .ipPrefix
    case "color": self = .color
    case "hyperloglog": self = .hyperLogLog
    case "qdigest":
      guard name.parameters.count == 1, case .type(let value) = name.parameters[0] else {
        throw SQLError(.typeNotFound, "Unknown type: \(name.name)", at: name.range)
      }
      let type = try SQLType(value)
      guard [.bigint, .real, .double].contains(type) else {
        throw SQLError(.typeNotFound, "Unknown type: qdigest(\(type))", at: name.range)
      }
      self = .quantileDigest(type)
    case "tdigest": self = .tDigest
    case "setdigest": self = .setDigest
    case "geometry": self = .geometry
    case "sphericalgeography": self = .sphericalGeography
    case "bingtile": self = .bingTile
    case "interval day to second": self = .intervalDayToSecond
    case "interval year to month": self = .intervalYearToMonth
    case "array":
      guard name.parameters.count == 1, case .type(let element) = name.parameters[0] else {
        throw SQLError(.typeNotFound, "Unknown type: \(name.name)", at: name.range)
      }
      self = .array(try SQLType(element))
    case "map":
      guard name.parameters.count == 2, case .type(let key) = name.parameters[0],
        case .type(let value) = name.parameters[1]
      else { throw SQLError(.typeNotFound, "Unknown type: \(name.name)", at: name.range) }
      self = .map(key: try SQLType(key), value: try SQLType(value))
    case "row":
      var fields: [RowField] = []
      for parameter in name.parameters {
        switch parameter {
        case .field(let field): fields.append(RowField(field.name.value, try SQLType(field.type)))
        case .type(let type): fields.append(RowField(nil, try SQLType(type)))
        case .number: throw SQLError(.typeNotFound, "Unknown type: \(name.name)", at: name.range)
        }
      }
      guard !fields.isEmpty else {
        throw SQLError(.typeNotFound, "Unknown type: \(name.name)", at: name.range)
      }
      self = .row(fields)
    case "struct", "p4hyperloglog":
      throw SQLError.notSupported("Type \(name.name)", at: name.range)
    case "string", "float", "binary":
      let spelling = ["string": "varchar", "float": "real", "binary": "varbinary"]
      throw SQLError(
        .typeNotFound,
        "Unknown type: \(name.name)",
        at: name.range,
        hint: spelling[name.name].map {
          "\(name.name) is the spelling of DDL; in a query write \($0)."
        }
      )
    default:
      throw SQLError(
        .typeNotFound,
        "Unknown type: \(name.name)",
        at: name.range,
        hint: SQLType.hint(for: name.name)
      )
    }
  }

  /// The names of types, for hints.
  private static let names = [
    "boolean", "tinyint", "smallint", "integer", "int", "bigint", "real", "double", "decimal",
    "varchar", "char", "varbinary", "date", "time", "timestamp", "array", "map", "row", "json",
    "uuid",
    "ipaddress", "ipprefix", "hyperloglog", "qdigest", "tdigest", "setdigest",
    "geometry", "sphericalgeography", "bingtile",
  ]

  private static func hint(for name: String) -> String? {
    names.contains(name) ? nil : nearestName(to: name, among: names).map { "Did you mean \($0)?" }
  }
}
