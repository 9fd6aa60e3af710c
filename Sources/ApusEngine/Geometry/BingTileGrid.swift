import ApusValues

#if canImport(Glibc)
  import Glibc
#endif

// Where tiles lie on the Earth: a map by Mercator's projection, 256 pixels a tile
// (https://learn.microsoft.com/bingmaps/articles/bing-maps-tile-system).

extension BingTile {
  static let latitudeLimit = 85.05112878
  static let longitudeLimit = 180.0
  private static let pixelCount: Int64 = 256

  /// The pixels of the map on a side.
  private static func mapSize(_ zoomLevel: Int32) -> Int64 { pixelCount << Int64(zoomLevel) }

  /// The tile that holds a place.
  ///
  /// - Parameters: within the limits.
  init(latitude: Double, longitude: Double, zoomLevel: Int32) {
    let size = BingTile.mapSize(zoomLevel)
    let sine = sin(latitude * .pi / 180)
    let y = 0.5 - log((1 + sine) / (1 - sine)) / (4 * .pi)
    self.init(
      x: BingTile.index((longitude + 180) / 360, size),
      y: BingTile.index(y, size),
      zoomLevel: zoomLevel
    )
  }

  private static func index(_ part: Double, _ size: Int64) -> Int32 {
    let pixel = min(max(part * Double(size), 0), Double(size - 1))
    return Int32(truncatingIfNeeded: Int64(pixel) / pixelCount)
  }

  /// The place of the upper left corner.
  var corner: Geometry.Coordinate {
    let size = BingTile.mapSize(min(max(zoomLevel, 0), BingTile.maximalZoomLevel))
    func part(_ index: Int32) -> Double {
      Double(min(max(Int64(index) * BingTile.pixelCount, 0), size)) / Double(size)
    }
    let y = 0.5 - part(self.y)
    let latitude = 90 - 360 * atan(exp(-y * 2 * .pi)) / .pi
    return Geometry.Coordinate(360 * (part(x) - 0.5), latitude)
  }

  var envelope: Geometry.Envelope {
    let upperLeft = corner
    let lowerRight = BingTile(x: x &+ 1, y: y &+ 1, zoomLevel: zoomLevel).corner
    return Geometry.Envelope(
      minX: upperLeft.x,
      minY: lowerRight.y,
      maxX: lowerRight.x,
      maxY: upperLeft.y
    )
  }

  /// A digit from 0 to 3 for each level.
  var quadKey: String {
    var digits = ""
    for level in stride(from: zoomLevel, to: 0, by: -1) {
      let mask: Int32 = 1 << (level - 1)
      digits += String((x & mask != 0 ? 1 : 0) + (y & mask != 0 ? 2 : 0))
    }
    return digits
  }

  /// - Throws: INVALID_FUNCTION_ARGUMENT for what is no key.
  init(quadKey: String) throws(SQLError) {
    guard !quadKey.isEmpty else { throw invalidArgument("QuadKey must not be empty string") }
    guard quadKey.utf8.count <= Int(BingTile.maximalZoomLevel) else {
      throw invalidArgument("QuadKey must be \(BingTile.maximalZoomLevel) characters or less")
    }
    self.init(x: 0, y: 0, zoomLevel: Int32(quadKey.utf8.count))
    for byte in quadKey.utf8 {
      guard (UInt8(ascii: "0")...UInt8(ascii: "3")).contains(byte) else {
        throw invalidArgument("Invalid QuadKey digit sequence: \(quadKey)")
      }
      x = x << 1 | Int32(byte & 1)
      y = y << 1 | Int32(byte >> 1 & 1)
    }
  }

  /// - Throws: INVALID_FUNCTION_ARGUMENT for a level that there is not.
  static func check(zoomLevel: Int32) throws(SQLError) {
    guard zoomLevel > 0 else { throw invalidArgument("Zoom level must be > 0") }
    guard zoomLevel <= maximalZoomLevel else {
      throw invalidArgument("Zoom level must be <= \(maximalZoomLevel)")
    }
  }

  static func check(latitude: Double, longitude: Double) throws(SQLError) {
    guard latitude >= -latitudeLimit, latitude <= latitudeLimit else {
      throw invalidArgument("Latitude must be between \(-latitudeLimit) and \(latitudeLimit)")
    }
    guard longitude >= -longitudeLimit, longitude <= longitudeLimit else {
      throw invalidArgument("Longitude must be between \(-longitudeLimit) and \(longitudeLimit)")
    }
  }
}

