import ApusValues

#if canImport(Glibc)
  import Glibc
#endif

/// The area of polygons on a sphere as large as the Earth, whose sides are great circles.
///
/// A ring's area is its spherical excess (Todhunter, "Spherical Trigonometry", 1886, chapter VIII). A
/// ring around a pole is known by its course, which does not turn around once.
enum SphericalArea {
  /// In metres.
  private static let earthRadius = 6_371_010.0

  /// - Throws: INVALID_FUNCTION_ARGUMENT for rings of fewer than three points or of one twice in a row.
  static func area(of geometry: Geometry) throws(SQLError) -> Double {
    var excess = 0.0
    for polygon in geometry.parts {
      for (index, ring) in polygon.rings.enumerated() {
        // The direction in which Trino goes.
        let ringExcess = try abs(SphericalArea.excess(ring.reversed()))
        excess += index == 0 ? ringExcess : -ringExcess
      }
    }
    return abs(excess * earthRadius * earthRadius)
  }

  private static func excess(_ ring: [Geometry.Coordinate]) throws(SQLError) -> Double {
    let open = ring.first == ring.last ? ring.dropLast() : ring[...]
    guard open.count >= 3, let last = open.last else {
      throw invalidArgument("Polygon is not valid: a loop contains less then 3 vertices.")
    }
    var excess = 0.0
    var turn = 0.0
    var firstBearing: Double?
    var previousBearing = 0.0
    var previous = Vertex(last)
    for coordinate in open {
      let next = Vertex(coordinate)
      if next.longitude == previous.longitude, next.latitude == previous.latitude {
        throw invalidArgument("Polygon is not valid: it has two identical consecutive vertices")
      }
      let between = next.longitude - previous.longitude
      excess +=
        2
        * atan2(
          tan(between / 2) * (previous.tangent + next.tangent),
          1 + previous.tangent * next.tangent
        )
      let initial = bearing(previous, next, between)
      let final = fmod(reverseBearing(previous, next, between) + .pi, 2 * .pi)
      if firstBearing == nil {
        firstBearing = initial
      } else {
        turn += course(from: previousBearing, to: initial)
      }
      turn += course(from: initial, to: final)
      previousBearing = final
      previous = next
    }
    turn += course(from: previousBearing, to: firstBearing ?? 0)
    return abs(turn) < .pi / 4 ? abs(excess) - 2 * .pi : excess
  }

  /// The direction at the first vertex, from 0 to 2π.
  private static func bearing(_ start: Vertex, _ end: Vertex, _ between: Double) -> Double {
    let y = sin(between) * end.cosine
    let x = start.cosine * end.sine - start.sine * end.cosine * cos(between)
    return fmod(atan2(y, x) + 2 * .pi, 2 * .pi)
  }

  /// The direction back at the second vertex, from -π to π.
  private static func reverseBearing(_ start: Vertex, _ end: Vertex, _ between: Double) -> Double {
    let y = -sin(between) * start.cosine
    let x = start.sine * end.cosine - start.cosine * end.sine * cos(between)
    return atan2(y, x)
  }

  private static func course(from start: Double, to end: Double) -> Double {
    fmod(end - start + 3 * .pi, 2 * .pi) - .pi
  }

  private struct Vertex {
    let latitude: Double
    let longitude: Double
    let sine: Double
    let cosine: Double
    /// Of half the latitude.
    let tangent: Double

    init(_ coordinate: Geometry.Coordinate) {
      latitude = coordinate.y / 180 * .pi
      longitude = coordinate.x / 180 * .pi
      sine = sin(latitude)
      cosine = cos(latitude)
      tangent = tan(latitude / 2)
    }
  }
}
