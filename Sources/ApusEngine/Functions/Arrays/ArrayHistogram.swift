import ApusPlanner
import ApusValues
import ApusVectors

/// `array_histogram(array)`: how often each element occurs that is not NULL.
enum ArrayHistogram: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("array_histogram(ARRAY['a', 'b', 'a'])", "{a=2, b=1}")
    ]
  }

  static let overloads: [ScalarOverload] = [
    ScalarOverload(
      FunctionSignature(
        "array_histogram",
        [.array(.same(0))],
        returns: .pattern(.map(.same(0), .type(.bigint))),
        summary: """
          Returns the map of each element of an array that is not NULL to how often it occurs.
          """
      )
    ) { call throws(SQLError) in
      let element = try call.elementType(0)
      let type = call.function.returnType
      return BatchEvaluator { arguments, rows, _ throws(SQLError) in
        let parts = arguments[0].arrayElements(element, rows: rows)
        let elements = parts.elements
        let kept = Selection.all(elements.count).filter { !elements.isNull($0) }
        return try parts.keeping(kept).histograms(type, validity: validity(of: arguments[0]))
      }
    }
  ]
}

extension ArrayElements {
  /// Maps of each row's distinct elements to how often they occur.
  ///
  /// - Parameter type: of the maps, whose values are bigints.
  func histograms(_ type: SQLType, validity: [UInt8]?) throws(SQLError) -> ColumnVector {
    let codes = try PickedElements(elements: self).codes()
    let kept = try distinct()
    let keys = keeping(kept)
    let firsts = kept.indices ?? codes.indices.map { Int32(truncatingIfNeeded: $0) }
    let builder = VectorBuilder(type: .bigint, capacity: firsts.count)
    builder.zeroValues()
    let counts = builder.values(as: Int64.self)
    // Where the count of each value of the row at hand is.
    var places = [Int](repeating: 0, count: Int(codes.max() ?? -1) + 1)
    for row in ends.indices {
      for place in keys.range(row) { places[Int(codes[Int(firsts[place])])] = place }
      for position in range(row) { counts[places[Int(codes[position])]] += 1 }
    }
    return MapElements(
      keys: keys,
      values: ArrayElements(ends: keys.ends, elements: builder.finish(count: firsts.count))
    ).maps(type, validity: validity)
  }
}
