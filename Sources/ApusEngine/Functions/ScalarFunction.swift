package import ApusPlanner
package import ApusValues
package import ApusVectors

/// A scalar function: its overloads, each with what prepares a call of it.
package protocol ScalarFunction: Sendable {
  static var overloads: [ScalarOverload] { get }
  /// At least one of each name; computed, so that nothing is made before somebody asks.
  static var examples: [FunctionExample] { get }
}

extension ScalarFunction {
  /// Functions that only plans or forms of the language call have none.
  package static var examples: [FunctionExample] { [] }
}

/// One signature with its implementation.
package struct ScalarOverload: Sendable {
  package var signature: FunctionSignature
  /// Prepares one call site; constants may be compiled here (patterns, formats, units).
  package var prepare: @Sendable (ScalarCall) throws(SQLError) -> any ScalarEvaluator

  package init(
    _ signature: FunctionSignature,
    prepare: @escaping @Sendable (ScalarCall) throws(SQLError) -> any ScalarEvaluator
  ) {
    self.signature = signature
    self.prepare = prepare
  }
}

/// What a function may know of its call site before the first batch.
package struct ScalarCall: Sendable {
  package var function: BoundFunction
  /// For each argument its value if it is constant (`.null` included), nil otherwise.
  package var constants: [Value?]
  /// The lambdas by their positions among the arguments, where NULLs stand for them. The columns that
  /// they read from outside follow the arguments.
  package var lambdas: [Int: CompiledLambda]
  package var range: SourceRange?
  package var settings: EvaluationSettings

  package init(
    function: BoundFunction,
    constants: [Value?],
    lambdas: [Int: CompiledLambda] = [:],
    range: SourceRange?,
    settings: EvaluationSettings
  ) {
    self.function = function
    self.constants = constants
    self.lambdas = lambdas
    self.range = range
    self.settings = settings
  }
}

/// What expressions of one query share.
package struct EvaluationSettings: Sendable {
  /// When the query started, microseconds since 1970 UTC: `now()` for all its rows.
  package var startMicroseconds: Int64
  /// What `current_user` answers.
  package var user: String
  /// Who is told of all calls, in tests.
  package var observer: (any CallObserver)?

  package init(startMicroseconds: Int64, user: String, observer: (any CallObserver)? = nil) {
    self.startMicroseconds = startMicroseconds
    self.user = user
    self.observer = observer
  }
}

/// A prepared call.
package protocol ScalarEvaluator: Sendable {
  /// Computes the function for the selected rows.
  ///
  /// - Parameter arguments: vectors of `rows.rowCount` rows in any encoding, of the parameter types.
  /// - Returns: a vector of `rows.rowCount` rows; see `CompiledExpression.evaluate`.
  func evaluate(_ arguments: [ColumnVector], rows: Selection, errors: inout RowErrors)
    throws(SQLError) -> ColumnVector
}
