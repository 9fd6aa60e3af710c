import ApusValues
import CGEOS

/// How two shapes lie to each other.
enum GeometryRelation: Sendable {
  case contains
  case crosses
  case disjoint
  case equals
  case intersects
  case overlaps
  case touches
  case within

  /// The name of the function.
  var function: String {
    switch self {
    case .contains: "ST_Contains"
    case .crosses: "ST_Crosses"
    case .disjoint: "ST_Disjoint"
    case .equals: "ST_Equals"
    case .intersects: "ST_Intersects"
    case .overlaps: "ST_Overlaps"
    case .touches: "ST_Touches"
    case .within: "ST_Within"
    }
  }

  /// What the right one is to the left.
  private var converse: GeometryRelation {
    switch self {
    case .contains: .within
    case .within: .contains
    case .crosses, .disjoint, .equals, .intersects, .overlaps, .touches: self
    }
  }

  /// The answer that the envelopes give; nil if they do not tell.
  ///
  /// Trino asks the envelopes first, so that it never looks closer at an empty shape.
  func answer(_ left: Geometry.Envelope, _ right: Geometry.Envelope) -> Bool? {
    switch self {
    case .equals:
      return left.isEmpty || right.isEmpty ? left.isEmpty && right.isEmpty : nil
    case .contains: return left.contains(right) ? nil : false
    case .within: return right.contains(left) ? nil : false
    case .disjoint: return left.intersects(right) ? nil : true
    case .crosses, .intersects, .overlaps, .touches: return left.intersects(right) ? nil : false
    }
  }

  /// The answer for two points whose envelopes meet: they are the same.
  var ofSamePoints: Bool {
    switch self {
    case .contains, .within, .intersects, .equals: true
    case .crosses, .disjoint, .overlaps, .touches: false
    }
  }

  fileprivate var plain: apus_geos_function {
    switch self {
    case .contains: APUS_GEOSContains
    case .crosses: APUS_GEOSCrosses
    case .disjoint: APUS_GEOSDisjoint
    case .equals: APUS_GEOSEquals
    case .intersects: APUS_GEOSIntersects
    case .overlaps: APUS_GEOSOverlaps
    case .touches: APUS_GEOSTouches
    case .within: APUS_GEOSWithin
    }
  }

  /// The function of a prepared shape.
  fileprivate var prepared: apus_geos_function? {
    switch self {
    case .contains: APUS_GEOSPreparedContains
    case .crosses: APUS_GEOSPreparedCrosses
    case .disjoint: APUS_GEOSPreparedDisjoint
    case .equals: nil
    case .intersects: APUS_GEOSPreparedIntersects
    case .overlaps: APUS_GEOSPreparedOverlaps
    case .touches: APUS_GEOSPreparedTouches
    case .within: APUS_GEOSPreparedWithin
    }
  }

  fileprivate var preparedConverse: apus_geos_function? { converse.prepared }
}

extension GEOS {
  /// Asks GEOS about the shapes of a row.
  func relate(_ relation: GeometryRelation, _ left: ShapeColumn, _ right: ShapeColumn, _ row: Int)
    throws(SQLError) -> Bool
  {
    let keptLeft = try left.kept(row, in: self, .left)
    let keptRight = try right.kept(row, in: self, .right)
    if let function = relation.prepared, let prepared = try keptLeft?.prepared {
      return try withRelatable(keptRight, right.bytes(row)) { shape throws(SQLError) in
        try truth(apus_geos_relate_prepared(library, function, context, prepared, shape))
      }
    }
    if let function = relation.preparedConverse, let prepared = try keptRight?.prepared {
      return try withRelatable(keptLeft, left.bytes(row)) { shape throws(SQLError) in
        try truth(apus_geos_relate_prepared(library, function, context, prepared, shape))
      }
    }
    return try withRelatable(keptLeft, left.bytes(row)) { first throws(SQLError) in
      try withRelatable(keptRight, right.bytes(row)) { second throws(SQLError) in
        try truth(apus_geos_relate(library, relation.plain, context, first, second))
      }
    }
  }

