import ApusPlanner
import ApusValues
import ApusVectors

/// `bing_tile(x, y, zoom_level)` and the other functions of tiles of the Bing maps.
///
///     bing_tile_quadkey(bing_tile(3, 5, 3))  →  213
enum BingTiles: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        "bing_tile(3, 5, 3)",
        "{x=3, y=5, zoom=3}"
      ),
      FunctionExample(
        "bing_tile_at(30.12, 60, 15)",
        "{x=21845, y=13506, zoom=15}"
      ),
      FunctionExample(
        "bing_tile_quadkey(bing_tile(3, 5, 3))",
        "213"
      ),
      FunctionExample(
        "bing_tile_zoom_level(bing_tile('213'))",
        "3"
      ),
      FunctionExample(
        "bing_tile_polygon(bing_tile('0'))",
        "POLYGON ((-180 0, 0 0, 0 85.05112877980659, -180 85.05112877980659, -180 0))"
      ),
      FunctionExample(
        "bing_tile_coordinates(bing_tile('213'))",
        "{x=3, y=5}"
      ),
      FunctionExample(
        "transform(bing_tiles_around(30.12, 60, 1), tile -> bing_tile_quadkey(tile))",
        "[0, 2, 1, 3]"
      ),
      FunctionExample(
        "geometry_to_bing_tiles(st_point(60, 30.12), 10)",
        "[{x=682, y=422, zoom=10}]"
      ),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .rows(
      .geometry(
        "bing_tile",
        [.type(.integer), .type(.integer), .type(.integer)],
        returns: .bingTile,
        "Returns the tile of coordinates at a zoom level from 1 to 23."
      )
    ) { arguments in
      let numbers = arguments.map { $0.operand(as: Int32.self) }
      return { row throws(SQLError) -> Int64? in
        let zoomLevel = numbers[2][row]
        try BingTile.check(zoomLevel: zoomLevel)
        let limit: Int32 = 1 << zoomLevel
        for number in numbers[..<2] where !(0..<limit).contains(number[row]) {
          throw invalidArgument(
            "XY coordinates for a Bing tile at zoom level \(zoomLevel) must be within "
              + "[0, \(limit)) range"
          )
        }
        return BingTile(x: numbers[0][row], y: numbers[1][row], zoomLevel: zoomLevel).encoded
      }
    },
    .rows(
      .geometry(
        "bing_tile",
        [.anyVarchar],
        returns: .bingTile,
        "Returns the tile of a quad key."
      )
    ) { arguments in
      let keys = arguments[0].texts
      return { row throws(SQLError) -> Int64? in
        try BingTile(quadKey: keys[row].string).encoded
      }
    },
    .rows(
      .geometry(
        "bing_tile_at",
        [.type(.double), .type(.double), .type(.integer)],
        returns: .bingTile,
        "Returns the tile that holds a place (latitude, longitude) at a zoom level."
      )
    ) { arguments in
      let latitudes = arguments[0].doubles
      let longitudes = arguments[1].doubles
      let zoomLevels = arguments[2].operand(as: Int32.self)
      return { row throws(SQLError) -> Int64? in
        try BingTile.check(latitude: latitudes[row], longitude: longitudes[row])
        try BingTile.check(zoomLevel: zoomLevels[row])
        return BingTile(
          latitude: latitudes[row],
          longitude: longitudes[row],
          zoomLevel: zoomLevels[row]
        ).encoded
      }
    },
    .text(
      .geometry(
        "bing_tile_quadkey",
        [.type(.bingTile)],
        returns: .text,
        "Returns the quad key of a tile."
      )
    ) { arguments in
      let tiles = arguments[0].bigints
      return { row, heap throws(SQLError) -> StringView? in heap.store(try tile(tiles[row]).quadKey)
      }
    },
    .rows(
      .geometry(
        "bing_tile_zoom_level",
        [.type(.bingTile)],
        returns: .tinyint,
        "Returns the zoom level of a tile."
      )
    ) { arguments in
      let tiles = arguments[0].bigints
      return { row throws(SQLError) -> Int8? in
        Int8(truncatingIfNeeded: try tile(tiles[row]).zoomLevel)
      }
    },
    .text(
      .geometry(
        "bing_tile_polygon",
        [.type(.bingTile)],
        returns: .geometry,
        "Returns the rectangle of a tile in degrees."
      )
    ) { arguments in
      let tiles = arguments[0].bigints
      return { row, heap throws(SQLError) -> StringView? in
        let bytes = Geometry.envelopeBytes(try tile(tiles[row]).envelope)
        return bytes.withUnsafeBytes { heap.store($0) }
      }
    },
    coordinates,
    arrays(
      "bing_tiles_around",
      [.type(.double), .type(.double), .type(.integer)],
      "Returns the tile that holds a place (latitude, longitude), and its neighbours."
    ) { arguments in
      let places = TilePlaces(arguments)
      return { row throws(SQLError) -> [BingTile]? in
        let (latitude, longitude, zoomLevel) = try places.place(row)
        return BingTile.around(latitude: latitude, longitude: longitude, zoomLevel: zoomLevel)
      }
    },
    arrays(
      "bing_tiles_around",
      [.type(.double), .type(.double), .type(.integer), .type(.double)],
      "Returns the tiles that cover a circle around a place, its radius in kilometres."
    ) { arguments in
      let places = TilePlaces(arguments)
      let radii = arguments[3].doubles
      return { row throws(SQLError) -> [BingTile]? in
        let (latitude, longitude, zoomLevel) = try places.place(row)
        let radius = radii[row]
        guard radius >= 0 else { throw invalidArgument("Radius must be >= 0") }
        guard radius <= 1000 else { throw invalidArgument("Radius must be <= 1,000 km") }
        return try BingTile.around(
          latitude: latitude,
          longitude: longitude,
          zoomLevel: zoomLevel,
          radius: radius
        )
      }
    },
    arrays(
      "geometry_to_bing_tiles",
      [.geometry, .type(.integer)],
      "Returns the fewest tiles of a zoom level that cover a geometry."
    ) { arguments in
      let shapes = ShapeColumn(arguments[0])
      let zoomLevels = arguments[1].operand(as: Int32.self)
      let loan = GEOS.Loan()
      return { row throws(SQLError) -> [BingTile]? in
        try BingTile.check(zoomLevel: zoomLevels[row])
        return try BingTile.covering(
          try shapes.geometry(row),
          zoomLevel: zoomLevels[row],
          loan
        )
      }
    },
  ]

  private static let coordinatesType = SQLType.row([
    RowField("x", .integer), RowField("y", .integer),
  ])

  private static let coordinates = ScalarOverload(
    .geometry(
      "bing_tile_coordinates",
      [.type(.bingTile)],
      returns: coordinatesType,
      "Returns the coordinates of a tile."
    )
  ) { call throws(SQLError) in
    let range = call.range
    return BatchEvaluator { arguments, rows, errors throws(SQLError) in
      let tiles = arguments[0].bigints
      let count = rows.rowCount
      var isValid = [UInt8](repeating: 0, count: count)
      let x = VectorBuilder(type: .integer, capacity: count)
      let y = VectorBuilder(type: .integer, capacity: count)
      x.zeroValues()
      y.zeroValues()
      rows.visit { row in
        if arguments[0].isNull(row) { return }
        do throws(SQLError) {
          let tile = try tile(tiles[row])
          x.values(as: Int32.self)[row] = tile.x
          y.values(as: Int32.self)[row] = tile.y
          isValid[row] = 1
        } catch {
          errors.record(error.located(at: range), row: row)
        }
      }
      return .rows(
        [x.finish(count: count), y.finish(count: count)],
        type: coordinatesType,
        count: count,
        validity: isValid
      )
    }
  }

  private static func arrays(
    _ name: String,
    _ parameters: [FunctionSignature.Parameter],
    _ summary: String,
    _ make:
      @escaping @Sendable ([ColumnVector]) -> (_ row: Int) throws(SQLError) -> [BingTile]?
  ) -> ScalarOverload {
    .arrays(
      .geometry(name, parameters, returns: .array(.bingTile), summary),
      element: .bingTile,
      make
    ) { builder, position, tile in builder.values(as: Int64.self)[position] = tile.encoded }
  }

  /// - Throws: INVALID_FUNCTION_ARGUMENT for bits that are no tile; they come from a cast.
  private static func tile(_ encoded: Int64) throws(SQLError) -> BingTile {
    let tile = BingTile(encoded: encoded)
    guard tile.zoomLevel <= BingTile.maximalZoomLevel else {
      throw invalidArgument("Zoom level must be <= \(BingTile.maximalZoomLevel)")
    }
    return tile
  }
}

/// Latitudes, longitudes and zoom levels of a batch.
private struct TilePlaces {
  private let latitudes: KernelOperand<Double>
  private let longitudes: KernelOperand<Double>
  private let zoomLevels: KernelOperand<Int32>

  init(_ arguments: [ColumnVector]) {
    latitudes = arguments[0].doubles
    longitudes = arguments[1].doubles
    zoomLevels = arguments[2].operand(as: Int32.self)
  }

  /// - Throws: INVALID_FUNCTION_ARGUMENT for what is not on the map.
  func place(_ row: Int) throws(SQLError) -> (Double, Double, Int32) {
    try BingTile.check(latitude: latitudes[row], longitude: longitudes[row])
    try BingTile.check(zoomLevel: zoomLevels[row])
    return (latitudes[row], longitudes[row], zoomLevels[row])
  }
}
