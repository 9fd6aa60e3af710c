import ApusPlanner
import ApusValues
import ApusVectors

/// `zip(a, b, …)` and `zip_with(a, b, (x, y) -> …)`: elements side by side, NULLs where an array is
/// shorter.
enum Zip: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("zip(ARRAY[1, 2], ARRAY['a'])", "[{1, a}, {2, null}]"),
      FunctionExample("zip_with(ARRAY[1, 2], ARRAY[10, 20], (x, y) -> x + y)", "[11, 22]"),
    ]
  }

  static let overloads: [ScalarOverload] =
    (2...5).map { count in
      ScalarOverload(
        FunctionSignature(
          "zip",
          (0..<count).map { .array(.same($0)) },
          returns: .computed { types in
            .array(
              .row(
                types.map { type in
                  if case .array(let element) = type {
                    RowField(nil, element)
                  } else {
                    RowField(nil, type)
                  }
                }
              )
            )
          },
          summary: """
            Returns the rows of the elements at the same positions, NULL where an array is \
            shorter.
            """
        )
      ) { call throws(SQLError) in
        let type = call.function.returnType
        guard case .array(let rowType) = type else { throw .internal("zip to \(type)") }
        var elements: [SQLType] = []
        for position in 0..<count { elements.append(try call.elementType(position)) }
        return BatchEvaluator { [elements] arguments, rows, _ throws(SQLError) in
          let (columns, ends, isValid) = sideBySide(arguments, elements, rows: rows)
          let zipped = ColumnVector.rows(columns, type: rowType, count: columns[0].count)
          return .arrays(
            ArrayElements(ends: ends, elements: zipped),
            type: type,
            validity: isValid
          )
        }
      }
    } + [
      ScalarOverload(
        FunctionSignature(
          "zip_with",
          [.array(.same(0)), .array(.same(1)), .function([.same(0), .same(1)], .same(2))],
          returns: .pattern(.array(.same(2))),
          summary: """
            Returns the array of what a lambda makes of elements at the same positions, NULL \
            where missing.
            """
        )
      ) { call throws(SQLError) in
        let lambda = try call.lambda(2)
        let elements = [try call.elementType(0), try call.elementType(1)]
        let type = call.function.returnType
        return BatchEvaluator { arguments, rows, errors throws(SQLError) in
          let (columns, ends, isValid) = sideBySide(
            Array(arguments.prefix(2)),
            elements,
            rows: rows
          )
          let owners = ArrayElements(ends: ends, elements: columns[0]).rows
          let results = try lambda.evaluate(
            columns,
            captured: arguments[3...],
            rows: owners,
            errors: &errors
          )
          return .arrays(
            ArrayElements(ends: ends, elements: results),
            type: type,
            validity: isValid
          )
        }
      }
    ]

  /// Brings arrays to the length of the longest of their row.
  private static func sideBySide(
    _ arrays: [ColumnVector],
    _ elements: [SQLType],
    rows: Selection
  ) -> (columns: [ColumnVector], ends: [Int32], isValid: [UInt8]) {
    let isValid = (0..<rows.rowCount).map { row -> UInt8 in
      arrays.contains { $0.isNull(row) } ? 0 : 1
    }
    let parts = zip(arrays, elements).map { $0.arrayElements($1, rows: rows) }
    var positions = [[Int32]](repeating: [], count: arrays.count)
    var ends: [Int32] = []
    for row in 0..<rows.rowCount {
      let longest = isValid[row] == 0 ? 0 : parts.map { $0.range(row).count }.max() ?? 0
      for (argument, part) in parts.enumerated() {
        let range = part.range(row)
        for index in 0..<longest {
          positions[argument].append(
            index < range.count ? Int32(truncatingIfNeeded: range.lowerBound + index) : -1
          )
        }
      }
      ends.append((ends.last ?? 0) + Int32(truncatingIfNeeded: longest))
    }
    let columns = zip(parts, positions).map { part, positions in
      positions.withUnsafeBufferPointer { part.elements.gather($0, mayBeNegative: true) }
    }
    return (columns, ends, isValid)
  }
}
