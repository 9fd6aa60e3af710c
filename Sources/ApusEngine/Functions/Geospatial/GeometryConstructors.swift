import ApusPlanner
import ApusValues
import ApusVectors

/// `ST_Point(x, y)`, and geometries of texts and of points.
///
///     ST_Polygon('POLYGON ((0 0, 0 1, 1 1, 0 0))')  →  POLYGON ((0 0, 1 1, 0 1, 0 0))
enum GeometryConstructors: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        "st_point(1, 2.5)",
        "POINT (1 2.5)"
      ),
      FunctionExample(
        "st_geometryfromtext('POLYGON ((0 0, 0 1, 1 1))')",
        "POLYGON ((0 0, 1 1, 0 1, 0 0))"
      ),
      FunctionExample(
        "st_linefromtext('LINESTRING (1 1, 2 3)')",
        "LINESTRING (1 1, 2 3)"
      ),
      FunctionExample(
        "st_polygon('POLYGON ((0 0, 1 0, 1 1))')",
        "POLYGON ((0 0, 1 0, 1 1, 0 0))"
      ),
      FunctionExample(
        "st_linestring(ARRAY[st_point(1, 2), st_point(3, 4)])",
        "LINESTRING (1 2, 3 4)"
      ),
      FunctionExample(
        "st_multipoint(ARRAY[st_point(1, 2), st_point(3, 4)])",
        "MULTIPOINT ((1 2), (3 4))"
      ),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .text(
      .geometry(
        "st_point",
        [.type(.double), .type(.double)],
        returns: .geometry,
        "Returns the point of a longitude (x) and a latitude (y)."
      )
    ) { arguments in
      let x = arguments[0].doubles
      let y = arguments[1].doubles
      return { row, heap throws(SQLError) -> StringView? in
        let isPoint = !x[row].isNaN && !y[row].isNaN
        return isPoint ? heap.storePoint(x[row], y[row]) : heap.storePoint(.nan, .nan)
      }
    },
    text("st_geometryfromtext", "Returns the geometry of a well-known text.", nil),
    text("st_linefromtext", "Returns the line of a well-known text.", .lineString),
    text("st_polygon", "Returns the polygon of a well-known text.", .polygon),
    lineString,
    multiPoint,
  ]

  /// A function of WKT that gives a kind of geometry, or any.
  private static func text(_ name: String, _ summary: String, _ kind: Geometry.Kind?)
    -> ScalarOverload
  {
    let shown = name == "st_polygon" ? "ST_Polygon" : "ST_LineFromText"
    return .geometry(.geometry(name, [.anyVarchar], returns: .geometry, summary)) { arguments in
      let texts = arguments[0].texts
      return { row throws(SQLError) -> Geometry? in
        let geometry = try Geometry(text: texts.bytes(row))
        if let kind { try check(shown, geometry.kind, isOneOf: [kind]) }
        return geometry
      }
    }
  }

  private static let lineString = points(
    .geometry(
      "st_linestring",
      [.type(.array(.geometry))],
      returns: .geometry,
      "Returns the line through an array of points."
    )
  ) { points throws(SQLError) -> Geometry? in
    var line: [Geometry.Coordinate] = []
    for (index, point) in points.enumerated() {
      guard let point else {
        throw invalid("ST_LineString", "null point at index", index)
      }
      guard case .point(let coordinate) = point else {
        throw invalidArgument(
          "ST_LineString takes only an array of valid points, \(point.kind.name) was passed"
        )
      }
      guard let coordinate else { throw invalid("ST_LineString", "empty point at index", index) }
      if coordinate == line.last {
        throw invalid("ST_LineString", "consecutive duplicate points at index", index)
      }
      line.append(coordinate)
    }
    return .lineString(line.count < 2 ? [] : line)
  }

  private static let multiPoint = points(
    .geometry(
      "st_multipoint",
      [.type(.array(.geometry))],
      returns: .geometry,
      "Returns the geometry of several points; NULL for none."
    )
  ) { points throws(SQLError) -> Geometry? in
    var coordinates: [Geometry.Coordinate] = []
    for (index, point) in points.enumerated() {
      guard let point else { throw invalid("ST_MultiPoint", "null at index", index) }
      guard case .point(let coordinate) = point else {
        throw invalid(
          "ST_MultiPoint",
          "geometry is not a point: \(point.kind.name) at index",
          index
        )
      }
      guard let coordinate else { throw invalid("ST_MultiPoint", "empty point at index", index) }
      coordinates.append(coordinate)
    }
    return coordinates.isEmpty ? nil : .multiPoint(coordinates)
  }

  private static func invalid(_ function: String, _ problem: String, _ index: Int) -> SQLError {
    invalidArgument("Invalid input to \(function): \(problem) \(index + 1)")
  }

  /// A function of an array of geometries, nil for NULLs.
  static func points(
    _ signature: FunctionSignature,
    _ make: @escaping @Sendable ([Geometry?]) throws(SQLError) -> Geometry?
  ) -> ScalarOverload {
    ScalarOverload(signature) { call throws(SQLError) in
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let parts = arguments[0].arrayElements(.geometry, rows: rows)
        defer { extendLifetime(parts) }
        let shapes = ShapeColumn(parts.elements)
        return mapText(arguments, to: .geometry, rows: rows, range: range, errors: &errors) {
          (row: Int, heap: StringHeap) throws(SQLError) -> StringView? in
          var geometries: [Geometry?] = []
          for position in parts.range(row) {
            geometries.append(
              parts.elements.isNull(position) ? nil : try shapes.geometry(position)
            )
          }
          guard let made = try make(geometries) else { return nil }
          return heap.store(made)
        }
      }
    }
  }
}

