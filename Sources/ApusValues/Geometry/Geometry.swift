/// A shape: what a value of the types Geometry and SphericalGeography is.
///
/// Shapes are those of "Simple Feature Access" (OGC 06-103r4) in two dimensions. Rings are closed, and
/// a polygon's first ring runs against the clock, its holes with it, which is how Trino shows them:
/// `normalized` sees to that.
package indirect enum Geometry: Sendable, Equatable {
  /// Nil is the empty point.
  case point(Coordinate?)
  case lineString([Coordinate])
  /// The outer ring, then the holes; none for the empty polygon.
  case polygon([[Coordinate]])
  case multiPoint([Coordinate])
  case multiLineString([[Coordinate]])
  case multiPolygon([[[Coordinate]]])
  case collection([Geometry])

  package struct Coordinate: Sendable, Equatable {
    package var x: Double
    package var y: Double

    package init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// What kind of shape it is, by its number in WKB.
  package enum Kind: UInt32, Sendable {
    case point = 1
    case lineString
    case polygon
    case multiPoint
    case multiLineString
    case multiPolygon
    case collection

    /// What errors call it.
    package var errorName: String {
      switch self {
      case .point: "POINT"
      case .lineString: "LINE_STRING"
      case .polygon: "POLYGON"
      case .multiPoint: "MULTI_POINT"
      case .multiLineString: "MULTI_LINE_STRING"
      case .multiPolygon: "MULTI_POLYGON"
      case .collection: "GEOMETRY_COLLECTION"
      }
    }

    /// What the standard calls it.
    package var name: String {
      switch self {
      case .point: "Point"
      case .lineString: "LineString"
      case .polygon: "Polygon"
      case .multiPoint: "MultiPoint"
      case .multiLineString: "MultiLineString"
      case .multiPolygon: "MultiPolygon"
      case .collection: "GeometryCollection"
      }
    }

    package var isMultiple: Bool { rawValue >= Kind.multiPoint.rawValue }
  }

  package var kind: Kind {
    switch self {
    case .point: .point
    case .lineString: .lineString
    case .polygon: .polygon
    case .multiPoint: .multiPoint
    case .multiLineString: .multiLineString
    case .multiPolygon: .multiPolygon
    case .collection: .collection
    }
  }
}

extension Geometry {
  /// 0 for points, 1 for lines, 2 for areas; a collection's is its highest.
  package var dimension: Int {
    switch self {
    case .point, .multiPoint: 0
    case .lineString, .multiLineString: 1
    case .polygon, .multiPolygon: 2
    case .collection(let parts): parts.map(\.dimension).max() ?? 0
    }
  }

  /// Whether there is no coordinate in it.
  package var isEmpty: Bool {
    switch self {
    case .point(let coordinate): coordinate == nil
    case .lineString(let line): line.isEmpty
    case .multiPoint(let points): points.isEmpty
    case .polygon(let rings): rings.allSatisfy(\.isEmpty)
    case .multiLineString(let lines): lines.allSatisfy(\.isEmpty)
    case .multiPolygon(let polygons): polygons.allSatisfy { $0.allSatisfy(\.isEmpty) }
    case .collection(let parts): parts.allSatisfy(\.isEmpty)
    }
  }

  /// Calls `body` with each run of coordinates, rings with both of their ends.
  package func visitPaths(_ body: ([Coordinate]) -> Void) {
    switch self {
    case .point(let coordinate): if let coordinate { body([coordinate]) }
    case .lineString(let line): body(line)
    case .multiPoint(let points): body(points)
    case .polygon(let rings): rings.forEach(body)
    case .multiLineString(let lines): lines.forEach(body)
    case .multiPolygon(let polygons): for rings in polygons { rings.forEach(body) }
    case .collection(let parts): for part in parts { part.visitPaths(body) }
    }
  }

  /// All coordinates in the order of the text.
  package var coordinates: [Coordinate] {
    var result: [Coordinate] = []
    visitPaths { result += $0 }
    return result
  }

  /// The parts that are no collections themselves.
  package var leaves: [Geometry] {
    if case .collection(let parts) = self { parts.flatMap(\.leaves) } else { [self] }
  }

  /// The parts of a shape of several, itself of any other.
  package var parts: [Geometry] {
    switch self {
    case .point, .lineString, .polygon: [self]
    case .multiPoint(let points): points.map { .point($0) }
    case .multiLineString(let lines): lines.map { .lineString($0) }
    case .multiPolygon(let polygons): polygons.map { .polygon($0) }
    case .collection(let parts): parts
    }
  }

  /// The rings of a polygon or of several.
  package var rings: [[Coordinate]] {
    switch self {
    case .polygon(let rings): rings
    case .multiPolygon(let polygons): polygons.flatMap { $0 }
    case .point, .lineString, .multiPoint, .multiLineString, .collection: []
    }
  }

  /// The lines of a line string or of several.
  package var lines: [[Coordinate]] {
    switch self {
    case .lineString(let line): line.isEmpty ? [] : [line]
    case .multiLineString(let lines): lines
    case .point, .polygon, .multiPoint, .multiPolygon, .collection: []
    }
  }

  /// The shape with closed rings that turn as they should, and without empty parts of lines and areas.
  package var normalized: Geometry {
    switch self {
    case .point(let coordinate):
      if let coordinate, coordinate.x.isNaN || coordinate.y.isNaN { return .point(nil) }
      return self
    case .lineString, .multiPoint: return self
    case .multiLineString(let lines): return .multiLineString(lines.filter { !$0.isEmpty })
    case .polygon(let rings): return .polygon(Geometry.normalized(rings))
    case .multiPolygon(let polygons):
      return .multiPolygon(polygons.map(Geometry.normalized).filter { !$0.isEmpty })
    case .collection(let parts): return .collection(parts.map(\.normalized))
    }
  }

  private static func normalized(_ rings: [[Coordinate]]) -> [[Coordinate]] {
    let rings = rings.filter { !$0.isEmpty }
    return rings.enumerated().map { index, ring in
      var ring = ring
      if ring.count < 2 || ring[0] != ring[ring.count - 1] { ring.append(ring[0]) }
      let area = signedArea(ring)
      if index == 0 ? area < 0 : area > 0 { ring.reverse() }
      return ring
    }
  }

  /// The shape with each ring in the other direction, which is how Trino keeps it inside.
  package var reversed: Geometry {
    switch self {
    case .point, .lineString, .multiPoint, .multiLineString: self
    case .polygon(let rings): .polygon(rings.map { $0.reversed() })
    case .multiPolygon(let polygons): .multiPolygon(polygons.map { $0.map { $0.reversed() } })
    case .collection(let parts): .collection(parts.map(\.reversed))
    }
  }

  /// The area within a closed ring, negative if it runs with the clock.
  package static func signedArea(_ ring: [Coordinate]) -> Double {
    guard let origin = ring.first else { return 0 }
    var sum = 0.0
    for index in 1..<max(ring.count, 1) {
      let previous = ring[index - 1]
      let next = ring[index]
      sum += (previous.x - origin.x) * (next.y - origin.y)
      sum -= (next.x - origin.x) * (previous.y - origin.y)
    }
    return sum / 2
  }

  /// The length of a line.
  package static func length(_ line: [Coordinate]) -> Double {
    zip(line, line.dropFirst()).reduce(0) { $0 + $1.0.distance(to: $1.1) }
  }

  package var envelope: Envelope {
    var result = Envelope()
    visitPaths { path in
      for coordinate in path { result.include(coordinate) }
    }
    return result
  }

  /// The smallest rectangle along the axes around a shape.
  package struct Envelope: Sendable, Equatable {
    package var minX = Double.infinity
    package var minY = Double.infinity
    package var maxX = -Double.infinity
    package var maxY = -Double.infinity
    /// Whether no coordinate was there, or none that is a number.
    package private(set) var isEmpty = true
    /// Whether all coordinates are finite.
    package private(set) var isFinite = true

    package init() {}

    package init(minX: Double, minY: Double, maxX: Double, maxY: Double) {
      self.minX = minX
      self.minY = minY
      self.maxX = maxX
      self.maxY = maxY
      isEmpty = false
    }

    @inline(__always)
    package mutating func include(_ coordinate: Coordinate) {
      let x = coordinate.x
      let y = coordinate.y
      if !x.isFinite || !y.isFinite { isFinite = false }
      if x.isNaN || y.isNaN { return }
      isEmpty = false
      if x < minX { minX = x }
      if x > maxX { maxX = x }
      if y < minY { minY = y }
      if y > maxY { maxY = y }
    }

    package func intersects(_ other: Envelope) -> Bool {
      !isEmpty && !other.isEmpty && minX <= other.maxX && other.minX <= maxX && minY <= other.maxY
        && other.minY <= maxY
    }

    package func contains(_ other: Envelope) -> Bool {
      !isEmpty && !other.isEmpty && minX <= other.minX && other.maxX <= maxX && minY <= other.minY
        && other.maxY <= maxY
    }

    package var polygon: Geometry {
      let corner = Coordinate(minX, minY)
      return isEmpty
        ? .polygon([])
        : .polygon([
          [corner, Coordinate(maxX, minY), Coordinate(maxX, maxY), Coordinate(minX, maxY), corner]
        ])
    }
  }
}

extension Geometry.Coordinate {
  package var isFinite: Bool { x.isFinite && y.isFinite }

  package func distance(to other: Self) -> Double {
    let x = x - other.x
    let y = y - other.y
    return (x * x + y * y).squareRoot()
  }
}
