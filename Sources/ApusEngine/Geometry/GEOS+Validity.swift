import ApusValues
import CGEOS

// Whether a shape is simple as the OGC has it, told in the words of Esri, which Trino shows. GEOS finds
// that lines or rings meet; which two segments do is looked for here.

extension GEOS {
  /// Says what is wrong with a shape, nil if nothing is.
  func invalidReason(_ geometry: Geometry) throws(SQLError) -> String? {
    for leaf in geometry.leaves {
      if let reason = try reason(leaf) { return reason }
    }
    return nil
  }

  private func reason(_ leaf: Geometry) throws(SQLError) -> String? {
    if leaf.isEmpty { return nil }
    switch leaf.dimension {
    case 0: return repeatedPoint(leaf.coordinates)
    case 1: return try lineReason(leaf)
    default: return try areaReason(leaf)
    }
  }

  private func repeatedPoint(_ points: [Geometry.Coordinate]) -> String? {
    var seen: Set<SIMD2<Double>> = []
    for point in points where !seen.insert(SIMD2(point.x, point.y)).inserted {
      return "Repeated points at or near \(place(point)) and \(place(point))"
    }
    return nil
  }

  private func lineReason(_ leaf: Geometry) throws(SQLError) -> String? {
    if let reason = degenerateSegment(leaf.lines) { return reason }
    let shape = try shape(leaf)
    if try truth(apus_geos_test(library, APUS_GEOSisSimple, context, shape.pointer)) { return nil }
    return crossing(leaf.lines)
      ?? repeatedVertex(leaf.lines).map {
        "Self-tangency at or near \(place($0)) and \(place($0))"
      } ?? "Intersecting or overlapping segments"
  }

  private func areaReason(_ leaf: Geometry) throws(SQLError) -> String? {
    let rings = leaf.reversed.rings
    if let reason = degenerateSegment(rings) { return reason }
    let shape = try shape(leaf)
    var text: UnsafeMutablePointer<CChar>?
    var x = 0.0
    var y = 0.0
    let isValid = apus_geos_invalid_reason(library, context, shape.pointer, &text, &x, &y)
    defer { if let text { apus_geos_free(library, context, text) } }
    if try truth(isValid) { return nil }
    let location = place(.init(x, y))
    switch text.map({ String(cString: $0) }) ?? "" {
    case "Self-intersection":
      return crossing(rings) ?? "Self-intersection at or near \(location)"
    case "Ring Self-intersection":
      return "Self-tangency at or near \(location) and \(location)"
    case "Interior is disconnected":
      return "Disconnected interior at or near \(location)"
    case "Hole lies outside shell", "Holes are nested", "Nested shells", "Duplicate Rings":
      return "RingOrientation"
    case let other:
      return "\(other) at or near \(location)"
    }
  }

  /// A segment of no length, or a ring of no area.
  private func degenerateSegment(_ paths: [[Geometry.Coordinate]]) -> String? {
    for path in paths {
      guard path.count > 1 else { return "Degenerate segments at or near \(place(path[0]))" }
      for (start, end) in zip(path, path.dropFirst()) where start == end {
        return "Degenerate segments at or near \(place(start))"
      }
    }
    return nil
  }

  /// More segments than these are not compared each with each.
  private static let segmentLimit = 4096

  /// The first two segments that cross or lie upon each other, by where they begin.
  private func crossing(_ paths: [[Geometry.Coordinate]]) -> String? {
    var segments: [Segment] = []
    for path in paths {
      for (start, end) in zip(path, path.dropFirst()) { segments.append(Segment(start, end)) }
    }
    guard segments.count <= GEOS.segmentLimit else { return nil }
    for (index, first) in segments.enumerated() {
      for second in segments[(index + 1)...] where first.crosses(second) {
        return "Intersecting or overlapping segments at or near \(place(first.start)) "
          + "and \(place(second.start))"
      }
    }
    return nil
  }

  /// The first coordinate that comes again where no line begins or ends.
  private func repeatedVertex(_ lines: [[Geometry.Coordinate]]) -> Geometry.Coordinate? {
    var seen: Set<SIMD2<Double>> = []
    for line in lines {
      for vertex in line.dropFirst().dropLast()
      where !seen.insert(SIMD2(vertex.x, vertex.y)).inserted { return vertex }
    }
    return nil
  }

  private func place(_ coordinate: Geometry.Coordinate) -> String {
    let x = floatingPointText(coordinate.x, shortest: coordinate.x.description)
    let y = floatingPointText(coordinate.y, shortest: coordinate.y.description)
    return "(\(x) \(y))"
  }
}

private struct Segment {
  let start: Geometry.Coordinate
  let end: Geometry.Coordinate

  init(_ start: Geometry.Coordinate, _ end: Geometry.Coordinate) {
    self.start = start
    self.end = end
  }

  /// Whether the two share a point that is not an end of both, or a stretch.
  func crosses(_ other: Segment) -> Bool {
    let a = side(of: other.start)
    let b = side(of: other.end)
    let c = other.side(of: start)
    let d = other.side(of: end)
    if a == 0, b == 0 { return overlaps(other) }
    if a * b < 0, c * d < 0 { return true }
    return a == 0 && contains(other.start) || b == 0 && contains(other.end)
      || c == 0 && other.contains(start) || d == 0 && other.contains(end)
  }

  /// -1, 0 or 1 for a point to the right, on the line, or to the left.
  private func side(of point: Geometry.Coordinate) -> Int {
    let product =
      (end.x - start.x) * (point.y - start.y) - (end.y - start.y) * (point.x - start.x)
    return product == 0 ? 0 : product < 0 ? -1 : 1
  }

  /// Whether a point on the line is between the ends.
  private func contains(_ point: Geometry.Coordinate) -> Bool {
    point != start && point != end && point.x >= min(start.x, end.x)
      && point.x <= max(start.x, end.x) && point.y >= min(start.y, end.y)
      && point.y <= max(start.y, end.y)
  }

  /// Whether segments on one line share more than a point.
  private func overlaps(_ other: Segment) -> Bool {
    contains(other.start) || contains(other.end) || other.contains(start) || other.contains(end)
      || start == other.start && end == other.end || start == other.end && end == other.start
  }
}
