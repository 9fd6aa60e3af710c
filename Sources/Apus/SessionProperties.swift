import ApusPlanner
import ApusSyntax
import ApusValues

/// What `SET SESSION` can change, with its current values.
///
/// A property is one entry of `list`: SHOW SESSION, the checks and the hints come from there.
struct SessionProperties: Sendable {
  var batchCapacity: Int
  var threadCount: Int
  var memoryLimit: Int
  /// How many steps of a recursion may put out rows.
  var maximumRecursionDepth = 10
  /// Rules of the optimizer that are switched off.
  var disabledRules: Set<String> = []

  /// Whether a number such as `1.5` is a double, as Athena has it, or a decimal, as PostgreSQL has it.
  var decimalLiteralsAreDouble: Bool

  init(_ configuration: EngineConfiguration, _ dialect: Dialect) {
    decimalLiteralsAreDouble = dialect == .trino
    batchCapacity = configuration.batchCapacity
    threadCount = configuration.threadCount
    memoryLimit = configuration.memoryLimit
  }

  /// A property: how SQL names it, how its text is read and shown.
  struct Property: Sendable {
    let name: String
    let type: SQLType
    let description: String
    /// Takes a value, or says what it should be.
    let set: @Sendable (inout SessionProperties, Value) throws(SQLError) -> Void
    let show: @Sendable (SessionProperties) -> String
    let reset: @Sendable (inout SessionProperties, SessionProperties) -> Void
  }

  static let list: [Property] = [
    Property(
      name: "batch_capacity",
      type: .bigint,
      description: "Rows that operators hand on at a time, 1 to 65536",
      set: { (properties, value) throws(SQLError) in
        properties.batchCapacity = try integer(value, "batch_capacity", 1...65_536)
      },
      show: { String($0.batchCapacity) },
      reset: { $0.batchCapacity = $1.batchCapacity }
    ),
    Property(
      name: "max_recursion_depth",
      type: .bigint,
      description: "Steps of WITH RECURSIVE that may put out rows",
      set: { (properties, value) throws(SQLError) in
        properties.maximumRecursionDepth = try integer(
          value,
          "max_recursion_depth",
          1...Int64(Int32.max)
        )
      },
      show: { String($0.maximumRecursionDepth) },
      reset: { $0.maximumRecursionDepth = $1.maximumRecursionDepth }
    ),
    Property(
      name: "optimizer_disable",
      type: .text,
      description: "Rules of the optimizer to leave out, of: "
        + QueryPlanner.ruleNames.joined(separator: ", "),
      set: { (properties, value) throws(SQLError) in
        guard case .text(let text) = value else {
          throw SQLError(.invalidSessionProperty, "optimizer_disable must be a list of names")
        }
        let names = Set(text.split { $0 == "," || $0 == " " }.map { $0.lowercased() })
        for name in names.sorted() where !QueryPlanner.ruleNames.contains(name) {
          throw SQLError(
            .invalidSessionProperty,
            "The optimizer has no rule '\(name)'",
            hint: nearestName(to: name, among: QueryPlanner.ruleNames).map {
              "Did you mean '\($0)'?"
            }
              ?? "There are " + QueryPlanner.ruleNames.joined(separator: ", ") + "."
          )
        }
        properties.disabledRules = names
      },
      show: { $0.disabledRules.sorted().joined(separator: ",") },
      reset: { $0.disabledRules = $1.disabledRules }
    ),
    Property(
      name: "parse_decimal_literals_as_double",
      type: .boolean,
      description: "Whether a number such as 1.5 is a double; otherwise it is a decimal",
      set: { (properties, value) throws(SQLError) in
        guard case .boolean(let isDouble) = value else {
          throw SQLError(
            .invalidSessionProperty,
            "parse_decimal_literals_as_double must be true or false"
          )
        }
        properties.decimalLiteralsAreDouble = isDouble
      },
      show: { String($0.decimalLiteralsAreDouble) },
      reset: { $0.decimalLiteralsAreDouble = $1.decimalLiteralsAreDouble }
    ),
    Property(
      name: "query_max_memory",
      type: .text,
      description: "Memory that a query may hold, such as '2GB'; what needs more spills to disk",
      set: { (properties, value) throws(SQLError) in
        guard case .text(let text) = value, let limit = parseByteCount(text), limit > 0 else {
          throw SQLError(
            .invalidSessionProperty,
            "query_max_memory must be a size such as '512MB' or '2GB'"
          )
        }
        properties.memoryLimit = limit
      },
      show: { formatByteCount($0.memoryLimit) },
      reset: { $0.memoryLimit = $1.memoryLimit }
    ),
    Property(
      name: "thread_count",
      type: .bigint,
      description: "Threads that work on a query, 1 to 256",
      set: { (properties, value) throws(SQLError) in
        properties.threadCount = try integer(value, "thread_count", 1...256)
      },
      show: { String($0.threadCount) },
      reset: { $0.threadCount = $1.threadCount }
    ),
  ]

  /// Finds a property by name.
  ///
  /// - Throws: INVALID_SESSION_PROPERTY with the name that was probably meant.
  static func named(_ name: String) throws(SQLError) -> Property {
    if let property = list.first(where: { $0.name == name }) { return property }
    throw SQLError(
      .invalidSessionProperty,
      "Session property '\(name)' does not exist",
      hint: nearestName(to: name, among: list.map(\.name)).map { "Did you mean '\($0)'?" }
        ?? "SHOW SESSION lists them."
    )
  }

  private static func integer(_ value: Value, _ name: String, _ range: ClosedRange<Int64>)
    throws(SQLError) -> Int
  {
    guard case .integer(let number) = value, range.contains(number) else {
      throw SQLError(
        .invalidSessionProperty,
        "\(name) must be an integer from \(range.lowerBound) to \(range.upperBound)"
      )
    }
    return Int(number)
  }
}
