import ApusPlanner
import ApusValues
import ApusVectors

/// `ST_Intersection(a, b)` and the other geometries that are made of two, or of many.
enum GeometryOverlay: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        "st_intersection(st_geometryfromtext('POLYGON ((0 0, 2 0, 2 2, 0 2))'), st_geometryfromtext('LINESTRING (1 1, 5 1)'))",
        "LINESTRING (1 1, 2 1)"
      ),
      FunctionExample(
        "st_difference(st_geometryfromtext('LINESTRING (0 0, 4 0)'), st_geometryfromtext('LINESTRING (1 0, 2 0)'))",
        "MULTILINESTRING ((0 0, 1 0), (2 0, 4 0))"
      ),
      FunctionExample(
        "st_symdifference(st_point(1, 2), st_point(3, 4))",
        "MULTIPOINT ((1 2), (3 4))"
      ),
      FunctionExample(
        "st_union(st_point(1, 2), st_point(3, 4))",
        "MULTIPOINT ((1 2), (3 4))"
      ),
      FunctionExample(
        "geometry_union(ARRAY[st_point(1, 2), st_point(3, 4), st_point(1, 2)])",
        "MULTIPOINT ((1 2), (3 4))"
      ),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .text(
      .geometry(
        "st_intersection",
        [.geometry, .geometry],
        returns: .geometry,
        "Returns what two geometries share."
      )
    ) { arguments in
      let left = ShapeColumn(arguments[0])
      let right = ShapeColumn(arguments[1])
      let loan = GEOS.Loan()
      return { row, heap throws(SQLError) -> StringView? in
        if Geometry.isEnvelope(left.bytes(row)), Geometry.isEnvelope(right.bytes(row)) {
          return heap.store(try left.summary(row).envelope, try right.summary(row).envelope)
        }
        return heap.store(
          try loan.geos.intersection(try left.geometry(row), try right.geometry(row))
        )
      }
    },
    combining("st_difference", "Returns what the first geometry has and the second has not.") {
      left,
      right,
      geos throws(SQLError) in try geos.difference(left, right)
    },
    combining("st_symdifference", "Returns what one of two geometries has and the other has not.") {
      left,
      right,
      geos throws(SQLError) in
      for geometry in [left, right] where geometry.kind == .collection {
        throw invalidArgument("ST_SymDifference does not support GEOMETRY_COLLECTION")
      }
      return try geos.symmetricDifference(left, right)
    },
    combining("st_union", "Returns what any of two geometries has.") {
      left,
      right,
      geos throws(SQLError) in try geos.union([left, right])
    },
    GeometryConstructors.points(
      .geometry(
        "geometry_union",
        [.type(.array(.geometry))],
        returns: .geometry,
        "Returns what any geometry of an array has; NULL for an empty array."
      )
    ) { geometries throws(SQLError) -> Geometry? in
      if geometries.isEmpty { return nil }
      return try GEOS.borrowed { geos throws(SQLError) in
        try geos.union(geometries.compactMap { $0 })
      }
    },
  ]

  private static func combining(
    _ name: String,
    _ summary: String,
    _ combine:
      @escaping @Sendable (Geometry, Geometry, GEOS) throws(SQLError) -> Geometry
  ) -> ScalarOverload {
    .geometry(.geometry(name, [.geometry, .geometry], returns: .geometry, summary)) {
      arguments in
      let left = ShapeColumn(arguments[0])
      let right = ShapeColumn(arguments[1])
      let loan = GEOS.Loan()
      return { row throws(SQLError) -> Geometry? in
        try combine(try left.geometry(row), try right.geometry(row), try loan.geos)
      }
    }
  }
}

extension StringHeap {
  /// What two rectangles of ST_Envelope share: a rectangle again, a line, a point or nothing.
  fileprivate func store(_ left: Geometry.Envelope, _ right: Geometry.Envelope) -> StringView {
    guard left.intersects(right) else { return store(.polygon([])) }
    let shared = Geometry.Envelope(
      minX: max(left.minX, right.minX),
      minY: max(left.minY, right.minY),
      maxX: min(left.maxX, right.maxX),
      maxY: min(left.maxY, right.maxY)
    )
    let lower = Geometry.Coordinate(shared.minX, shared.minY)
    let upper = Geometry.Coordinate(shared.maxX, shared.maxY)
    if lower == upper { return store(.point(lower)) }
    if lower.x == upper.x || lower.y == upper.y { return store(.lineString([lower, upper])) }
    return Geometry.envelopeBytes(shared).withUnsafeBytes { store($0) }
  }
}

