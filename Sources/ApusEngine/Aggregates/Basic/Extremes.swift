import ApusPlanner
import ApusValues

/// `min(x)` of any type, `min(x, n)`.
enum Minimum: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("SELECT min(x) FROM (VALUES 'pear', 'apple') AS t(x)", "apple"),
      FunctionExample("SELECT min(x, 2) FROM (VALUES 1, 3, 2) AS t(x)", "[1, 2]"),
    ]
  }

  static let overloads = [
    AggregateOverload(
      FunctionSignature(
        "min",
        kind: .aggregate,
        [.any],
        returns: .parameter(0),
        summary: "Returns the smallest value; NaN counts only if there is nothing else."
      )
    ) { function throws(SQLError) in
      let type = function.returnType
      return switch type.physicalType {
      case .boolean: FoldAccumulator(FoldKernel(SmallerFold<UInt8>.self), result: type)
      case .int8: FoldAccumulator(FoldKernel(SmallerFold<Int8>.self), result: type)
      case .int16: FoldAccumulator(FoldKernel(SmallerFold<Int16>.self), result: type)
      case .int32: FoldAccumulator(FoldKernel(SmallerFold<Int32>.self), result: type)
      case .int64: FoldAccumulator(FoldKernel(SmallerFold<Int64>.self), result: type)
      case .int128: FoldAccumulator(FoldKernel(SmallerFold<Int128>.self), result: type)
      case .float32: FoldAccumulator(FoldKernel(SmallerNumberFold<Float>.self), result: type)
      case .float64: FoldAccumulator(FoldKernel(SmallerNumberFold<Double>.self), result: type)
      case .string where type.isNested || !type.isOrderable:
        try ExtremeByAccumulator(function, key: 0, sign: -1)
      case .string: TextExtremeAccumulator(result: type, isMaximum: false)
      }
    },
    AggregateOverload(
      FunctionSignature(
        "min",
        kind: .aggregate,
        [.any, .type(.bigint)],
        returns: .computed { .array($0[0]) },
        summary: "Returns the array of the n smallest values, the smallest first."
      )
    ) { function throws(SQLError) in try ExtremeListAccumulator(function, key: 0, sign: -1) },
  ]
}

/// `max(x)` of any type, `max(x, n)`.
enum Maximum: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("SELECT max(x) FROM (VALUES 1, 3, NULL) AS t(x)", "3"),
      FunctionExample("SELECT max(x, 2) FROM (VALUES 1, 3, 2) AS t(x)", "[3, 2]"),
      FunctionExample("SELECT max(x) FROM (VALUES nan(), 1) AS t(x)", "1.0"),
    ]
  }

  static let overloads = [
    AggregateOverload(
      FunctionSignature(
        "max",
        kind: .aggregate,
        [.any],
        returns: .parameter(0),
        summary: "Returns the largest value; NaN counts only if there is nothing else."
      )
    ) { function throws(SQLError) in
      let type = function.returnType
      return switch type.physicalType {
      case .boolean: FoldAccumulator(FoldKernel(LargerFold<UInt8>.self), result: type)
      case .int8: FoldAccumulator(FoldKernel(LargerFold<Int8>.self), result: type)
      case .int16: FoldAccumulator(FoldKernel(LargerFold<Int16>.self), result: type)
      case .int32: FoldAccumulator(FoldKernel(LargerFold<Int32>.self), result: type)
      case .int64: FoldAccumulator(FoldKernel(LargerFold<Int64>.self), result: type)
      case .int128: FoldAccumulator(FoldKernel(LargerFold<Int128>.self), result: type)
      case .float32: FoldAccumulator(FoldKernel(LargerNumberFold<Float>.self), result: type)
      case .float64: FoldAccumulator(FoldKernel(LargerNumberFold<Double>.self), result: type)
      case .string where type.isNested || !type.isOrderable:
        try ExtremeByAccumulator(function, key: 0, sign: 1)
      case .string: TextExtremeAccumulator(result: type, isMaximum: true)
      }
    },
    AggregateOverload(
      FunctionSignature(
        "max",
        kind: .aggregate,
        [.any, .type(.bigint)],
        returns: .computed { .array($0[0]) },
        summary: "Returns the array of the n largest values, the largest first."
      )
    ) { function throws(SQLError) in try ExtremeListAccumulator(function, key: 0, sign: 1) },
  ]
}
