/// Functions of geometries, of places on the Earth and of tiles of maps.
enum GeospatialFunctions {
  static let all: [any ScalarFunction.Type] = [
    BingTiles.self,
    EncodedPolylines.self,
    GeoJSONGeometry.self,
    GeographyConversions.self,
    GeometryCentroid.self,
    GeometryConstructors.self,
    GeometryFromBytes.self,
    GeometryInvalidReason.self,
    GeometryMeasures.self,
    GeometryNearestPoints.self,
    GeometryNumbers.self,
    GeometryOverlay.self,
    GeometryParts.self,
    GeometryRelations.self,
    GeometryTests.self,
    GeometryText.self,
    GeometryTransformations.self,
    GeometryTypeName.self,
    GreatCircleDistance.self,
    LineInterpolatePoint.self,
    LineLocatePoint.self,
  ]
}
