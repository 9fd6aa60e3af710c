package import ApusPlanner
import ApusValues
package import ApusVectors

/// Is told what functions are called with.
///
/// Tests hand one to an engine to see which cases of which signature their statements reach. Without
/// one, calls are compiled as if there were no such thing.
package protocol CallObserver: Sendable {
  /// Called by the thread that has evaluated the call, after each evaluation.
  func observe(_ call: ObservedCall)
}

/// What a function was called with for one batch.
package struct ObservedCall {
  package enum Place: Sendable {
    case scalar(CallSurroundings)
    case aggregate(isGrouped: Bool)
    case window
  }

  package var function: BoundFunction
  package var place: Place
  /// As they came, in any encoding; columns that lambdas read follow them.
  package var arguments: [ColumnVector]
  /// For each argument whether it was known before the first batch.
  package var areConstant: [Bool]
  /// The rows that count: none for an aggregate that begins without rows.
  package var rows: Selection
  /// Of the call and its arguments.
  package var errors = RowErrors()
}

/// The expressions around a call that keep errors of rows from ending the query.
package struct CallSurroundings: Sendable {
  package var isInTry = false
  /// Whether it stands in a branch, whose condition may leave rows out.
  package var isInCase = false
}

/// A call that an observer is told of.
struct ObservedCallExpression: CompiledExpression {
  let call: CallExpression
  let surroundings: CallSurroundings
  let observer: any CallObserver

  var type: SQLType { call.type }

  func evaluate(_ batch: Batch, rows: Selection, errors: inout RowErrors) throws(SQLError)
    -> ColumnVector
  {
    var own = RowErrors()
    let arguments = try call.evaluateArguments(batch, rows: rows, errors: &own)
    let result = try call.apply(to: arguments, rows: rows, errors: &own)
    observer.observe(
      ObservedCall(
        function: call.function,
        place: .scalar(surroundings),
        arguments: arguments,
        areConstant: call.areConstant,
        rows: rows,
        errors: own
      )
    )
    errors.append(own)
    return result
  }
}
