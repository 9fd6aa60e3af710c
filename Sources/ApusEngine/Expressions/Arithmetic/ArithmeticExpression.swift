import ApusPlanner
import ApusValues
import ApusVectors

/// What computes an operator for the selected rows of two vectors.
typealias BinaryKernel =
  @Sendable (ColumnVector, ColumnVector, Selection, inout RowErrors) throws(SQLError)
  -> ColumnVector

/// `left op right`.
struct ArithmeticExpression: CompiledExpression {
  let type: SQLType
  private let left: any CompiledExpression
  private let right: any CompiledExpression
  private let kernel: BinaryKernel
  private let memo = DictionaryMemo()

  /// Finds the kernel for the operand types.
  ///
  /// - Throws: NOT_SUPPORTED for operands that the binder should not have let through.
  init(
    _ arithmetic: Arithmetic,
    _ left: any CompiledExpression,
    _ right: any CompiledExpression
  ) throws(SQLError) {
    self.left = left
    self.right = right
    type = arithmetic.type
    kernel = try ArithmeticOperation(
      op: arithmetic.op,
      left: left.type,
      right: right.type,
      result: arithmetic.type,
      range: arithmetic.range
    ).kernel()
  }

  func evaluate(_ batch: Batch, rows: Selection, errors: inout RowErrors) throws(SQLError)
    -> ColumnVector
  {
    let leftVector = try left.evaluate(batch, rows: rows, errors: &errors)
    let rightVector = try right.evaluate(batch, rows: rows, errors: &errors)
    if leftVector.encoding == .dictionary, right is ConstantExpression {
      return try memo.map(leftVector, rows: rows, errors: &errors) {
        (entries, selected, entryErrors) throws(SQLError) -> ColumnVector in
        try kernel(entries, rightVector.repeated(entries.count), selected, &entryErrors)
      }
    }
    if rightVector.encoding == .dictionary, left is ConstantExpression {
      return try memo.map(rightVector, rows: rows, errors: &errors) {
        (entries, selected, entryErrors) throws(SQLError) -> ColumnVector in
        try kernel(leftVector.repeated(entries.count), entries, selected, &entryErrors)
      }
    }
    return try kernel(leftVector, rightVector, rows, &errors)
  }
}

/// An operator with the types around it.
struct ArithmeticOperation: Sendable {
  let op: Arithmetic.Operator
  let left: SQLType
  let right: SQLType
  let result: SQLType
  let range: SourceRange?

  /// Finds the kernel for the types.
  ///
  /// - Throws: NOT_SUPPORTED for operands that the binder should not have let through.
  func kernel() throws(SQLError) -> BinaryKernel {
    switch result {
    case .tinyint: return integerKernel(Int8.self)
    case .smallint: return integerKernel(Int16.self)
    case .integer: return integerKernel(Int32.self)
    case .bigint: return integerKernel(Int64.self)
    case .real: return floatingKernel(Float.self)
    case .double: return floatingKernel(Double.self)
    case .decimal: return try decimalKernel()
    case .timeWithTimeZone, .timestampWithTimeZone:
      return try zonedKernel()
    case .intervalDayToSecond where left.isZoned:
      return zonedDifference()
    case .date, .time, .timestamp, .intervalDayToSecond, .intervalYearToMonth:
      return try temporalKernel()
    default:
      throw unsupported
    }
  }

  var unsupported: SQLError {
    .notSupported("\(left) \(op.rawValue) \(right)", at: range)
  }

  var divisionByZero: SQLError { SQLError(.divisionByZero, "Division by zero", at: range) }

  /// Returns the error of two operands whose result the type cannot hold.
  func overflow(_ left: String, _ right: String) -> SQLError {
    let name =
      switch op {
      case .add: "addition"
      case .subtract: "subtraction"
      case .multiply: "multiplication"
      case .divide, .modulo: "division"
      }
    return SQLError(
      .numericValueOutOfRange,
      "\(result) \(name) overflow: \(left) \(op.rawValue) \(right)",
      at: range
    )
  }
}