/// `ST_Envelope(geometry)`, `ST_Boundary(geometry)`, `ST_ConvexHull(geometry)` and the other geometries
/// that are made of one.
enum GeometryTransformations: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        "st_envelope(st_geometryfromtext('LINESTRING (0 0, 3 4)'))",
        "POLYGON ((0 0, 3 0, 3 4, 0 4, 0 0))"
      ),
      FunctionExample(
        "st_boundary(st_geometryfromtext('LINESTRING (0 0, 3 4)'))",
        "MULTIPOINT ((0 0), (3 4))"
      ),
      FunctionExample(
        "st_convexhull(st_geometryfromtext('MULTIPOINT (0 0, 2 0, 1 1, 1 3)'))",
        "POLYGON ((0 0, 2 0, 1 3, 0 0))"
      ),
      FunctionExample(
        "round(st_area(st_buffer(st_point(0, 0), 1)), 2)",
        "3.14"
      ),
      FunctionExample(
        "simplify_geometry(st_geometryfromtext('LINESTRING (0 0, 1 0.1, 2 0)'), 0.5)",
        "LINESTRING (0 0, 2 0)"
      ),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .text(
      .geometry("st_envelope", returns: .geometry, "Returns the rectangle around a geometry.")
    ) { arguments in
      let shapes = ShapeColumn(arguments[0])
      return { row, heap throws(SQLError) -> StringView? in
        let bytes = Geometry.envelopeBytes(try shapes.summary(row).envelope)
        return bytes.withUnsafeBytes { heap.store($0) }
      }
    },
    .geometry(
      .geometry(
        "st_boundary",
        returns: .geometry,
        "Returns the ends of lines that no other line shares, or the rings of areas."
      )
    ) { arguments in
      let shapes = ShapeColumn(arguments[0])
      return { row throws(SQLError) -> Geometry? in
        let geometry = try shapes.geometry(row)
        guard geometry.kind != .collection else {
          throw invalidArgument("ST_Boundary does not support GEOMETRY_COLLECTION")
        }
        return geometry.boundary
      }
    },
    .geometry(
      .geometry(
        "st_convexhull",
        returns: .geometry,
        "Returns the smallest convex geometry around another."
      )
    ) { arguments in
      let shapes = ShapeColumn(arguments[0])
      let loan = GEOS.Loan()
      return { row throws(SQLError) -> Geometry? in
        try shapes.geometry(row).convexHull(loan)
      }
    },
    .geometry(
      .geometry(
        "st_buffer",
        [.geometry, .type(.double)],
        returns: .geometry,
        "Returns the geometry of all points within a distance of another."
      )
    ) { arguments in
      let shapes = ShapeColumn(arguments[0])
      let distances = arguments[1].doubles
      let loan = GEOS.Loan()
      return { row throws(SQLError) -> Geometry? in
        let distance = distances[row]
        if distance.isNaN { throw invalidArgument("distance is NaN") }
        if distance < 0 { throw invalidArgument("distance is negative") }
        let geometry = try shapes.geometry(row)
        if distance == 0 { return geometry }
        return geometry.isEmpty ? nil : try loan.geos.buffer(geometry, distance)
      }
    },
    .geometry(
      .geometry(
        "simplify_geometry",
        [.geometry, .type(.double)],
        returns: .geometry,
        "Returns a geometry of fewer points, none of which was farther off than a tolerance."
      )
    ) { arguments in
      let shapes = ShapeColumn(arguments[0])
      let tolerances = arguments[1].doubles
      let loan = GEOS.Loan()
      return { row throws(SQLError) -> Geometry? in
        let tolerance = tolerances[row]
        if tolerance.isNaN { throw invalidArgument("distanceTolerance is NaN") }
        if tolerance < 0 { throw invalidArgument("distanceTolerance is negative") }
        let geometry = try shapes.geometry(row)
        if tolerance == 0 || geometry.isEmpty { return geometry }
        return try loan.geos.simplified(geometry, tolerance)
      }
    },
  ]
}

extension Geometry {
  /// The smallest convex shape around it; itself if it is a point or empty.
  func convexHull(_ loan: GEOS.Loan) throws(SQLError) -> Geometry {
    if isVoid || kind == .point { return self }
    let coordinates = coordinates
    return coordinates.isEmpty ? .point(nil) : try loan.geos.convexHull(coordinates)
  }

  /// The ends of lines, those that an odd number of them has, or the rings of areas.
  fileprivate var boundary: Geometry {
    switch self {
    case .point, .multiPoint, .collection: return .multiPoint([])
    case .polygon, .multiPolygon: return .multiLineString(rings)
    case .lineString, .multiLineString:
      var ends: [Coordinate] = []
      for line in lines {
        for end in [line.first, line.last] {
          guard let end else { continue }
          if let index = ends.firstIndex(of: end) {
            ends.remove(at: index)
          } else {
            ends.append(end)
          }
        }
      }
      return .multiPoint(ends)
    }
  }
}
