import ApusPlanner
import ApusValues
import ApusVectors

/// `line_locate_point(line, point)`: how far along a line, from 0 to 1, it is nearest to a point.
///
///     line_locate_point(ST_GeometryFromText('LINESTRING (0 0, 0 1)'), ST_Point(0, 0.2))  →  0.2
enum LineLocatePoint: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        "line_locate_point(st_geometryfromtext('LINESTRING (0 0, 0 4)'), st_point(0, 1))",
        "0.25"
      )
    ]
  }

  static let overloads: [ScalarOverload] = [
    .rows(
      .geometry(
        "line_locate_point",
        [.geometry, .geometry],
        returns: .double,
        "Returns how far along a line, from 0 to 1, it is nearest to a point."
      )
    ) { arguments in
      let lines = ShapeColumn(arguments[0])
      let points = ShapeColumn(arguments[1])
      return { row throws(SQLError) -> Double? in
        let geometry = try lines.geometry(row)
        let point = try points.geometry(row)
        if geometry.isEmpty || point.isEmpty { return nil }
        guard geometry.kind == .lineString || geometry.kind == .multiLineString else {
          throw invalidArgument(
            "First argument to line_locate_point must be a LineString or a MultiLineString. "
              + "Got: \(geometry.kind.name)"
          )
        }
        guard case .point(let coordinate?) = point else {
          throw invalidArgument(
            "Second argument to line_locate_point must be a Point. Got: \(point.kind.name)"
          )
        }
        return location(of: coordinate, along: geometry.lines)
      }
    }
  ]

  private static func location(
    of point: Geometry.Coordinate,
    along lines: [[Geometry.Coordinate]]
  ) -> Double {
    var nearest = Double.infinity
    var result = 0.0
    var length = 0.0
    for line in lines {
      for (start, end) in zip(line, line.dropFirst()) {
        let segment = start.distance(to: end)
        let part = projection(of: point, start, end)
        let foot = Geometry.Coordinate(
          start.x + (end.x - start.x) * part,
          start.y + (end.y - start.y) * part
        )
        let distance = foot.distance(to: point)
        if distance < nearest {
          nearest = distance
          result = length + part * segment
        }
        length += segment
      }
    }
    return result / length
  }

  /// The part of a segment, from 0 to 1, at whose end it is nearest to a point.
  private static func projection(
    of point: Geometry.Coordinate,
    _ start: Geometry.Coordinate,
    _ end: Geometry.Coordinate
  ) -> Double {
    let x = end.x - start.x
    let y = end.y - start.y
    let squared = x * x + y * y
    guard squared > 0 else { return 0 }
    return min(max(((point.x - start.x) * x + (point.y - start.y) * y) / squared, 0), 1)
  }
}

/// `line_interpolate_point(line, fraction)` and `line_interpolate_points(line, step)`: points along a
/// line.
enum LineInterpolatePoint: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        "line_interpolate_point(st_geometryfromtext('LINESTRING (0 0, 3 4)'), 0.5)",
        "POINT (1.5 2)"
      ),
      FunctionExample(
        "line_interpolate_points(st_geometryfromtext('LINESTRING (0 0, 3 4)'), 0.5)",
        "[POINT (1.5 2), POINT (3 4)]"
      ),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .geometry(
      .geometry(
        "line_interpolate_point",
        [.geometry, .type(.double)],
        returns: .geometry,
        "Returns the point at a fraction (0 to 1) of the length of a line."
      )
    ) { arguments in
      let points = interpolation(arguments, isRepeated: false)
      return { row throws(SQLError) -> Geometry? in try points(row)?.first }
    },
    .geometries(
      .geometry(
        "line_interpolate_points",
        [.geometry, .type(.double)],
        returns: .array(.geometry),
        "Returns the points at each multiple of a fraction (0 to 1) of the length of a line."
      )
    ) { arguments in interpolation(arguments, isRepeated: true) },
  ]

  /// More points than these are refused.
  private static let pointLimit = 10_000_000

  private static func interpolation(_ arguments: [ColumnVector], isRepeated: Bool)
    -> GeometriesRowFunction
  {
    let shapes = ShapeColumn(arguments[0])
    let fractions = arguments[1].doubles
    return { row throws(SQLError) -> [Geometry]? in
      let geometry = try shapes.geometry(row)
      if geometry.isVoid { return nil }
      try check("line_interpolate_point", geometry.kind, isOneOf: [.lineString])
      return try points(geometry.coordinates, fractions[row], isRepeated: isRepeated)
        .map { .point($0) }
    }
  }

  private static func points(
    _ line: [Geometry.Coordinate],
    _ step: Double,
    isRepeated: Bool
  ) throws(SQLError) -> [Geometry.Coordinate] {
    guard step >= 0, step <= 1 else {
      throw invalidArgument("fraction must be between 0 and 1")
    }
    guard let first = line.first, let last = line.last else { return [] }
    if step == 0 { return [first] }
    if step == 1 { return [last] }
    let wanted = isRepeated ? (1 / step).rounded(.down) : 1
    guard wanted <= Double(pointLimit) else {
      throw invalidArgument("fraction gives more than \(pointLimit) points")
    }
    let count = Int(wanted)
    let length = Geometry.length(line)
    var points: [Geometry.Coordinate] = []
    var fraction = step
    var consumed = 0.0
    for (start, end) in zip(line, line.dropFirst()) where points.count < count {
      let segment = start.distance(to: end) / length
      while fraction < consumed + segment, points.count < count {
        let part = (fraction - consumed) / segment
        points.append(
          .init(start.x + (end.x - start.x) * part, start.y + (end.y - start.y) * part)
        )
        fraction += step
      }
      consumed += segment
    }
    if points.count < count { points.append(last) }
    return points
  }
}
