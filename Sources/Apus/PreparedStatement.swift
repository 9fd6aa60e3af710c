import ApusPlanner
public import ApusSyntax
public import ApusValues

/// A statement that a session keeps under a name until it is executed.
public struct PreparedStatement: Sendable {
  /// Its own text.
  public let sql: String
  /// How many values it wants.
  public let parameterCount: Int
  let statement: Statement
  /// What the ranges of the tree point into.
  let source: String
}

/// A value for a `?`: a literal of Swift, or any constant expression of SQL.
///
/// ```swift
/// try await session.query(
///   "SELECT * FROM flights WHERE carrier = ? AND day >= ?",
///   parameters: ["UA", .sql("DATE '2013-07-01'")]
/// )
/// ```
public struct QueryParameter: Sendable {
  let expression: ApusSyntax.Expression

  /// Reads an expression of SQL, such as `DATE '2013-07-01'`.
  ///
  /// - Throws: SYNTAX_ERROR.
  public static func sql(_ text: String) throws(SQLError) -> QueryParameter {
    do {
      return QueryParameter(expression: try parseExpression(text))
    } catch {
      // A place in the value's text is none in the statement's.
      throw SQLError(error.code, "In parameter '\(text)': \(error.message)", hint: error.hint)
    }
  }

  private static let nowhere = SourceRange(start: 0, end: 0)
}

extension QueryParameter: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
  public init(stringLiteral value: String) { self.init(value) }

  /// A varchar.
  public init(_ text: String) {
    expression = .string(StringLiteral(value: text, range: QueryParameter.nowhere))
  }
}

extension QueryParameter: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int64) { self.init(value) }

  /// An integer, or a bigint if it needs one.
  public init(_ number: Int64) {
    let digits = IntegerLiteral(text: String(number.magnitude), range: QueryParameter.nowhere)
    guard number < 0 else {
      expression = .integer(digits)
      return
    }
    expression = .unary(
      UnaryExpression(sign: .minus, operand: .integer(digits), range: QueryParameter.nowhere)
    )
  }
}

extension QueryParameter: ExpressibleByFloatLiteral {
  public init(floatLiteral value: Double) { self.init(value) }

  /// A double.
  public init(_ number: Double) {
    let text =
      number.isNaN
      ? "NaN" : number.isFinite ? number.description : number < 0 ? "-Infinity" : "Infinity"
    expression = .cast(
      CastExpression(
        value: .string(StringLiteral(value: text, range: QueryParameter.nowhere)),
        type: TypeName(name: "double", range: QueryParameter.nowhere),
        range: QueryParameter.nowhere
      )
    )
  }
}

extension QueryParameter: ExpressibleByBooleanLiteral {
  public init(booleanLiteral value: Bool) {
    expression = .boolean(BooleanLiteral(value: value, range: QueryParameter.nowhere))
  }
}

extension QueryParameter: ExpressibleByNilLiteral {
  public init(nilLiteral: ()) {
    expression = .null(NullLiteral(range: QueryParameter.nowhere))
  }
}
