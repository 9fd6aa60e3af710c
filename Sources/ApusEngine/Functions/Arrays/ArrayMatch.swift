import ApusPlanner
import ApusValues
import ApusVectors

/// `any_match`, `all_match` and `none_match`: whether a lambda is true for elements of an array, in
/// three-valued logic.
enum ArrayMatch: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("all_match(ARRAY[1, 2], x -> x > 0)", "true"),
      FunctionExample("any_match(ARRAY[1, NULL], x -> x > 5)", "NULL"),
      FunctionExample("none_match(ARRAY[], x -> x > 5)", "true"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    overload(
      "any_match",
      """
      Returns whether a lambda is true for any element; NULL if for some NULL and for none true.
      """
    ) {
      isAnyTrue,
      _,
      isAnyNull in isAnyTrue ? true : isAnyNull ? nil : false
    },
    overload(
      "all_match",
      """
      Returns whether a lambda is true for all elements; NULL if for some NULL and for none \
      false.
      """
    ) {
      _,
      isAnyFalse,
      isAnyNull in isAnyFalse ? false : isAnyNull ? nil : true
    },
    overload(
      "none_match",
      """
      Returns whether a lambda is true for no element; NULL if for some NULL and for none true.
      """
    ) {
      isAnyTrue,
      _,
      isAnyNull in isAnyTrue ? false : isAnyNull ? nil : true
    },
  ]

  private static func overload(
    _ name: String,
    _ summary: String,
    _ combine: @escaping @Sendable (Bool, Bool, Bool) -> Bool?
  ) -> ScalarOverload {
    ScalarOverload(
      FunctionSignature(
        name,
        [.array(.same(0)), .function([.same(0)], .type(.boolean))],
        returns: .type(.boolean),
        summary: summary
      )
    ) { call throws(SQLError) in
      let lambda = try call.lambda(1)
      let element = try call.elementType(0)
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let parts = arguments[0].arrayElements(element, rows: rows)
        let matches = try lambda.evaluate(
          [parts.elements],
          captured: arguments[2...],
          rows: parts.rows,
          errors: &errors
        )
        return reduceToBoolean(parts, matches, [arguments[0]], rows: rows, combine)
      }
    }
  }
}
