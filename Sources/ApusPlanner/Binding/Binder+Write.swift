import ApusSyntax
public import ApusValues

/// A column of the table that a statement writes, and where its values come from.
public struct WrittenColumn: Sendable {
  public var field: Field
  /// By position in the query's columns; nil for a column that the statement does not name.
  public var source: Int?

  public init(field: Field, source: Int?) {
    self.field = field
    self.source = source
  }
}

extension Binder {
  /// Makes the rows of a query those of a table: in its order, of its types, NULL where the statement
  /// names no value.
  ///
  /// - Throws: TYPE_MISMATCH at the query if a column does not become the table's.
  func bindRows(_ plan: LogicalPlan, of columns: [WrittenColumn], at range: SourceRange)
    throws(SQLError) -> LogicalPlan
  {
    let given = plan.output
    var assignments: [Project.Assignment] = []
    for column in columns {
      let target = column.field
      var expression = Expression.literal(Literal(.null, target.type))
      if let source = column.source {
        guard given[source].type.isAssignable(to: target.type) else {
          throw SQLError(
            .typeMismatch,
            "Column '\(target.name)' is of type \(target.type), but the query gives "
              + "\(given[source].type)",
            at: range,
            hint: "Write CAST(… AS \(target.type))."
          )
        }
        expression = .column(given[source]).coerced(to: target.type, at: range)
      }
      assignments.append(
        Project.Assignment(column: makeColumn(target.name, target.type), expression: expression)
      )
    }
    return .project(Project(input: plan, assignments: assignments))
  }
}

extension SQLType {
  /// Whether values of this type may be stored in a column of another: what converts by itself, texts
  /// that have room, and timestamps, which are rounded. A text that might have to be cut takes a CAST.
  func isAssignable(to target: SQLType) -> Bool {
    if isCoercible(to: target) { return true }
    switch (self, target) {
    case (.varchar(let length), .char(let room)), (.varchar(let length), .varchar(let room?)):
      return length.map { $0 <= room } ?? false
    case (.char(let length), .char(let room)), (.char(let length), .varchar(let room?)):
      return length <= room
    case (.char, .varchar(nil)), (.timestamp, .timestamp), (.time, .time):
      return true
    default:
      return false
    }
  }
}
