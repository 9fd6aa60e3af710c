import ApusPlanner
import ApusValues
import ApusVectors

/// `ST_Area`, `ST_Length` and `ST_Distance` in the plane and on the Earth.
///
///     ST_Distance(ST_Point(50, 100), ST_Point(150, 150))  →  111.80339887498948
enum GeometryMeasures: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        "st_area(st_geometryfromtext('POLYGON ((0 0, 2 0, 2 2, 0 2))'))",
        "4.0"
      ),
      FunctionExample(
        "st_length(st_geometryfromtext('LINESTRING (0 0, 3 4)'))",
        "5.0"
      ),
      FunctionExample(
        "st_distance(st_point(0, 0), st_point(3, 4))",
        "5.0"
      ),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .rows(.geometry("st_area", returns: .double, "Returns the area of a geometry.")) {
      arguments in
      let shapes = ShapeColumn(arguments[0])
      return { row throws(SQLError) -> Double? in
        try shapes.geometry(row).leaves.reduce(0) { $0 + $1.area }
      }
    },
    .rows(
      .geometry(
        "st_area",
        [.type(.sphericalGeography)],
        returns: .double,
        "Returns the area of a polygon on the Earth in square metres."
      )
    ) { arguments in
      let shapes = ShapeColumn(arguments[0])
      return { row throws(SQLError) -> Double? in
        let geometry = try shapes.geometry(row)
        if geometry.isVoid { return nil }
        try checkSpherical("ST_Area", geometry.kind, isOneOf: [.polygon, .multiPolygon])
        return try SphericalArea.area(of: geometry)
      }
    },
    .rows(.geometry("st_length", returns: .double, "Returns the length of a line or of several.")) {
      arguments in
      let shapes = ShapeColumn(arguments[0])
      return { row throws(SQLError) -> Double? in
        let geometry = try shapes.geometry(row, for: "ST_Length", .lineString, .multiLineString)
        return geometry.lines.reduce(0) { $0 + Geometry.length($1) }
      }
    },
    .rows(
      .geometry(
        "st_length",
        [.type(.sphericalGeography)],
        returns: .double,
        "Returns the length of lines on the Earth in metres."
      )
    ) { arguments in
      let shapes = ShapeColumn(arguments[0])
      return { row throws(SQLError) -> Double? in
        let geometry = try shapes.geometry(row)
        if geometry.isVoid { return nil }
        try checkSpherical("ST_Length", geometry.kind, isOneOf: [.lineString, .multiLineString])
        var sum = 0.0
        for line in geometry.lines {
          for (start, end) in zip(line, line.dropFirst()) { sum += try distance(start, end) }
        }
        return sum * 1000
      }
    },
    .rows(
      .geometry(
        "st_distance",
        [.geometry, .geometry],
        returns: .double,
        "Returns the distance of two geometries; NULL if one is empty."
      )
    ) { arguments in
      let left = ShapeColumn(arguments[0])
      let right = ShapeColumn(arguments[1])
      let loan = GEOS.Loan()
      return { row throws(SQLError) -> Double? in
        if let first = Geometry.point(left.bytes(row)),
          let second = Geometry.point(right.bytes(row))
        {
          let isEmpty = first.x.isNaN || first.y.isNaN || second.x.isNaN || second.y.isNaN
          return isEmpty ? nil : first.distance(to: second)
        }
        let envelopes = (try left.summary(row).envelope, try right.summary(row).envelope)
        if envelopes.0.isEmpty || envelopes.1.isEmpty { return nil }
        return try loan.geos.distance(left, right, row)
      }
    },
    .rows(
      .geometry(
        "st_distance",
        [.type(.sphericalGeography), .type(.sphericalGeography)],
        returns: .double,
        "Returns the distance of two points on the Earth in metres."
      )
    ) { arguments in
      let left = ShapeColumn(arguments[0])
      let right = ShapeColumn(arguments[1])
      return { row throws(SQLError) -> Double? in
        let first = try left.geometry(row)
        let second = try right.geometry(row)
        if first.isVoid || second.isVoid { return nil }
        try checkSpherical("ST_Distance", first.kind, isOneOf: [.point])
        try checkSpherical("ST_Distance", second.kind, isOneOf: [.point])
        guard case (.point(let start?), .point(let end?)) = (first, second) else { return nil }
        return try distance(start, end) * 1000
      }
    },
  ]

  private static func distance(_ start: Geometry.Coordinate, _ end: Geometry.Coordinate)
    throws(SQLError) -> Double
  {
    let place = try GreatCircleDistance.Place(start.y, start.x)
    return place.distance(to: try GreatCircleDistance.Place(end.y, end.x))
  }

  private static func checkSpherical(
    _ function: String,
    _ kind: Geometry.Kind,
    isOneOf kinds: [Geometry.Kind]
  ) throws(SQLError) {
    if kinds.contains(kind) { return }
    let names = kinds.map(\.errorName).joined(separator: " or ")
    throw invalidArgument(
      "When applied to SphericalGeography inputs, \(function) only supports \(names). "
        + "Input type is: \(kind.errorName)"
    )
  }
}

