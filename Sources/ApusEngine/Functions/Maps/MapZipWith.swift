import ApusPlanner
import ApusValues
import ApusVectors

/// `map_zip_with(a, b, (k, x, y) -> …)`: entries of both maps; a value that is missing is NULL.
enum MapZipWith: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        """
        map_zip_with(MAP(ARRAY['a', 'b'], ARRAY[1, 2]), MAP(ARRAY['b'], ARRAY[5]),
          (k, x, y) -> coalesce(x, 0) + coalesce(y, 0))
        """,
        "{a=1, b=7}"
      )
    ]
  }

  static let overloads: [ScalarOverload] = [
    ScalarOverload(
      FunctionSignature(
        "map_zip_with",
        [
          .map(.same(0), .same(1)), .map(.same(0), .same(2)),
          .function([.same(0), .same(1), .same(2)], .same(3)),
        ],
        returns: .pattern(.map(.same(0), .same(3))),
        summary: """
          Returns the map of what a lambda makes of each key and its values in two maps, NULL if \
          missing.
          """
      )
    ) { call throws(SQLError) in
      let lambda = try call.lambda(2)
      let (key, first) = try call.mapTypes(0)
      let second = try call.mapTypes(1).value
      let type = call.function.returnType
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let maps = arguments[0...1]
        let isValid = (0..<rows.rowCount).map { row -> UInt8 in
          maps.contains { $0.isNull(row) } ? 0 : 1
        }
        let both = rows.filter { isValid[$0] != 0 }
        let keys = PickedElements(maps.map { $0.mapKeys(key) }, key, rows: both)
        let pairs = try pair(keys, isValid)
        let keyColumn = pairs.keys.withUnsafeBufferPointer { keys.elements.gather($0) }
        let ends = pairs.ends
        let results = try lambda.evaluate(
          [
            keyColumn, values(arguments[0], first, both, at: pairs.left),
            values(arguments[1], second, both, at: pairs.right),
          ],
          captured: arguments[3...],
          rows: ArrayElements(ends: ends, elements: keyColumn).rows,
          errors: &errors
        )
        return MapElements(
          keys: ArrayElements(ends: ends, elements: keyColumn),
          values: ArrayElements(ends: ends, elements: results)
        ).maps(type, validity: isValid)
      }
    }
  ]

  /// For each key of a row its place among all keys, and among the entries of each map; -1 if it is
  /// not there.
  private struct Pairs {
    var keys: [Int32] = []
    var left: [Int32] = []
    var right: [Int32] = []
    var ends: [Int32] = []
  }

  private static func pair(_ keys: PickedElements, _ isValid: [UInt8]) throws(SQLError) -> Pairs {
    let codes = try keys.codes()
    var pairs = Pairs()
    for row in isValid.indices {
      var places: [Int32: Int] = [:]
      if isValid[row] != 0 {
        for position in keys.range(0, row) {
          places[codes[position]] = pairs.keys.count
          pairs.keys.append(Int32(truncatingIfNeeded: position))
          pairs.left.append(Int32(truncatingIfNeeded: position - keys.starts[0]))
          pairs.right.append(-1)
        }
        for position in keys.range(1, row) {
          let entry = Int32(truncatingIfNeeded: position - keys.starts[1])
          if let place = places[codes[position]] {
            pairs.right[place] = entry
          } else {
            pairs.keys.append(Int32(truncatingIfNeeded: position))
            pairs.left.append(-1)
            pairs.right.append(entry)
          }
        }
      }
      pairs.ends.append(Int32(truncatingIfNeeded: pairs.keys.count))
    }
    return pairs
  }

  private static func values(
    _ maps: ColumnVector,
    _ type: SQLType,
    _ rows: Selection,
    at entries: [Int32]
  ) -> ColumnVector {
    let elements = maps.mapValues(type).arrayElements(type, rows: rows).elements
    return entries.withUnsafeBufferPointer { elements.gather($0, mayBeNegative: true) }
  }
}
