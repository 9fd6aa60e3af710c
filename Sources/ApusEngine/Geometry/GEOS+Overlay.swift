import ApusValues
import CGEOS

// Shapes of shapes. What GEOS makes is put into the order that Trino shows: see `Geometry.ordered`.

extension GEOS {
  /// The points, lines and areas of two shapes together or apart.
  enum Overlay {
    case intersection
    case difference
    case symmetricDifference
    case union

    fileprivate var function: apus_geos_function {
      switch self {
      case .intersection: APUS_GEOSIntersection
      case .difference: APUS_GEOSDifference
      case .symmetricDifference: APUS_GEOSSymDifference
      case .union: APUS_GEOSUnion
      }
    }
  }

  /// What both shapes share: its points, lines and areas.
  func intersection(_ left: Geometry, _ right: Geometry) throws(SQLError) -> Geometry {
    var parts: [Geometry] = []
    for first in try layers(left) {
      for second in try layers(right) { parts += try combine(.intersection, first, second).leaves }
    }
    // What a line or an area has covers its points and lines.
    let layers = try Geometry.layers(of: parts).withoutOverlaps(self)
    return layers.isEmpty ? .multiPolygon([]) : Geometry.collected(layers)
  }

  /// What is left of the first shape without the second.
  func difference(_ left: Geometry, _ right: Geometry) throws(SQLError) -> Geometry {
    let subtracted = try layers(right)
    var parts: [Geometry] = []
    for layer in try layers(left) {
      var rest = layer
      for other in subtracted where other.dimension >= layer.dimension {
        rest = try combine(.difference, rest, other)
      }
      parts.append(contentsOf: rest.leaves)
    }
    if case .collection = left { return Geometry.collected(Geometry.layers(of: parts)) }
    return Geometry.layer(of: parts, dimension: left.dimension)
  }

  /// What one of the shapes has and the other has not.
  func symmetricDifference(_ left: Geometry, _ right: Geometry) throws(SQLError) -> Geometry {
    let parts = try combine(.symmetricDifference, try valid(left), try valid(right)).leaves
    let dimension = max(left.dimension, right.dimension)
    let layers = Geometry.layers(of: parts)
    return layers.isEmpty
      ? Geometry.layer(of: [], dimension: dimension) : Geometry.collected(layers)
  }

  /// What any of the shapes has: its points that are on no line, its lines that are in no area, its
  /// areas.
  func union(_ shapes: [Geometry]) throws(SQLError) -> Geometry {
    let leaves = shapes.flatMap(\.leaves)
    let dimensions = Set(leaves.map(\.dimension))
    if dimensions.count == 1, let dimension = dimensions.first {
      return try unionLayer(leaves, dimension: dimension)
    }
    var layers: [Geometry] = []
    for dimension in dimensions.sorted() {
      let layer = try unionLayer(leaves.filter { $0.dimension == dimension }, dimension: dimension)
      if !layer.isEmpty { layers.append(layer) }
    }
    return Geometry.collected(try layers.withoutOverlaps(self))
  }

  /// The union of shapes of one dimension.
  private func unionLayer(_ shapes: [Geometry], dimension: Int) throws(SQLError) -> Geometry {
    var parts: [Geometry] = []
    for shape in shapes where !shape.isEmpty { parts.append(contentsOf: try valid(shape).leaves) }
    guard !parts.isEmpty else { return Geometry.layer(of: [], dimension: dimension) }
    let whole = Geometry.merged(parts, dimension: dimension)
    let union = try shape(
      try withShape(whole) { apus_geos_transform(library, APUS_GEOSUnaryUnion, context, $0) }
    )
    return Geometry.layer(of: try lined(union).leaves, dimension: dimension)
  }

  fileprivate func combine(_ overlay: Overlay, _ left: Geometry, _ right: Geometry) throws(SQLError)
    -> Geometry
  {
    let left = try shape(left)
    let right = try shape(right)
    let result = try shape(
      apus_geos_combine(library, overlay.function, context, left.pointer, right.pointer)
    )
    return try lined(result)
  }

