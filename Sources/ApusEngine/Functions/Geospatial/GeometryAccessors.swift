import ApusPlanner
import ApusValues
import ApusVectors

/// `ST_X(point)`, `ST_XMin(geometry)` and the other numbers that stand in a geometry.
enum GeometryNumbers: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        "st_x(st_point(1, 2))",
        "1.0"
      ),
      FunctionExample(
        "st_y(st_point(1, 2))",
        "2.0"
      ),
      FunctionExample(
        "st_xmin(st_geometryfromtext('LINESTRING (0 0, 3 4)'))",
        "0.0"
      ),
      FunctionExample(
        "st_xmax(st_geometryfromtext('LINESTRING (0 0, 3 4)'))",
        "3.0"
      ),
      FunctionExample(
        "st_ymin(st_geometryfromtext('LINESTRING (0 0, 3 4)'))",
        "0.0"
      ),
      FunctionExample(
        "st_ymax(st_geometryfromtext('LINESTRING (0 0, 3 4)'))",
        "4.0"
      ),
      FunctionExample(
        "st_coorddim(st_point(1, 2))",
        "2"
      ),
      FunctionExample(
        "st_dimension(st_geometryfromtext('POLYGON ((0 0, 2 0, 2 2, 0 2))'))",
        "2"
      ),
      FunctionExample(
        "st_numgeometries(st_geometryfromtext('MULTIPOINT (1 2, 3 4)'))",
        "2"
      ),
      FunctionExample(
        "st_numpoints(st_geometryfromtext('POLYGON ((0 0, 2 0, 2 2, 0 2))'))",
        "4"
      ),
      FunctionExample(
        "st_numinteriorring(st_geometryfromtext('POLYGON ((0 0, 3 0, 3 3), (1 0.5, 2 0.5, 2 1))'))",
        "1"
      ),
    ]
  }

  static let overloads: [ScalarOverload] = [
    ordinate("ST_X", "Returns the x of a point.", \.x),
    ordinate("ST_Y", "Returns the y of a point.", \.y),
    bound("st_xmin", "Returns the lowest x of a geometry.", \.minX),
    bound("st_xmax", "Returns the highest x of a geometry.", \.maxX),
    bound("st_ymin", "Returns the lowest y of a geometry.", \.minY),
    bound("st_ymax", "Returns the highest y of a geometry.", \.maxY),
    .rows(
      .geometry("st_coorddim", returns: .tinyint, "Returns 2, the dimension of coordinates.")
    ) { arguments in
      let shapes = ShapeColumn(arguments[0])
      return { row throws(SQLError) -> Int8? in
        _ = try shapes.summary(row)
        return 2
      }
    },
    .rows(
      .geometry(
        "st_dimension",
        returns: .tinyint,
        "Returns the dimension of a geometry: 0 for points, 1 for lines, 2 for areas."
      )
    ) { arguments in
      let shapes = ShapeColumn(arguments[0])
      return { row throws(SQLError) -> Int8? in Int8(try shapes.geometry(row).dimension) }
    },
    .rows(
      .geometry(
        "st_numgeometries",
        returns: .integer,
        "Returns the number of parts of a geometry of several, 1 for any other, 0 if it is empty."
      )
    ) { arguments in
      let shapes = ShapeColumn(arguments[0])
      return { row throws(SQLError) -> Int32? in
        let geometry = try shapes.geometry(row)
        return geometry.isVoid ? 0 : Int32(truncatingIfNeeded: geometry.parts.count)
      }
    },
    .rows(
      .geometry(
        "st_numpoints",
        returns: .bigint,
        "Returns the number of points of a geometry; where a ring closes is one."
      )
    ) { arguments in
      let shapes = ShapeColumn(arguments[0])
      return { row throws(SQLError) -> Int64? in
        let geometry = try shapes.geometry(row)
        var count = 0
        for leaf in geometry.leaves {
          count += leaf.coordinates.count - leaf.rings.count
        }
        return Int64(count)
      }
    },
    .rows(
      .geometry(
        "st_numinteriorring",
        returns: .bigint,
        "Returns the number of holes of a polygon."
      )
    ) { arguments in
      let shapes = ShapeColumn(arguments[0])
      return { row throws(SQLError) -> Int64? in
        let rings = try shapes.geometry(row, for: "ST_NumInteriorRing", .polygon).rings
        return rings.isEmpty ? nil : Int64(rings.count - 1)
      }
    },
  ]

  private static func ordinate(
    _ function: String,
    _ summary: String,
    _ value: @escaping @Sendable (Geometry.Coordinate) -> Double
  ) -> ScalarOverload {
    .rows(.geometry(function.lowercased(), returns: .double, summary)) { arguments in
      let shapes = ShapeColumn(arguments[0])
      return { row throws(SQLError) -> Double? in
        if let point = Geometry.point(shapes.bytes(row)) {
          return point.x.isNaN || point.y.isNaN ? nil : value(point)
        }
        try check(function, try shapes.summary(row).kind, isOneOf: [.point])
        return nil
      }
    }
  }

  private static func bound(
    _ name: String,
    _ summary: String,
    _ value: @escaping @Sendable (Geometry.Envelope) -> Double
  ) -> ScalarOverload {
    .rows(.geometry(name, returns: .double, summary)) { arguments in
      let shapes = ShapeColumn(arguments[0])
      return { row throws(SQLError) -> Double? in
        let envelope = try shapes.summary(row).envelope
        return envelope.isEmpty ? nil : value(envelope)
      }
    }
  }
}

