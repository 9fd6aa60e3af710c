import ApusPlanner
import ApusValues
import ApusVectors

/// `array_agg(x)`: all values of a group, NULLs included; NULL for no rows.
enum ArrayAggregate: AggregateFunction {
  static let overloads = [
    AggregateOverload(
      FunctionSignature(
        "array_agg",
        kind: .aggregate,
        [.same(0)],
        returns: .pattern(.array(.same(0))),
        summary: "Returns the array of all values."
      ),
      isOrderSensitive: true
    ) { function throws(SQLError) in
      let type = function.returnType
      return ListAccumulator(function.parameterTypes, skipsNulls: false) {
        (lists, range) throws(SQLError) in
        let parts = try lists.elements(0, range)
        return .arrays(parts, type: type, validity: parts.nonEmpty)
      }
    }
  ]
}
