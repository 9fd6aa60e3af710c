import ApusPlanner
import ApusValues
import ApusVectors

/// `array_position(array, element)`: 0 if it is not there; `array_max` and `array_min`: NULL if any
/// element is, NaN only if there is no number.
enum ArraySearch: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("array_max(ARRAY[1, 3, 2])", "3"),
      FunctionExample("array_min(ARRAY[1, NULL])", "NULL"),
      FunctionExample("array_position(ARRAY['a', 'b', 'b'], 'b')", "2"),
      FunctionExample("array_position(ARRAY['a'], 'x')", "0"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    ScalarOverload(
      FunctionSignature(
        "array_position",
        [.array(.same(0)), .same(0)],
        returns: .type(.bigint),
        summary: """
          Returns the position, from 1, of the first element equal to a value; 0 if there is \
          none.
          """
      )
    ) { call throws(SQLError) in
      let element = try call.elementType(0)
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let parts = arguments[0].arrayElements(element, rows: rows)
        let beside = parts.rows.withUnsafeBufferPointer { arguments[1].gather($0) }
        let isEqual = compareVectors(
          .equal,
          parts.elements,
          beside,
          rows: .all(parts.elements.count)
        ).flattened()
        defer { extendLifetime(isEqual) }
        let equal = isEqual.operand(as: UInt8.self)
        return mapRows(arguments, to: .bigint, rows: rows, range: nil, errors: &errors) {
          (row: Int) throws(SQLError) -> Int64? in
          let range = parts.range(row)
          let found = range.first { !equal.isNull($0) && equal[$0] != 0 }
          return found.map { Int64($0 - range.lowerBound + 1) } ?? 0
        }
      }
    },
    extreme("array_max", isMaximum: true, "Returns the greatest element, NULL if one is NULL."),
    extreme("array_min", isMaximum: false, "Returns the least element, NULL if one is NULL."),
  ]

  private static func extreme(_ name: String, isMaximum: Bool, _ summary: String) -> ScalarOverload
  {
    ScalarOverload(
      FunctionSignature(name, [.array(.same(0))], returns: .pattern(.same(0)), summary: summary)
    ) { call throws(SQLError) in
      let element = try call.elementType(0)
      guard element.isOrderable else { throw .notSupported("\(name) of \(element)") }
      return BatchEvaluator { arguments, rows, _ throws(SQLError) in
        let parts = arguments[0].arrayElements(element, rows: rows)
        let order = SortOrder(type: element, isAscending: isMaximum, nullsFirst: false)
        let comparator = RowComparator([order], keys: [parts.elements])
        let isNaN = nanTest(parts.elements)
        var places = [Int32](repeating: -1, count: rows.rowCount)
        rows.visit { row in
          let range = parts.range(row)
          // In this order the wanted element comes last but for a NULL, which decides.
          let last = range.max { left, right in
            if isMaximum, isNaN(left) != isNaN(right) {
              return isNaN(left) || parts.elements.isNull(right)
            }
            return comparator.compare(left, right) < 0
          }
          if let last { places[row] = Int32(truncatingIfNeeded: last) }
        }
        return places.withUnsafeBufferPointer { parts.elements.gather($0, mayBeNegative: true) }
      }
    }
  }

  /// Tells the rows of a flat vector that are NaN.
  private static func nanTest(_ vector: ColumnVector) -> (Int) -> Bool {
    switch vector.type.physicalType {
    case .float32:
      let values = vector.operand(as: Float.self)
      return { !vector.isNull($0) && values[$0].isNaN }
    case .float64:
      let values = vector.doubles
      return { !vector.isNull($0) && values[$0].isNaN }
    default:
      return { _ in false }
    }
  }
}
