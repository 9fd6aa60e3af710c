import ApusPlanner
import ApusValues

/// `bitwise_and_agg(x)`, `bitwise_or_agg(x)`, `bitwise_xor_agg(x)`.
enum BitwiseFolds: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("SELECT bitwise_and_agg(x) FROM (VALUES 12, 10) AS t(x)", "8"),
      FunctionExample("SELECT bitwise_or_agg(x) FROM (VALUES 12, 10) AS t(x)", "14"),
      FunctionExample("SELECT bitwise_xor_agg(x) FROM (VALUES 12, 10) AS t(x)", "6"),
    ]
  }

  static let overloads = [
    AggregateOverload(signature("bitwise_and_agg", "AND")) { _ throws(SQLError) in
      FoldAccumulator(FoldKernel(AndFold.self), result: .bigint)
    },
    AggregateOverload(signature("bitwise_or_agg", "OR")) { _ throws(SQLError) in
      FoldAccumulator(FoldKernel(OrFold.self), result: .bigint)
    },
    AggregateOverload(signature("bitwise_xor_agg", "XOR")) { _ throws(SQLError) in
      FoldAccumulator(FoldKernel(ExclusiveOrFold.self), result: .bigint)
    },
  ]

  private static func signature(_ name: String, _ operation: String) -> FunctionSignature {
    FunctionSignature(
      name,
      kind: .aggregate,
      [.type(.bigint)],
      returns: .type(.bigint),
      summary: "Returns the bitwise \(operation) of the values in two's complement."
    )
  }
}
