import ApusPlanner
import ApusValues
import ApusVectors

/// `contains(array, element)`: NULL if it is not there but a NULL is.
enum ArrayContains: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("contains(ARRAY[1, 2], 2)", "true"),
      FunctionExample("contains(ARRAY[1, NULL], 2)", "NULL"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    ScalarOverload(
      FunctionSignature(
        "contains",
        [.array(.same(0)), .same(0)],
        returns: .type(.boolean),
        summary: """
          Returns whether an array has a value among its elements; NULL if only a NULL may be \
          it.
          """
      )
    ) { call throws(SQLError) in
      let element = call.function.parameterTypes[1]
      return BatchEvaluator { arguments, rows, _ throws(SQLError) in
        let parts = arguments[0].arrayElements(element, rows: rows)
        let beside = parts.rows.withUnsafeBufferPointer { arguments[1].gather($0) }
        let equal = compareVectors(
          .equal,
          parts.elements,
          beside,
          rows: .all(parts.elements.count)
        )
        return reduceToBoolean(parts, equal, arguments, rows: rows) { isAnyTrue, _, isAnyNull in
          isAnyTrue ? true : isAnyNull ? nil : false
        }
      }
    }
  ]
}

/// Makes one boolean per row of one per element.
///
/// - Parameters:
///   - arguments: rows where one of them is NULL are NULL; those of lambdas do not count.
///   - combine: is told whether any element is true, any is false, any is NULL.
func reduceToBoolean(
  _ parts: ArrayElements,
  _ elements: ColumnVector,
  _ arguments: [ColumnVector],
  rows: Selection,
  _ combine: (_ isAnyTrue: Bool, _ isAnyFalse: Bool, _ isAnyNull: Bool) -> Bool?
) -> ColumnVector {
  let elements = elements.flattened()
  defer { extendLifetime(elements) }
  let values = elements.values(as: UInt8.self)
  let validity = elements.validity
  let builder = VectorBuilder(type: .boolean, capacity: rows.rowCount)
  builder.zeroValues()
  let output = builder.values(as: UInt8.self)
  rows.visit { row in
    if arguments.contains(where: { $0.isNull(row) }) {
      builder.setNull(row)
      return
    }
    var isAnyTrue = false
    var isAnyFalse = false
    var isAnyNull = false
    for element in parts.range(row) {
      if let validity, validity[element] == 0 {
        isAnyNull = true
      } else if values[element] != 0 {
        isAnyTrue = true
      } else {
        isAnyFalse = true
      }
    }
    if let result = combine(isAnyTrue, isAnyFalse, isAnyNull) {
      output[row] = bit(result)
    } else {
      builder.setNull(row)
    }
  }
  return builder.finish(count: rows.rowCount)
}