// MARK: - Around a place

extension BingTile {
  /// The tile of a place and its neighbours.
  static func around(latitude: Double, longitude: Double, zoomLevel: Int32) -> [BingTile] {
    let center = BingTile(latitude: latitude, longitude: longitude, zoomLevel: zoomLevel)
    let indices: Range<Int32> = 0..<(1 << zoomLevel)
    var tiles: [BingTile] = []
    for x in (center.x - 1)...(center.x + 1) where indices.contains(x) {
      for y in (center.y - 1)...(center.y + 1) where indices.contains(y) {
        tiles.append(BingTile(x: x, y: y, zoomLevel: zoomLevel))
      }
    }
    return tiles
  }

  /// The tiles that a circle covers; its radius is from 0 to 1000 kilometres.
  static func around(
    latitude: Double,
    longitude: Double,
    zoomLevel: Int32,
    radius: Double
  ) throws(SQLError) -> [BingTile] {
    let center = BingTile(latitude: latitude, longitude: longitude, zoomLevel: zoomLevel)
    func tile(_ latitude: Double, _ longitude: Double) -> BingTile {
      BingTile(latitude: latitude, longitude: longitude, zoomLevel: zoomLevel)
    }
    let top = tile(shifted(latitude, by: radius, isNorth: true), longitude).y
    let bottom = tile(shifted(latitude, by: radius, isNorth: false), longitude).y
    let left = tile(latitude, shifted(longitude, at: latitude, by: radius, isEast: false)).x
    let right = tile(latitude, shifted(longitude, at: latitude, by: radius, isEast: true)).x
    let sideCount = Int64(1) << Int64(zoomLevel)
    let wraps = right < left
    let width = Int64(right) - Int64(left) + 1 + (wraps ? sideCount : 0)
    let height = Int64(bottom) - Int64(top) + 1
    let count = width * height
    guard count <= 1_000_000 else {
      throw invalidArgument(
        "The number of tiles covering input rectangle exceeds the limit of 1M. "
          + "Number of tiles: \(count). Radius: \(rounded(radius, 1)) km. Zoom level: \(zoomLevel)."
      )
    }
    var tiles: [BingTile] = []
    func add(_ x: Int64, _ y: Int32) {
      tiles.append(BingTile(x: Int32(truncatingIfNeeded: x), y: y, zoomLevel: zoomLevel))
    }
    // The cross through the middle, then what of the four corners is near enough.
    for offset in 0..<width { add((Int64(left) + offset) % sideCount, center.y) }
    for y in top...max(top, bottom) where y != center.y { add(Int64(center.x), y) }
    let place = try GreatCircleDistance.Place(latitude, longitude)
    func addCorner(_ x: Int64, cornerX: Int64) throws(SQLError) {
      // From above down, then from below up: behind the first tile that is near enough all are.
      try addColumn(stride(from: top, to: center.y, by: 1), x, cornerX, cornerOffset: 1)
      try addColumn(stride(from: bottom, to: center.y, by: -1), x, cornerX, cornerOffset: 0)
    }
    func addColumn(_ rows: StrideTo<Int32>, _ x: Int64, _ cornerX: Int64, cornerOffset: Int32)
      throws(SQLError)
    {
      var isInside = false
      for y in rows {
        if !isInside {
          let corner = BingTile(
            x: Int32(truncatingIfNeeded: cornerX),
            y: y + cornerOffset,
            zoomLevel: zoomLevel
          ).corner
          isInside =
            place.distance(to: try GreatCircleDistance.Place(corner.y, corner.x)) <= radius
        }
        if isInside { add(x, y) }
      }
    }
    var x = Int64(right)
    while x != Int64(center.x) {
      try addCorner(x, cornerX: x)
      x = x == 0 ? sideCount - 1 : x - 1
    }
    x = Int64(left)
    while x != Int64(center.x) {
      try addCorner(x, cornerX: x + 1)
      x = (x + 1) % sideCount
    }
    return tiles
  }

