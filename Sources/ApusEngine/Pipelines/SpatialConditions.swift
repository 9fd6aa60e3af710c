import ApusPlanner
import ApusValues

/// What a question about two geometries says of the rectangles around them, in inequalities by which
/// a join finds the rows that may answer yes. The question itself is asked of these.
///
///     ST_Contains(a, b)        ST_XMin(b) BETWEEN ST_XMin(a) AND ST_XMax(a), ST_YMin(b) >= ST_YMin(a)
///     ST_Distance(a, b) <= r   ST_XMin(b) <= ST_XMax(a) + r, ST_XMax(b) >= ST_XMin(a) - r
enum SpatialConditions {
  /// Returns the inequalities that hold where a term is true; none if it is no such question.
  static func implied(by term: Expression) -> [Expression] {
    switch term {
    case .call(let call):
      guard call.arguments.count == 2, call.function.parameterTypes.allSatisfy({ $0 == .geometry })
      else { return [] }
      switch call.function.name {
      case "st_contains": return contains(call.arguments[0], call.arguments[1])
      case "st_within": return contains(call.arguments[1], call.arguments[0])
      case "st_intersects", "st_equals", "st_overlaps", "st_touches", "st_crosses":
        return near(call.arguments[0], call.arguments[1], nil)
      default: return []
      }
    case .comparison(let comparison):
      switch comparison.op {
      case .less, .lessOrEqual: return distance(comparison.left, within: comparison.right)
      case .greater, .greaterOrEqual: return distance(comparison.right, within: comparison.left)
      case .equal, .notEqual, .isDistinctFrom: return []
      }
    default:
      return []
    }
  }

  private static func distance(_ distance: Expression, within limit: Expression) -> [Expression] {
    guard case .call(let call) = distance, call.function.name == "st_distance",
      call.function.parameterTypes.first == .geometry, limit.type == .double
    else { return [] }
    return near(call.arguments[0], call.arguments[1], limit)
  }

  /// Every coordinate of the second is within the rectangle of the first.
  private static func contains(_ first: Expression, _ second: Expression) -> [Expression] {
    [
      atLeast(bound("st_xmin", second), bound("st_xmin", first)),
      atLeast(bound("st_xmax", first), bound("st_xmin", second)),
      atLeast(bound("st_ymin", second), bound("st_ymin", first)),
    ]
  }

  /// The rectangles meet, or are no farther from each other than a limit.
  private static func near(_ first: Expression, _ second: Expression, _ limit: Expression?)
    -> [Expression]
  {
    if isPoint(first), !isPoint(second) { return near(second, first, limit) }
    let withFirst = near(first, limit, second, nil)
    guard let limit, !limit.columns.isEmpty else { return withFirst }
    // Of the two, those count that have the limit beside the geometry of the same input of the join.
    return withFirst + near(first, nil, second, limit)
  }

  private static func near(
    _ first: Expression,
    _ firstLimit: Expression?,
    _ second: Expression,
    _ secondLimit: Expression?
  ) -> [Expression] {
    let left = lower("st_xmin", first, firstLimit)
    let right = upper("st_xmax", first, firstLimit)
    if isPoint(second) {
      return [
        atLeast(upper("st_xmin", second, secondLimit), left),
        atLeast(right, lower("st_xmin", second, secondLimit)),
        atLeast(upper("st_ymin", second, secondLimit), lower("st_ymin", first, firstLimit)),
      ]
    }
    return [
      atLeast(right, lower("st_xmin", second, secondLimit)),
      atLeast(upper("st_xmax", second, secondLimit), left),
    ]
  }

  private static func isPoint(_ geometry: Expression) -> Bool {
    if case .call(let call) = geometry { call.function.name == "st_point" } else { false }
  }

  private static func atLeast(_ left: Expression, _ right: Expression) -> Expression {
    .comparison(Comparison(.greaterOrEqual, left, right))
  }

  private static func bound(_ name: String, _ geometry: Expression) -> Expression {
    call(name, [geometry], [.geometry])
  }

  private static func lower(_ name: String, _ geometry: Expression, _ limit: Expression?)
    -> Expression
  {
    let bound = bound(name, geometry)
    return limit.map { call("$spatial_below", [bound, $0], [.double, .double]) } ?? bound
  }

  private static func upper(_ name: String, _ geometry: Expression, _ limit: Expression?)
    -> Expression
  {
    let bound = bound(name, geometry)
    return limit.map { call("$spatial_above", [bound, $0], [.double, .double]) } ?? bound
  }

  private static func call(_ name: String, _ arguments: [Expression], _ types: [SQLType])
    -> Expression
  {
    .call(
      Call(
        function: BoundFunction(
          name: name,
          overload: 0,
          parameterTypes: types,
          returnType: .double,
          isDeterministic: true
        ),
        arguments: arguments,
        range: nil
      )
    )
  }
}
