import ApusPlanner
import ApusValues
import ApusVectors

/// `greatest(a, b, …)`, `least(a, b, …)`: NULL if any argument is; NaN is larger than every number.
enum GreatestLeast: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("greatest(3, 1, 2)", "3"),
      FunctionExample("greatest(3, NULL)", "NULL"),
      FunctionExample("least('pear', 'apple')", "apple"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    overload("greatest", .greater, "Returns the largest of the arguments; NULL if one is NULL."),
    overload("least", .less, "Returns the smallest of the arguments; NULL if one is NULL."),
  ]

  private static func overload(_ name: String, _ op: Comparison.Operator, _ summary: String)
    -> ScalarOverload
  {
    ScalarOverload(
      FunctionSignature(
        name,
        [.same(0)],
        isVariadic: true,
        returns: .parameter(0),
        summary: summary
      )
    ) { call throws(SQLError) in
      let type = call.function.returnType
      return BatchEvaluator { arguments, rows, _ throws(SQLError) in
        var result = arguments[0]
        for argument in arguments.dropFirst() {
          result = better(op, result, argument, type, rows)
        }
        return result
      }
    }
  }

  private static func better(
    _ op: Comparison.Operator,
    _ left: ColumnVector,
    _ right: ColumnVector,
    _ type: SQLType,
    _ rows: Selection
  ) -> ColumnVector {
    switch type.physicalType {
    case .float32: return betterNumber(op, left, right, type, rows, as: Float.self)
    case .float64: return betterNumber(op, left, right, type, rows, as: Double.self)
    case .boolean, .int8, .int16, .int32, .int64, .int128, .string: break
    }
    // The right one wins where it is better; where either is NULL both, and so the result, are.
    let isBetter = compareVectors(op, right, left, rows: rows)
    let wins = rows.intersection(whereTrue: isBetter)
    let assembler = RowAssembler(type: type, count: rows.rowCount)
    assembler.copy(left, rows: rows.filter { !isBetter.isNull($0) })
    assembler.copy(right, rows: wins)
    return assembler.finish()
  }

  private static func betterNumber<Element: BinaryFloatingPoint>(
    _ op: Comparison.Operator,
    _ left: ColumnVector,
    _ right: ColumnVector,
    _ type: SQLType,
    _ rows: Selection,
    as element: Element.Type
  ) -> ColumnVector {
    op == .greater
      ? mapBinary(left, right, to: type, rows: rows) { (a: Element, b: Element) in
        b > a || b.isNaN ? b : a
      }
      : mapBinary(left, right, to: type, rows: rows) { (a: Element, b: Element) in
        b < a || a.isNaN ? b : a
      }
  }
}
