import ApusPlanner
import ApusValues
import ApusVectors

#if canImport(Glibc)
  import Glibc
#endif

/// `great_circle_distance(latitude1, longitude1, latitude2, longitude2)`: the way between two places
/// along the surface of a sphere as large as the Earth, in kilometres.
///
///     great_circle_distance(36.12, -86.67, 33.94, -118.40)  →  2886.4489734367016
enum GreatCircleDistance: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("round(great_circle_distance(36.12, -86.67, 33.94, -118.40), 1)", "2886.4")
    ]
  }

  static let overloads: [ScalarOverload] = [
    .rows(
      FunctionSignature(
        "great_circle_distance",
        Array(repeating: .type(.double), count: 4),
        returns: .type(.double),
        summary: """
          Returns the kilometres between two places on the Earth, each a latitude and a longitude in \
          degrees.
          """
      )
    ) { arguments in
      let numbers = arguments.map(\.doubles)
      return { row throws(SQLError) -> Double? in
        let place = try Place(numbers[0][row], numbers[1][row])
        return place.distance(to: try Place(numbers[2][row], numbers[3][row]))
      }
    }
  ]

  /// The mean radius of the Earth.
  static let earthRadius = 6371.01

  struct Place {
    /// In radians.
    let latitude: Double
    let longitude: Double

    /// - Parameters: in degrees.
    /// - Throws: INVALID_FUNCTION_ARGUMENT for what is beyond a pole or the antimeridian.
    init(_ latitude: Double, _ longitude: Double) throws(SQLError) {
      guard latitude >= -90, latitude <= 90 else {
        throw invalidArgument("Latitude must be between -90 and 90")
      }
      guard longitude >= -180, longitude <= 180 else {
        throw invalidArgument("Longitude must be between -180 and 180")
      }
      self.latitude = latitude * (.pi / 180)
      self.longitude = longitude * (.pi / 180)
    }

    /// By the formula of Vincenty for a sphere, which is exact for near and for opposite places, too.
    func distance(to other: Place) -> Double {
      let between = longitude - other.longitude
      let across = cos(other.latitude) * sin(between)
      let along =
        cos(latitude) * sin(other.latitude) - sin(latitude) * cos(other.latitude) * cos(between)
      let inner =
        sin(latitude) * sin(other.latitude) + cos(latitude) * cos(other.latitude) * cos(between)
      return atan2((across * across + along * along).squareRoot(), inner) * earthRadius
    }
  }
}
