import ApusPlanner
import ApusValues
import ApusVectors

/// `$spatial_below(x, distance)` and `$spatial_above(x, distance)`: a little more than the distance to the
/// left and to the right of a place, whatever was rounded.
///
/// Joins put them into the bounds of `ST_Distance(a, b) <= distance`; no statement can call them.
enum SpatialReach: ScalarFunction {
  static let overloads: [ScalarOverload] = [
    .binary(signature("$spatial_below")) { (x: Double, distance: Double) in
      x - distance - slack(x, distance)
    },
    .binary(signature("$spatial_above")) { (x: Double, distance: Double) in
      x + distance + slack(x, distance)
    },
  ]

  private static func signature(_ name: String) -> FunctionSignature {
    FunctionSignature(
      name,
      [.type(.double), .type(.double)],
      returns: .type(.double),
      summary: "Returns a place at a distance from another."
    )
  }

  private static func slack(_ x: Double, _ distance: Double) -> Double {
    (x.magnitude + distance.magnitude) * 1e-12
  }
}