  /// The shape with lines put together where two of them meet end to end.
  private func lined(_ shape: borrowing Shape) throws(SQLError) -> Geometry {
    let geometry = try geometry(shape)
    let lines = geometry.leaves.flatMap(\.lines)
    guard lines.count > 1 else { return geometry }
    let merged = try self.shape(
      try withShape(.multiLineString(lines)) {
        apus_geos_transform(library, APUS_GEOSLineMerge, context, $0)
      }
    )
    let others = geometry.leaves.filter { $0.dimension != 1 }
    return .collection(others + (try self.geometry(merged).leaves))
  }

  private func withShape(
    _ geometry: Geometry,
    _ body: (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer?
  ) throws(SQLError) -> UnsafeMutableRawPointer? {
    let shape = try shape(geometry)
    return body(shape.pointer)
  }

  /// The shape, or for a collection its points, lines and areas; all of them valid.
  private func layers(_ geometry: Geometry) throws(SQLError) -> [Geometry] {
    guard case .collection = geometry else { return [try valid(geometry)] }
    var layers: [Geometry] = []
    for dimension in 0...2 {
      let parts = geometry.leaves.filter { $0.dimension == dimension && !$0.isEmpty }
      if !parts.isEmpty { layers.append(try unionLayer(parts, dimension: dimension)) }
    }
    return layers
  }

  /// The shape, its areas without rings that cross: what an odd number of rings is around is inside.
  private func valid(_ geometry: Geometry) throws(SQLError) -> Geometry {
    guard geometry.dimension == 2, !geometry.isEmpty else { return geometry }
    let shape = try shape(geometry)
    if try truth(apus_geos_test(library, APUS_GEOSisValid, context, shape.pointer)) {
      return geometry
    }
    let valid = try self.shape(
      apus_geos_transform(library, APUS_GEOSMakeValid, context, shape.pointer)
    )
    return Geometry.layer(of: try self.geometry(valid).leaves, dimension: 2)
  }

  /// The shape with all within a distance.
  func buffer(_ geometry: Geometry, _ distance: Double) throws(SQLError) -> Geometry {
    guard distance.isFinite else { return .multiPolygon([]) }
    guard distance <= GEOS.coordinateLimit else { throw invalidArgument("distance is too large") }
    let shape = try shape(geometry)
    // Esri's circles have 96 sides.
    let buffer = try self.shape(
      apus_geos_buffer(library, context, shape.pointer, distance, 24)
    )
    let result = try self.geometry(buffer).normalized
    if case .point = geometry { return result }
    return Geometry.layer(of: result.leaves, dimension: 2)
  }

  /// The smallest convex shape around coordinates, of which there is one at least. It begins with the
  /// first of them that is a corner.
  func convexHull(_ coordinates: [Geometry.Coordinate]) throws(SQLError) -> Geometry {
    let hull = try shape(
      try withShape(.multiPoint(coordinates)) {
        apus_geos_transform(library, APUS_GEOSConvexHull, context, $0)
      }
    )
    switch try geometry(hull).normalized {
    case .polygon(let rings):
      guard let ring = rings.first else { return .polygon([]) }
      let start = coordinates.lazy.compactMap { ring.firstIndex(of: $0) }.first ?? 0
      let open = ring.dropLast()
      let turned = Array(open[start...] + open[..<start])
      return .polygon([turned + turned.prefix(1)])
    case .lineString(let line):
      guard let first = line.first, let last = line.last else { return .lineString(line) }
      let start = coordinates.first { $0 == first || $0 == last }
      return .lineString(start == last ? line.reversed() : line)
    case let other:
      return other
    }
  }

  /// The shape with fewer coordinates, none of which was farther from it than the tolerance.
  func simplified(_ geometry: Geometry, _ tolerance: Double) throws(SQLError) -> Geometry {
    let shape = try shape(geometry.reversed)
    let simple = try self.shape(
      apus_geos_simplify(library, context, shape.pointer, min(tolerance, GEOS.coordinateLimit))
    )
    return try self.geometry(simple).normalized
  }
}

extension [Geometry] {
  /// Layers of points, lines and areas, each without what the next ones cover.
  fileprivate func withoutOverlaps(_ geos: GEOS) throws(SQLError) -> [Geometry] {
    guard count > 1 else { return self }
    var result: [Geometry] = []
    for (index, layer) in enumerated() {
      var rest = layer
      for other in self[(index + 1)...] { rest = try geos.combine(.difference, rest, other) }
      let layer = Geometry.layer(of: rest.leaves, dimension: layer.dimension)
      if !layer.isEmpty { result.append(layer) }
    }
    return result
  }
}

extension Geometry {
  /// The shape of layers as Esri makes it: one is itself, several are a collection.
  fileprivate static func collected(_ layers: [Geometry]) -> Geometry {
    layers.count == 1 ? layers[0] : .collection(layers)
  }

