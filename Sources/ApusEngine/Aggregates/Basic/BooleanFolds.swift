import ApusPlanner
import ApusValues

/// `bool_and(x)`, also called `every`: the smallest of the values, FALSE being smaller than TRUE.
enum BooleanAnd: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("SELECT bool_and(x > 0) FROM (VALUES 1, 2, NULL) AS t(x)", "true"),
      FunctionExample("SELECT every(x > 1) FROM (VALUES 1, 2) AS t(x)", "false"),
    ]
  }

  static let overloads = ["bool_and", "every"].map { name in
    AggregateOverload(
      FunctionSignature(
        name,
        kind: .aggregate,
        [.type(.boolean)],
        returns: .type(.boolean),
        summary: "Returns whether every value is true; NULL if there are none."
      )
    ) { _ throws(SQLError) in FoldAccumulator(FoldKernel(SmallerFold<UInt8>.self), result: .boolean)
    }
  }
}

/// `bool_or(x)`.
enum BooleanOr: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("SELECT bool_or(x > 1) FROM (VALUES 1, 2) AS t(x)", "true")
    ]
  }

  static let overloads = [
    AggregateOverload(
      FunctionSignature(
        "bool_or",
        kind: .aggregate,
        [.type(.boolean)],
        returns: .type(.boolean),
        summary: "Returns whether any value is true; NULL if there are none."
      )
    ) { _ throws(SQLError) in FoldAccumulator(FoldKernel(LargerFold<UInt8>.self), result: .boolean)
    }
  ]
}