  /// The latitude so many kilometres to the north or south, within the limits.
  private static func shifted(_ latitude: Double, by distance: Double, isNorth: Bool) -> Double {
    let latitude = latitude / 180 * .pi
    let angle = distance / GreatCircleDistance.earthRadius
    let bearing: Double = isNorth ? 0 : .pi
    let shifted = asin(
      sin(latitude) * cos(angle) + cos(latitude) * sin(angle) * cos(bearing)
    )
    return min(max(shifted * 180 / .pi, -latitudeLimit), latitudeLimit)
  }

  /// The longitude so many kilometres to the east or west, across the antimeridian if need be.
  private static func shifted(
    _ longitude: Double,
    at latitude: Double,
    by distance: Double,
    isEast: Bool
  ) -> Double {
    let latitude = latitude / 180 * .pi
    let angle = distance / GreatCircleDistance.earthRadius
    let bearing: Double = isEast ? .pi / 2 : 1.5 * .pi
    let difference = atan2(
      sin(bearing) * sin(angle) * cos(latitude),
      cos(angle) - sin(latitude) * sin(latitude)
    )
    let shifted = (longitude / 180 * .pi + difference) * 180 / .pi
    if shifted > longitudeLimit { return shifted - 2 * longitudeLimit }
    return shifted < -longitudeLimit ? shifted + 2 * longitudeLimit : shifted
  }
}

// MARK: - Over a geometry

extension BingTile {
  /// From this level on, large tiles are tried first.
  private static let coarseZoomLevel: Int32 = 10

  /// The fewest tiles that cover a geometry.
  static func covering(_ geometry: Geometry, zoomLevel: Int32, _ loan: GEOS.Loan) throws(SQLError)
    -> [BingTile]
  {
    let envelope = geometry.envelope
    if envelope.isEmpty { return [] }
    guard envelope.minY >= -latitudeLimit, envelope.maxY <= latitudeLimit else {
      throw invalidArgument(
        "Latitude span for the geometry must be in [-85.05, 85.05] range"
      )
    }
    guard envelope.minX >= -longitudeLimit, envelope.maxX <= longitudeLimit else {
      throw invalidArgument(
        "Longitude span for the geometry must be in [-180.00, 180.00] range"
      )
    }
    let isRectangle = geometry.isPointOrRectangle(envelope)
    let upperLeft = BingTile(
      latitude: envelope.maxY,
      longitude: envelope.minX,
      zoomLevel: zoomLevel
    )
    let lowerRight = lowerRight(of: envelope, zoomLevel)
    let columns = Int64(lowerRight.x) - Int64(upperLeft.x) + 1
    let rows = Int64(lowerRight.y) - Int64(upperLeft.y) + 1
    try checkLimits(geometry, envelope, isRectangle, columns * rows, zoomLevel)
    guard columns > 0, rows > 0 else { return [] }
    let search = TileSearch(geometry, zoomLevel, isRectangle ? nil : try loan.geos)
    if isRectangle || zoomLevel <= coarseZoomLevel {
      for x in upperLeft.x...lowerRight.x {
        for y in upperLeft.y...lowerRight.y {
          try search.addIfMet(BingTile(x: x, y: y, zoomLevel: zoomLevel))
        }
      }
      return search.tiles
    }
    let divisor: Int32 = 1 << (zoomLevel - coarseZoomLevel)
    for x in (upperLeft.x / divisor)...(lowerRight.x / divisor) {
      for y in (upperLeft.y / divisor)...(lowerRight.y / divisor) {
        try search.addParts(of: BingTile(x: x, y: y, zoomLevel: coarseZoomLevel))
      }
    }
    return search.tiles
  }

  /// The tile of the lower right corner, or the one before if only its edge is there.
  private static func lowerRight(of envelope: Geometry.Envelope, _ zoomLevel: Int32) -> BingTile {
    var tile = BingTile(latitude: envelope.minY, longitude: envelope.maxX, zoomLevel: zoomLevel)
    let corner = tile.corner
    if corner.x == envelope.maxX { tile.x -= 1 }
    if corner.y == envelope.minY { tile.y -= 1 }
    return tile
  }