  /// Asks GEOS about two shapes that need not be kept.
  func relate(_ relation: GeometryRelation, _ left: Geometry, _ right: Geometry) throws(SQLError)
    -> Bool
  {
    try scoped(left.bytes) { left throws(SQLError) in
      try scoped(right.bytes) { right throws(SQLError) in
        try withRelatable(nil, left) { first throws(SQLError) in
          try withRelatable(nil, right) { second throws(SQLError) in
            try truth(apus_geos_relate(library, relation.plain, context, first, second))
          }
        }
      }
    }
  }

  /// Whether the nine letters of a pattern fit the shapes of a row.
  func relate(_ pattern: String, _ left: ShapeColumn, _ right: ShapeColumn, _ row: Int)
    throws(SQLError) -> Bool
  {
    try withRelatable(nil, left.bytes(row)) { first throws(SQLError) in
      try withRelatable(nil, right.bytes(row)) { second throws(SQLError) in
        try truth(apus_geos_relate_pattern(library, context, first, second, pattern))
      }
    }
  }

  func distance(_ left: ShapeColumn, _ right: ShapeColumn, _ row: Int) throws(SQLError) -> Double {
    let keptLeft = try left.kept(row, in: self, .left)
    let keptRight = try right.kept(row, in: self, .right)
    var distance = 0.0
    let isKnown: Bool
    if let prepared = keptLeft?.preparedForDistances {
      isKnown = try withShape(keptRight, right.bytes(row)) { shape throws(SQLError) in
        apus_geos_distance_prepared(library, context, prepared, shape, &distance)
      }
    } else if let prepared = keptRight?.preparedForDistances {
      isKnown = try withShape(keptLeft, left.bytes(row)) { shape throws(SQLError) in
        apus_geos_distance_prepared(library, context, prepared, shape, &distance)
      }
    } else {
      isKnown = try withShape(keptLeft, left.bytes(row)) { first throws(SQLError) in
        try withShape(keptRight, right.bytes(row)) { second throws(SQLError) in
          apus_geos_distance(library, context, first, second, &distance)
        }
      }
    }
    guard isKnown else { throw error() }
    return distance
  }

  /// The nearest coordinates of two shapes that are not empty, the left one's first.
  func nearest(_ left: Geometry, _ right: Geometry) throws(SQLError)
    -> (Geometry.Coordinate, Geometry.Coordinate)
  {
    let left = try shape(left)
    let right = try shape(right)
    var found = [Double](repeating: 0, count: 4)
    guard apus_geos_nearest(library, context, left.pointer, right.pointer, &found) else {
      throw error()
    }
    return (.init(found[0], found[1]), .init(found[2], found[3]))
  }

  /// Calls `body` with a shape whose relations have answers: valid.
  private func withRelatable<Result>(
    _ kept: KeptShape?,
    _ bytes: UnsafeRawBufferPointer,
    _ body: (UnsafeMutableRawPointer) throws(SQLError) -> Result
  ) throws(SQLError) -> Result {
    if let kept { return try body(try kept.relatable) }
    let shape = try shape(bytes)
    if Geometry.point(bytes) == nil, let valid = try relatable(shape.pointer) {
      let valid = try self.shape(valid)
      return try body(valid.pointer)
    }
    return try body(shape.pointer)
  }

  /// Makes a valid shape of one that is not; nil if it is.
  ///
  /// Of areas whose rings cross GEOS gives one answer here and another where it has prepared them.
  func relatable(_ pointer: UnsafeMutableRawPointer) throws(SQLError) -> UnsafeMutableRawPointer? {
    if try truth(apus_geos_test(library, APUS_GEOSisValid, context, pointer)) { return nil }
    let valid = try shape(apus_geos_transform(library, APUS_GEOSMakeValid, context, pointer))
    let parts = try geometry(valid).leaves
    // Where an area falls apart, lines are left beside what is an area still.
    let dimension = parts.map(\.dimension).max() ?? 0
    let rest = Geometry.merged(parts, dimension: dimension)
    return try scoped(rest.bytes) { bytes throws(SQLError) in try self.pointer(bytes) }
  }

  private func withShape<Result>(
    _ kept: KeptShape?,
    _ bytes: UnsafeRawBufferPointer,
    _ body: (UnsafeMutableRawPointer) throws(SQLError) -> Result
  ) throws(SQLError) -> Result {
    if let kept { return try body(kept.pointer) }
    let shape = try shape(bytes)
    return try body(shape.pointer)
  }
}
