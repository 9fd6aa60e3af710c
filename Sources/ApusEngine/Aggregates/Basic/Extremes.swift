import ApusPlanner
import ApusValues

/// `min(x)` of any type.
enum Minimum: AggregateFunction {
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
      case .boolean: FoldAccumulator(SmallerFold<UInt8>.self, zero: 0, result: type)
      case .int8: FoldAccumulator(SmallerFold<Int8>.self, zero: 0, result: type)
      case .int16: FoldAccumulator(SmallerFold<Int16>.self, zero: 0, result: type)
      case .int32: FoldAccumulator(SmallerFold<Int32>.self, zero: 0, result: type)
      case .int64: FoldAccumulator(SmallerFold<Int64>.self, zero: 0, result: type)
      case .int128: FoldAccumulator(SmallerFold<Int128>.self, zero: 0, result: type)
      case .float32: FoldAccumulator(SmallerNumberFold<Float>.self, zero: 0, result: type)
      case .float64: FoldAccumulator(SmallerNumberFold<Double>.self, zero: 0, result: type)
      case .string: TextExtremeAccumulator(result: type, isMaximum: false)
      }
    }
  ]
}

/// `max(x)` of any type.
enum Maximum: AggregateFunction {
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
      case .boolean: FoldAccumulator(LargerFold<UInt8>.self, zero: 0, result: type)
      case .int8: FoldAccumulator(LargerFold<Int8>.self, zero: 0, result: type)
      case .int16: FoldAccumulator(LargerFold<Int16>.self, zero: 0, result: type)
      case .int32: FoldAccumulator(LargerFold<Int32>.self, zero: 0, result: type)
      case .int64: FoldAccumulator(LargerFold<Int64>.self, zero: 0, result: type)
      case .int128: FoldAccumulator(LargerFold<Int128>.self, zero: 0, result: type)
      case .float32: FoldAccumulator(LargerNumberFold<Float>.self, zero: 0, result: type)
      case .float64: FoldAccumulator(LargerNumberFold<Double>.self, zero: 0, result: type)
      case .string: TextExtremeAccumulator(result: type, isMaximum: true)
      }
    }
  ]
}
