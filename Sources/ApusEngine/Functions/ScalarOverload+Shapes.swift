import ApusPlanner
import ApusValues
import ApusVectors

// The shapes that functions come in. A function says what it does with one row; the shape is the
// loop around it, with its NULLs, its selection and its errors.

/// A prepared call that computes a batch with a closure.
struct BatchEvaluator: ScalarEvaluator {
  let compute:
    @Sendable ([ColumnVector], Selection, inout RowErrors) throws(SQLError) -> ColumnVector

  func evaluate(_ arguments: [ColumnVector], rows: Selection, errors: inout RowErrors)
    throws(SQLError) -> ColumnVector
  {
    try compute(arguments, rows, &errors)
  }
}

/// Gives the value of a row, nil for NULL; what it throws is the error of the row.
typealias RowFunction<Output> = (_ row: Int) throws(SQLError) -> Output?

/// Gives the text of a row, nil for NULL. The view points into the heap, where new text is stored,
/// or into an argument.
typealias TextRowFunction = (_ row: Int, _ heap: StringHeap) throws(SQLError) -> StringView?

extension ScalarOverload {
  /// A function of one argument that cannot fail, whatever the bits.
  @inline(__always)
  static func unary<Input, Output>(
    _ signature: FunctionSignature,
    _ transform: @escaping @Sendable (Input) -> Output
  ) -> ScalarOverload {
    ScalarOverload(signature) { call throws(SQLError) in
      let type = call.function.returnType
      return BatchEvaluator { arguments, rows, _ throws(SQLError) in
        mapUnary(arguments[0], to: type, rows: rows, transform)
      }
    }
  }

  /// A function of two arguments that cannot fail, whatever the bits.
  @inline(__always)
  static func binary<Left, Right, Output>(
    _ signature: FunctionSignature,
    _ combine: @escaping @Sendable (Left, Right) -> Output
  ) -> ScalarOverload {
    ScalarOverload(signature) { call throws(SQLError) in
      let type = call.function.returnType
      return BatchEvaluator { arguments, rows, _ throws(SQLError) in
        mapBinary(arguments[0], arguments[1], to: type, rows: rows, combine)
      }
    }
  }

  /// A function that computes rows without NULL arguments one by one.
  ///
  /// - Parameter make: called once per batch with the arguments, flat or constant.
  static func rows<Output>(
    _ signature: FunctionSignature,
    _ make: @escaping @Sendable ([ColumnVector]) -> RowFunction<Output>
  ) -> ScalarOverload {
    ScalarOverload(signature) { call throws(SQLError) in
      let type = call.function.returnType
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        mapRows(arguments, to: type, rows: rows, range: range, errors: &errors, make(arguments))
      }
    }
  }

  /// A function that computes texts or bytes of rows without NULL arguments one by one.
  ///
  /// - Parameter make: called once per batch with the arguments, flat or constant.
  static func text(
    _ signature: FunctionSignature,
    _ make: @escaping @Sendable ([ColumnVector]) -> TextRowFunction
  ) -> ScalarOverload {
    ScalarOverload(signature) { call throws(SQLError) in
      let type = call.function.returnType
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        mapText(arguments, to: type, rows: rows, range: range, errors: &errors, make(arguments))
      }
    }
  }

  /// A function of what the query's rows share: no arguments, one value.
  static func constant(
    _ signature: FunctionSignature,
    _ value: @escaping @Sendable (EvaluationSettings) -> Value
  ) -> ScalarOverload {
    ScalarOverload(signature) { call throws(SQLError) in
      let type = call.function.returnType
      let result = value(call.settings)
      return BatchEvaluator { _, rows, _ throws(SQLError) in
        .constant(result, type: type, count: rows.rowCount)
      }
    }
  }
}

extension ColumnVector {
  /// The texts of a vector that is flat or constant.
  var texts: KernelOperand<StringView> { operand(as: StringView.self) }

  /// The bigints of a vector that is flat or constant.
  var bigints: KernelOperand<Int64> { operand(as: Int64.self) }

  /// The doubles of a vector that is flat or constant.
  var doubles: KernelOperand<Double> { operand(as: Double.self) }
}

/// Returns the error of an argument that a function refuses.
func invalidArgument(_ message: String) -> SQLError {
  SQLError(.invalidFunctionArgument, message)
}
