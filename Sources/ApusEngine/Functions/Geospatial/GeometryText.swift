import ApusPlanner
import ApusValues
import ApusVectors

/// `ST_AsText(geometry)` and `ST_AsBinary(geometry)`: geometries in the formats of the OGC.
///
///     ST_AsText(ST_Point(1, 2.5))  →  POINT (1 2.5)
enum GeometryText: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        "st_astext(st_point(1, 2))",
        "POINT (1 2)"
      ),
      FunctionExample(
        "to_hex(st_asbinary(st_point(1, 2)))",
        "0101000000000000000000F03F0000000000000040"
      ),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .text(.geometry("st_astext", returns: .text, "Returns the well-known text of a geometry.")) {
      arguments in
      let shapes = ShapeColumn(arguments[0])
      return { row, heap throws(SQLError) -> StringView? in
        heap.store(try shapes.geometry(row).text)
      }
    },
    .text(
      .geometry(
        "st_asbinary",
        returns: .varbinary,
        "Returns the well-known binary (WKB) of a geometry."
      )
    ) { arguments in
      let shapes = ShapeColumn(arguments[0])
      return { row, heap throws(SQLError) -> StringView? in
        heap.store(try shapes.geometry(row))
      }
    },
  ]
}

/// `from_geojson_geometry(json)` and `to_geojson_geometry(geography)`.
///
///     ST_AsText(to_geometry(from_geojson_geometry('{"type":"Point","coordinates":[1,2]}')))
///       →  POINT (1 2)
enum GeoJSONGeometry: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        #"from_geojson_geometry('{"type":"Point","coordinates":[1,2]}')"#,
        "POINT (1 2)"
      ),
      FunctionExample(
        "json_extract(to_geojson_geometry(to_spherical_geography(st_point(1, 2))), '$.coordinates')",
        "[1,2]"
      ),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .geometry(
      .geometry(
        "from_geojson_geometry",
        [.anyVarchar],
        returns: .sphericalGeography,
        "Returns the shape on the Earth of GeoJSON."
      )
    ) { arguments in
      let texts = arguments[0].texts
      return { row throws(SQLError) -> Geometry? in try Geometry(geoJSON: texts.bytes(row)) }
    },
    .text(
      .geometry(
        "to_geojson_geometry",
        [.type(.sphericalGeography)],
        returns: .text,
        "Returns the GeoJSON of a shape on the Earth."
      )
    ) { arguments in
      let shapes = ShapeColumn(arguments[0])
      return { row, heap throws(SQLError) -> StringView? in
        heap.store(try shapes.geometry(row).geoJSON)
      }
    },
  ]
}

/// `from_encoded_polyline(text)` and `to_encoded_polyline(geometry)`.
///
///     to_encoded_polyline(ST_GeometryFromText('LINESTRING (-120.2 38.5, -120.95 40.7)'))
///       →  _p~iF~ps|U_ulLnnqC
enum EncodedPolylines: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        "from_encoded_polyline('_p~iF~ps|U_ulLnnqC')",
        "LINESTRING (-120.2 38.5, -120.95 40.7)"
      ),
      FunctionExample(
        "to_encoded_polyline(st_geometryfromtext('LINESTRING (-120.2 38.5, -120.95 40.7)'))",
        "_p~iF~ps|U_ulLnnqC"
      ),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .geometry(
      .geometry(
        "from_encoded_polyline",
        [.anyVarchar],
        returns: .geometry,
        "Returns the line of an encoded polyline."
      )
    ) { arguments in
      let texts = arguments[0].texts
      return { row throws(SQLError) -> Geometry? in
        try Geometry(encodedPolyline: texts.bytes(row))
      }
    },
    .text(
      .geometry(
        "to_encoded_polyline",
        returns: .text,
        "Returns the encoded polyline of a line or of points."
      )
    ) { arguments in
      let shapes = ShapeColumn(arguments[0])
      return { row, heap throws(SQLError) -> StringView? in
        let geometry = try shapes.geometry(row)
        try check("encode_polyline", geometry.kind, isOneOf: [.lineString, .multiPoint])
        let bytes = Geometry.encodedPolyline(geometry.coordinates)
        return bytes.withUnsafeBytes { heap.store($0) }
      }
    },
  ]
}