extension Geometry {
  /// The area of a shape that is no collection.
  fileprivate var area: Double {
    rings.reduce(0) { $0 + Geometry.signedArea($1) }.magnitude
  }
}

/// `ST_Centroid(geometry)`: the centre of the points, lines or areas of a geometry.
enum GeometryCentroid: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        "st_centroid(st_geometryfromtext('POLYGON ((0 0, 2 0, 2 2, 0 2))'))",
        "POINT (1 1)"
      )
    ]
  }

  static let overloads: [ScalarOverload] = [
    .geometry(
      .geometry("st_centroid", returns: .geometry, "Returns the centre of a geometry.")
    ) { arguments in
      let shapes = ShapeColumn(arguments[0])
      return { row throws(SQLError) -> Geometry? in
        let geometry = try shapes.geometry(
          row,
          for: "ST_Centroid",
          .point,
          .multiPoint,
          .lineString,
          .multiLineString,
          .polygon,
          .multiPolygon
        )
        if case .point = geometry { return geometry }
        return .point(geometry.centroid)
      }
    }
  ]
}

extension Geometry {
  /// The centre of its areas, or of its lines if they have none, or of its points; nil if it is empty.
  fileprivate var centroid: Coordinate? {
    if isEmpty { return nil }
    if dimension == 2, let centre = centreOfAreas { return centre }
    if dimension >= 1, let centre = centreOfLines { return centre }
    let points = coordinates
    let count = Double(points.count)
    return Coordinate(
      points.reduce(0) { $0 + $1.x } / count,
      points.reduce(0) { $0 + $1.y } / count
    )
  }

  /// In the order of Esri's sums, so that digits are those of Trino.
  private var centreOfAreas: Coordinate? {
    var area = 0.0
    var x = 0.0
    var y = 0.0
    for ring in reversed.rings {
      for (start, end) in zip(ring, ring.dropFirst()) {
        let product = start.x * end.y - end.x * start.y
        area += product / 2
        x += (start.x + end.x) * product
        y += (start.y + end.y) * product
      }
    }
    guard area != 0 else { return nil }
    return Coordinate(x / (area * 6), y / (area * 6))
  }

  private var centreOfLines: Coordinate? {
    var length = 0.0
    var x = 0.0
    var y = 0.0
    for path in dimension == 2 ? rings : lines {
      for (start, end) in zip(path, path.dropFirst()) {
        let distance = start.distance(to: end)
        length += distance
        x += (start.x + end.x) / 2 * distance
        y += (start.y + end.y) / 2 * distance
      }
    }
    return length == 0 ? nil : Coordinate(x / length, y / length)
  }
}

/// `geometry_nearest_points(a, b)`: the points of two geometries that are nearest to each other.
enum GeometryNearestPoints: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        "geometry_nearest_points(st_geometryfromtext('POLYGON ((0 0, 2 0, 2 2, 0 2))'), st_point(5, 1))",
        "{POINT (2 1), POINT (5 1)}"
      )
    ]
  }

  private static let type = SQLType.row([RowField(nil, .geometry), RowField(nil, .geometry)])

  static let overloads = [
    ScalarOverload(
      .geometry(
        "geometry_nearest_points",
        [.geometry, .geometry],
        returns: type,
        "Returns the two points of geometries that are nearest to each other."
      )
    ) { call throws(SQLError) in
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let left = ShapeColumn(arguments[0])
        let right = ShapeColumn(arguments[1])
        let loan = GEOS.Loan()
        let count = rows.rowCount
        var isValid = [UInt8](repeating: 0, count: count)
        let first = VectorBuilder(type: .geometry, capacity: count)
        let second = VectorBuilder(type: .geometry, capacity: count)
        rows.visit { row in
          if arguments.contains(where: { $0.isNull(row) }) { return }
          do throws(SQLError) {
            let shapes = (try left.geometry(row), try right.geometry(row))
            if shapes.0.isEmpty || shapes.1.isEmpty { return }
            let points = try loan.geos.nearest(shapes.0, shapes.1)
            first.values(as: StringView.self)[row] = first.heap.store(.point(points.0))
            second.values(as: StringView.self)[row] = second.heap.store(.point(points.1))
            isValid[row] = 1
          } catch {
            errors.record(error.located(at: range), row: row)
          }
        }
        return .rows(
          [first.finish(count: count), second.finish(count: count)],
          type: type,
          count: count,
          validity: isValid
        )
      }
    }
  ]
}