/// `ST_GeomFromBinary(wkb)` and `geometry_from_hadoop_shape(bytes)`: geometries of bytes.
enum GeometryFromBytes: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        "st_geomfrombinary(st_asbinary(st_point(1, 2)))",
        "POINT (1 2)"
      ),
      FunctionExample(
        "geometry_from_hadoop_shape(\n  from_hex('000000000101000000000000000000F03F0000000000000040'))",
        "POINT (1 2)"
      ),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .geometry(
      .geometry(
        "st_geomfrombinary",
        [.type(.varbinary)],
        returns: .geometry,
        "Returns the geometry of well-known binary (WKB)."
      )
    ) { arguments in
      let bytes = arguments[0].texts
      return { row throws(SQLError) -> Geometry? in
        guard let geometry = Geometry(wkb: bytes.bytes(row)) else {
          throw invalidArgument("Invalid WKB")
        }
        return geometry.normalized
      }
    },
    .geometry(
      .geometry(
        "geometry_from_hadoop_shape",
        [.type(.varbinary)],
        returns: .geometry,
        "Returns the geometry of bytes of the Spatial Framework for Hadoop."
      )
    ) { arguments in
      let bytes = arguments[0].texts
      return { row throws(SQLError) -> Geometry? in try Geometry(hadoopShape: bytes.bytes(row)) }
    },
  ]
}

/// `to_spherical_geography(geometry)` and `to_geometry(geography)`.
enum GeographyConversions: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        "to_spherical_geography(st_point(-86.67, 36.12))",
        "POINT (-86.67 36.12)"
      ),
      FunctionExample(
        "to_geometry(to_spherical_geography(st_point(1, 2)))",
        "POINT (1 2)"
      ),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .text(
      .geometry(
        "to_spherical_geography",
        returns: .sphericalGeography,
        "Returns a geometry of degrees as a shape on the Earth."
      )
    ) { arguments in
      let shapes = ShapeColumn(arguments[0])
      return { row, heap throws(SQLError) -> StringView? in
        let envelope = try shapes.summary(row).envelope
        if !envelope.isEmpty {
          guard envelope.minY >= -90, envelope.maxY <= 90 else {
            throw invalidArgument("Latitude must be between -90 and 90")
          }
          guard envelope.minX >= -180, envelope.maxX <= 180 else {
            throw invalidArgument("Longitude must be between -180 and 180")
          }
        }
        return heap.store(shapes.bytes(row))
      }
    },
    .text(
      .geometry(
        "to_geometry",
        [.type(.sphericalGeography)],
        returns: .geometry,
        "Returns a shape on the Earth as a geometry of degrees."
      )
    ) { arguments in
      let views = arguments[0].texts
      return { row, heap throws(SQLError) -> StringView? in views[row] }
    },
  ]
}