  private static func checkLimits(
    _ geometry: Geometry,
    _ envelope: Geometry.Envelope,
    _ isRectangle: Bool,
    _ count: Int64,
    _ zoomLevel: Int32
  ) throws(SQLError) {
    if isRectangle {
      if count <= 1_000_000 { return }
      let bounds = [
        "xMin=\(rounded(envelope.minX, 2))", "yMin=\(rounded(envelope.minY, 2))",
        "xMax=\(rounded(envelope.maxX, 2))", "yMax=\(rounded(envelope.maxY, 2))",
      ]
      throw invalidArgument(
        "The number of tiles covering input rectangle exceeds the limit of 1M. Number of tiles: "
          + "\(count). Rectangle: \(bounds.joined(separator: ", ")). Zoom level: \(zoomLevel)."
      )
    }
    guard count <= Int32.max else {
      throw invalidArgument("The zoom level is too high to compute a set of covering Bing tiles.")
    }
    let pointCount = Int64(geometry.coordinates.count - geometry.leaves.flatMap(\.rings).count)
    let complexity = count.multipliedReportingOverflow(by: pointCount)
    guard !complexity.overflow, complexity.partialValue <= 25_000_000 else {
      throw invalidArgument(
        "The zoom level is too high or the geometry is too complex to compute a set of covering "
          + "Bing tiles. Please use a lower zoom level or convert the geometry to its bounding box "
          + "using the ST_Envelope function."
      )
    }
  }

  /// A number with so many digits behind the point.
  private static func rounded(_ value: Double, _ digits: Int) -> String {
    let scale = digits == 1 ? 10.0 : 100.0
    let scaled = (value.magnitude * scale).rounded()
    let whole = Int64(scaled / scale)
    let fraction = String(Int64(scaled) - whole * Int64(scale))
    let zeros = String(repeating: "0", count: digits - fraction.count)
    return "\(value < 0 ? "-" : "")\(whole).\(zeros)\(fraction)"
  }
}

/// Gathers tiles that a geometry meets.
private final class TileSearch {
  private(set) var tiles: [BingTile] = []
  private let leaves: [Geometry]
  private let zoomLevel: Int32
  /// Nil if every tile is met.
  private let geos: GEOS?

  init(_ geometry: Geometry, _ zoomLevel: Int32, _ geos: GEOS?) {
    leaves = geometry.leaves
    self.zoomLevel = zoomLevel
    self.geos = geos
  }

  func addIfMet(_ tile: BingTile) throws(SQLError) {
    if try isMet(tile) { tiles.append(tile) }
  }

  /// Adds the tiles of the wanted level within a larger one.
  func addParts(of tile: BingTile) throws(SQLError) {
    if tile.zoomLevel >= zoomLevel { return try addIfMet(tile) }
    if try isCovered(tile) {
      let count: Int32 = 1 << (zoomLevel - tile.zoomLevel)
      for x in (tile.x * count)..<(tile.x * count + count) {
        for y in (tile.y * count)..<(tile.y * count + count) {
          tiles.append(BingTile(x: x, y: y, zoomLevel: zoomLevel))
        }
      }
      return
    }
    guard try isMet(tile) else { return }
    for x in (2 * tile.x)...(2 * tile.x + 1) {
      for y in (2 * tile.y)...(2 * tile.y + 1) {
        try addParts(of: BingTile(x: x, y: y, zoomLevel: tile.zoomLevel + 1))
      }
    }
  }

  private func isMet(_ tile: BingTile) throws(SQLError) -> Bool {
    guard let geos else { return true }
    return try anyLeaf(.intersects, geos, tile)
  }

  private func isCovered(_ tile: BingTile) throws(SQLError) -> Bool {
    guard let geos else { return false }
    return try anyLeaf(.contains, geos, tile)
  }

  private func anyLeaf(_ relation: GeometryRelation, _ geos: GEOS, _ tile: BingTile)
    throws(SQLError) -> Bool
  {
    let envelope = tile.envelope
    for leaf in leaves where relation.answer(leaf.envelope, envelope) == nil {
      if try geos.relate(relation, leaf, envelope.polygon) { return true }
    }
    return false
  }
}

extension Geometry {
  /// Whether it is its own envelope.
  fileprivate func isPointOrRectangle(_ envelope: Envelope) -> Bool {
    switch self {
    case .point: return true
    case .polygon(let rings):
      guard rings.count == 1, rings[0].count == 5 else { return false }
      return rings[0].allSatisfy {
        ($0.x == envelope.minX || $0.x == envelope.maxX)
          && ($0.y == envelope.minY || $0.y == envelope.maxY)
      }
    default: return false
    }
  }
}