  /// The layers of points, lines and areas that are not empty.
  fileprivate static func layers(of parts: [Geometry]) -> [Geometry] {
    (0...2).compactMap { dimension in
      let layer = layer(of: parts, dimension: dimension)
      return layer.isEmpty ? nil : layer
    }
  }

  /// The parts of a dimension as one shape: of a single part if there is one.
  fileprivate static func layer(of parts: [Geometry], dimension: Int) -> Geometry {
    let merged = merged(parts.filter { $0.dimension == dimension }, dimension: dimension).ordered
    switch merged {
    case .multiPoint(let points) where points.count <= 1: return .point(points.first)
    case .multiLineString(let lines) where lines.count == 1: return .lineString(lines[0])
    case .multiPolygon(let polygons) where polygons.count == 1: return .polygon(polygons[0])
    default: return merged
    }
  }

  /// Parts of a dimension as a shape of several.
  static func merged(_ parts: [Geometry], dimension: Int) -> Geometry {
    switch dimension {
    case 0: return .multiPoint(parts.flatMap(\.coordinates))
    case 1: return .multiLineString(parts.flatMap(\.lines))
    default:
      return .multiPolygon(
        parts.flatMap { part -> [[[Coordinate]]] in
          switch part {
          case .polygon(let rings): return rings.isEmpty ? [] : [rings]
          case .multiPolygon(let polygons): return polygons.filter { !$0.isEmpty }
          default: return []
          }
        }
      )
    }
  }

  /// The shape in the order that Esri's operations put out: rings begin, and lines too, with their
  /// lowest coordinate, of several such with the leftmost; parts are in the order of their first.
  fileprivate var ordered: Geometry {
    switch normalized {
    case .multiPoint(let points):
      return .multiPoint(points.sorted(by: Geometry.isBefore))
    case .multiLineString(let lines):
      return .multiLineString(Geometry.sorted(lines.map(Geometry.forward)))
    case .multiPolygon(let polygons):
      let turned = polygons.map { rings in
        let turned = rings.map(Geometry.turned)
        return Array(turned.prefix(1)) + Geometry.sorted(Array(turned.dropFirst()))
      }
      return .multiPolygon(
        turned.sorted { Geometry.isBefore($0.first ?? [], $1.first ?? []) }
      )
    case let other: return other
    }
  }

  private static func isBefore(_ left: Coordinate, _ right: Coordinate) -> Bool {
    left.y != right.y ? left.y < right.y : left.x < right.x
  }

  private static func isBefore(_ left: [Coordinate], _ right: [Coordinate]) -> Bool {
    for (first, second) in zip(left, right) where first != second {
      return isBefore(first, second)
    }
    return left.count < right.count
  }

  private static func sorted(_ paths: [[Coordinate]]) -> [[Coordinate]] {
    paths.sorted { isBefore($0, $1) }
  }

  private static func forward(_ line: [Coordinate]) -> [Coordinate] {
    guard let first = line.first, let last = line.last, isBefore(last, first) else { return line }
    return line.reversed()
  }

  private static func turned(_ ring: [Coordinate]) -> [Coordinate] {
    let open = ring.dropLast()
    guard let start = open.indices.min(by: { isBefore(open[$0], open[$1]) }) else { return ring }
    let turned = Array(open[start...] + open[..<start])
    return turned + turned.prefix(1)
  }
}