extension Geometry {
  /// Whether there is nothing to it; to Esri a collection of empty parts is something.
  var isVoid: Bool {
    if case .collection(let parts) = self { parts.isEmpty } else { isEmpty }
  }
}

/// `ST_GeometryType(geometry)`: the kind of a geometry, such as `ST_Point`.
enum GeometryTypeName: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        "st_geometrytype(st_point(1, 2))",
        "ST_Point"
      )
    ]
  }

  static let overloads: [ScalarOverload] = [
    .text(
      .geometry(
        "st_geometrytype",
        returns: .text,
        "Returns the kind of a geometry, such as ST_Point or ST_GeomCollection."
      )
    ) { arguments in
      let shapes = ShapeColumn(arguments[0])
      return { row, heap throws(SQLError) -> StringView? in
        let kind = try shapes.summary(row).kind
        return heap.store(kind == .collection ? "ST_GeomCollection" : "ST_" + kind.name)
      }
    }
  ]
}

/// `ST_GeometryN(geometry, n)`, `ST_StartPoint(line)` and the other parts of a geometry.
enum GeometryParts: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        "st_geometryn(st_geometryfromtext('MULTIPOINT (1 2, 3 4)'), 2)",
        "POINT (3 4)"
      ),
      FunctionExample(
        "st_pointn(st_geometryfromtext('LINESTRING (0 0, 3 4)'), 2)",
        "POINT (3 4)"
      ),
      FunctionExample(
        "st_interiorringn(st_geometryfromtext('POLYGON ((0 0, 3 0, 3 3), (1 0.5, 2 0.5, 2 1))'), 1)",
        "LINESTRING (1 0.5, 2 1, 2 0.5, 1 0.5)"
      ),
      FunctionExample(
        "st_startpoint(st_geometryfromtext('LINESTRING (0 0, 3 4)'))",
        "POINT (0 0)"
      ),
      FunctionExample(
        "st_endpoint(st_geometryfromtext('LINESTRING (0 0, 3 4)'))",
        "POINT (3 4)"
      ),
      FunctionExample(
        "st_exteriorring(st_geometryfromtext('POLYGON ((0 0, 2 0, 2 2, 0 2))'))",
        "LINESTRING (0 0, 2 0, 2 2, 0 2, 0 0)"
      ),
      FunctionExample(
        "st_geometries(st_geometryfromtext('MULTIPOINT (1 2, 3 4)'))",
        "[POINT (1 2), POINT (3 4)]"
      ),
      FunctionExample(
        "st_interiorrings(st_geometryfromtext('POLYGON ((0 0, 3 0, 3 3), (1 0.5, 2 0.5, 2 1))'))",
        "[LINESTRING (1 0.5, 2 1, 2 0.5, 1 0.5)]"
      ),
      FunctionExample(
        "st_points(st_geometryfromtext('LINESTRING (0 0, 3 4)'))",
        "[POINT (0 0), POINT (3 4)]"
      ),
      FunctionExample(
        "st_envelopeaspts(st_geometryfromtext('LINESTRING (0 0, 3 4)'))",
        "[POINT (0 0), POINT (3 4)]"
      ),
    ]
  }

  static let overloads: [ScalarOverload] = [
    part(
      "st_geometryn",
      "Returns a part of a geometry of several, counted from 1; NULL if there is none."
    ) { geometry throws(SQLError) in geometry.isVoid ? [] : geometry.parts },
    part(
      "st_pointn",
      "Returns a point of a line, counted from 1; NULL if there is none."
    ) { geometry throws(SQLError) in
      try check("ST_PointN", geometry.kind, isOneOf: [.lineString])
      return geometry.coordinates.map { .point($0) }
    },
    part(
      "st_interiorringn",
      "Returns a hole of a polygon as a line, counted from 1; NULL if there is none."
    ) { geometry throws(SQLError) in
      try check("ST_InteriorRingN", geometry.kind, isOneOf: [.polygon])
      return geometry.rings.dropFirst().map { .lineString($0) }
    },
    line("ST_StartPoint", "Returns the first point of a line.") { .point($0.first) },
    line("ST_EndPoint", "Returns the last point of a line.") { .point($0.last) },
    .geometry(
      .geometry("st_exteriorring", returns: .geometry, "Returns the outer ring of a polygon.")
    ) { arguments in
      let shapes = ShapeColumn(arguments[0])
      return { row throws(SQLError) -> Geometry? in
        try shapes.geometry(row, for: "ST_ExteriorRing", .polygon).rings.first
          .map { .lineString($0) }
      }
    },
    arrays("st_geometries", "Returns the parts of a geometry; NULL if it is empty.") {
      geometry throws(SQLError) in geometry.isVoid ? nil : geometry.parts
    },
    arrays("st_interiorrings", "Returns the holes of a polygon as lines; NULL if it is empty.") {
      geometry throws(SQLError) in
      try check("ST_InteriorRings", geometry.kind, isOneOf: [.polygon])
      return geometry.isEmpty ? nil : geometry.rings.dropFirst().map { .lineString($0) }
    },
    arrays("st_points", "Returns the points of a geometry; NULL if it is empty.") {
      geometry throws(SQLError) in
      // Rings as Trino keeps them, which is not how it shows them.
      geometry.isEmpty ? nil : geometry.reversed.coordinates.map { .point($0) }
    },
    arrays(
      "st_envelopeaspts",
      "Returns the lower left and the upper right corner of the rectangle around a geometry."
    ) { geometry throws(SQLError) in
      let envelope = geometry.envelope
      if envelope.isEmpty { return nil }
      return [
        .point(.init(envelope.minX, envelope.minY)), .point(.init(envelope.maxX, envelope.maxY)),
      ]
    },
  ]

  private static func part(
    _ name: String,
    _ summary: String,
    _ parts: @escaping @Sendable (Geometry) throws(SQLError) -> [Geometry]
  ) -> ScalarOverload {
    .geometry(.geometry(name, [.geometry, .type(.integer)], returns: .geometry, summary)) {
      arguments in
      let shapes = ShapeColumn(arguments[0])
      let numbers = arguments[1].operand(as: Int32.self)
      return { row throws(SQLError) -> Geometry? in
        let parts = try parts(try shapes.geometry(row))
        let index = Int(numbers[row]) - 1
        return parts.indices.contains(index) ? parts[index] : nil
      }
    }
  }

  private static func line(
    _ function: String,
    _ summary: String,
    _ make: @escaping @Sendable ([Geometry.Coordinate]) -> Geometry
  ) -> ScalarOverload {
    .geometry(.geometry(function.lowercased(), returns: .geometry, summary)) { arguments in
      let shapes = ShapeColumn(arguments[0])
      return { row throws(SQLError) -> Geometry? in
        let line = try shapes.geometry(row, for: function, .lineString).coordinates
        return line.isEmpty ? nil : make(line)
      }
    }
  }

  private static func arrays(
    _ name: String,
    _ summary: String,
    _ parts: @escaping @Sendable (Geometry) throws(SQLError) -> [Geometry]?
  ) -> ScalarOverload {
    .geometries(.geometry(name, returns: .array(.geometry), summary)) { arguments in
      let shapes = ShapeColumn(arguments[0])
      return { row throws(SQLError) -> [Geometry]? in try parts(try shapes.geometry(row)) }
    }
  }
}

