import ApusPlanner
import ApusValues
import ApusVectors

/// `dot_product`, `euclidean_distance`, `cosine_similarity` and `cosine_distance` of arrays of doubles;
/// the last two also of maps, whose keys name the dimensions. As in Trino, a NULL in an array is 0, and
/// one in a map makes the result NULL.
enum VectorFunctions: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("dot_product(ARRAY[1, 2], ARRAY[3, 4])", "11.0"),
      FunctionExample("euclidean_distance(ARRAY[0, 0], ARRAY[3, 4])", "5.0"),
      FunctionExample("cosine_similarity(ARRAY[1, 0], ARRAY[1, 1])", "0.7071067811865475"),
      FunctionExample(
        "cosine_similarity(MAP(ARRAY['a'], ARRAY[1.0]), MAP(ARRAY['a', 'b'], ARRAY[2.0, 0.0]))",
        "1.0"
      ),
      FunctionExample("cosine_distance(ARRAY[1, 0], ARRAY[0, 5])", "1.0"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    ofArrays("dot_product", "Returns the dot product of two vectors.") { sums throws(SQLError) in
      sums.product
    },
    ofArrays("euclidean_distance", "Returns the Euclidean distance of two vectors.") {
      sums throws(SQLError) in
      sums.distance.squareRoot()
    },
    ofArrays("cosine_similarity", "Returns the cosine of the angle between two vectors.") {
      sums throws(SQLError) in
      try sums.cosine()
    },
    ofArrays("cosine_distance", "Returns 1 minus the cosine of the angle between two vectors.") {
      sums throws(SQLError) in
      1 - (try sums.cosine())
    },
    ofMaps("cosine_similarity", "Returns the cosine of the angle between two sparse vectors.") {
      $0
    },
    ofMaps("cosine_distance", "Returns 1 minus the cosine of the angle between sparse vectors.") {
      1 - $0
    },
  ]

  /// What is added up over two vectors.
  private struct Sums {
    var product = 0.0
    var leftSquares = 0.0
    var rightSquares = 0.0
    /// Of the squares of differences.
    var distance = 0.0

    mutating func add(_ left: Double, _ right: Double) {
      product += left * right
      leftSquares += left * left
      rightSquares += right * right
      distance += (left - right) * (left - right)
    }

    func cosine() throws(SQLError) -> Double {
      guard leftSquares != 0, rightSquares != 0 else {
        throw invalidArgument("Vector magnitude cannot be zero")
      }
      return product / (leftSquares * rightSquares).squareRoot()
    }
  }

  private static func ofArrays(
    _ name: String,
    _ summary: String,
    _ result: @escaping @Sendable (Sums) throws(SQLError) -> Double
  ) -> ScalarOverload {
    let array = FunctionSignature.Parameter.array(.type(.double))
    return ScalarOverload(
      FunctionSignature(name, [array, array], returns: .type(.double), summary: summary)
    ) { call throws(SQLError) in
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let vectors = arguments.map { $0.arrayElements(.double, rows: rows) }
        let elements = vectors.map(\.elements)
        let (left, right) = (elements[0].doubles, elements[1].doubles)
        // Flat, so that each row is asked for.
        let flat = arguments.map { $0.flattened() }
        defer { extendLifetime((elements, flat)) }
        return mapRows(flat, to: .double, rows: rows, range: range, errors: &errors) {
          (row: Int) throws(SQLError) -> Double? in
          let (a, b) = (vectors[0].range(row), vectors[1].range(row))
          guard a.count == b.count else {
            throw invalidArgument("The arguments must have the same length")
          }
          var sums = Sums()
          for (x, y) in zip(a, b) {
            sums.add(left.isNull(x) ? 0 : left[x], right.isNull(y) ? 0 : right[y])
          }
          return try result(sums)
        }
      }
    }
  }

  private static func ofMaps(
    _ name: String,
    _ summary: String,
    _ result: @escaping @Sendable (Double) -> Double
  ) -> ScalarOverload {
    let map = FunctionSignature.Parameter.map(.type(.text), .type(.double))
    return ScalarOverload(
      FunctionSignature(name, [map, map], returns: .type(.double), summary: summary)
    ) { _ throws(SQLError) in
      BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let keys = PickedElements(arguments.map { $0.mapKeys(.text) }, .text, rows: rows)
        let codes = try keys.codes()
        let values = arguments.map { $0.mapValues(.double).arrayElements(.double, rows: rows) }
        let elements = values.map(\.elements)
        let (left, right) = (elements[0].doubles, elements[1].doubles)
        let flat = arguments.map { $0.flattened() }
        defer { extendLifetime((elements, flat)) }
        return mapRows(flat, to: .double, rows: rows, range: nil, errors: &errors) {
          (row: Int) throws(SQLError) -> Double? in
          var weights: [Int32: Double] = [:]
          var (product, leftSquares, rightSquares) = (0.0, 0.0, 0.0)
          for (position, key) in zip(values[0].range(row), keys.range(0, row)) {
            if left.isNull(position) { return nil }
            weights[codes[key]] = left[position]
            leftSquares += left[position] * left[position]
          }
          for (position, key) in zip(values[1].range(row), keys.range(1, row)) {
            if right.isNull(position) { return nil }
            product += (weights[codes[key]] ?? 0) * right[position]
            rightSquares += right[position] * right[position]
          }
          return result(product / (leftSquares.squareRoot() * rightSquares.squareRoot()))
        }
      }
    }
  }
}