/// `ST_IsEmpty(geometry)`, `ST_IsClosed(line)`, `ST_IsRing(line)`.
enum GeometryTests: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        "st_isempty(st_geometryfromtext('POINT EMPTY'))",
        "true"
      ),
      FunctionExample(
        "st_isclosed(st_geometryfromtext('LINESTRING (0 0, 3 4)'))",
        "false"
      ),
      FunctionExample(
        "st_isring(st_geometryfromtext('LINESTRING (0 0, 1 0, 1 1, 0 0)'))",
        "true"
      ),
      FunctionExample(
        "st_issimple(st_geometryfromtext('LINESTRING (0 0, 1 1, 1 0, 0 1)'))",
        "false"
      ),
      FunctionExample(
        "st_isvalid(st_geometryfromtext('POLYGON ((0 0, 1 1, 0 1, 1 0))'))",
        "false"
      ),
    ]
  }

  static let overloads: [ScalarOverload] = [
    test("st_isempty", "Returns whether a geometry has no point.") {
      shapes,
      row,
      _
        throws(SQLError) in try shapes.summary(row).envelope.isEmpty
    },
    test("st_isclosed", "Returns whether all lines end where they begin.") {
      shapes,
      row,
      _
        throws(SQLError) in
      let lines = try shapes.geometry(row, for: "ST_IsClosed", .lineString, .multiLineString).lines
      return lines.allSatisfy { $0.first == $0.last }
    },
    test("st_isring", "Returns whether a line ends where it begins and does not meet itself.") {
      shapes,
      row,
      loan throws(SQLError) in
      let geometry = try shapes.geometry(row, for: "ST_IsRing", .lineString)
      guard let line = geometry.lines.first, line.first == line.last else { return false }
      return try loan.geos.invalidReason(geometry) == nil
    },
    test(
      "st_issimple",
      "Returns whether a geometry does not meet itself but where its lines end."
    ) { shapes, row, loan throws(SQLError) in
      try loan.geos.invalidReason(try shapes.geometry(row)) == nil
    },
    test("st_isvalid", "Returns whether a geometry is well formed.") {
      shapes,
      row,
      loan
        throws(SQLError) in try loan.geos.invalidReason(try shapes.geometry(row)) == nil
    },
  ]

  private static func test(
    _ name: String,
    _ summary: String,
    _ holds:
      @escaping @Sendable (ShapeColumn, _ row: Int, GEOS.Loan) throws(SQLError) -> Bool
  ) -> ScalarOverload {
    .rows(.geometry(name, returns: .boolean, summary)) { arguments in
      let shapes = ShapeColumn(arguments[0])
      let loan = GEOS.Loan()
      return { row throws(SQLError) -> UInt8? in bit(try holds(shapes, row, loan)) }
    }
  }
}

/// `geometry_invalid_reason(geometry)`: why a geometry is not well formed; NULL if it is.
enum GeometryInvalidReason: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        "geometry_invalid_reason(st_geometryfromtext('MULTIPOINT (1 2, 1 2)'))",
        "Repeated points at or near (1.0 2.0) and (1.0 2.0)"
      )
    ]
  }

  static let overloads: [ScalarOverload] = [
    .text(
      .geometry(
        "geometry_invalid_reason",
        returns: .text,
        "Returns why a geometry is not well formed; NULL if it is."
      )
    ) { arguments in
      let shapes = ShapeColumn(arguments[0])
      let loan = GEOS.Loan()
      return { row, heap throws(SQLError) -> StringView? in
        guard let reason = try loan.geos.invalidReason(try shapes.geometry(row)) else {
          return nil
        }
        return heap.store(reason)
      }
    }
  ]
}
