import ApusPlanner
import ApusValues
import ApusVectors

/// `ST_Contains(a, b)` and the other questions of how two geometries lie to each other.
///
///     ST_Contains(ST_Polygon('POLYGON ((0 0, 0 2, 2 2, 2 0))'), ST_Point(1, 1))  →  true
///
/// Two points are compared by their coordinates; GEOS is asked about what else has envelopes that do
/// not give the answer. A constant, and the row of a join that meets many, is prepared for the questions
/// to come.
enum GeometryRelations: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        "st_contains(st_geometryfromtext('POLYGON ((0 0, 2 0, 2 2, 0 2))'), st_point(1, 1))",
        "true"
      ),
      FunctionExample(
        "st_crosses(st_geometryfromtext('LINESTRING (0 0, 2 2)'), st_geometryfromtext('LINESTRING (0 2, 2 0)'))",
        "true"
      ),
      FunctionExample(
        "st_disjoint(st_geometryfromtext('POLYGON ((0 0, 2 0, 2 2, 0 2))'), st_point(5, 5))",
        "true"
      ),
      FunctionExample(
        "st_equals(st_geometryfromtext('LINESTRING (0 0, 1 1)'), st_geometryfromtext('LINESTRING (1 1, 0 0)'))",
        "true"
      ),
      FunctionExample(
        "st_intersects(st_geometryfromtext('LINESTRING (0 0, 3 4)'), st_geometryfromtext('POLYGON ((0 0, 2 0, 2 2, 0 2))'))",
        "true"
      ),
      FunctionExample(
        "st_overlaps(st_geometryfromtext('LINESTRING (0 0, 2 0)'), st_geometryfromtext('LINESTRING (1 0, 3 0)'))",
        "true"
      ),
      FunctionExample(
        "st_touches(st_geometryfromtext('POLYGON ((0 0, 2 0, 2 2, 0 2))'), st_point(2, 1))",
        "true"
      ),
      FunctionExample(
        "st_within(st_point(1, 1), st_geometryfromtext('POLYGON ((0 0, 2 0, 2 2, 0 2))'))",
        "true"
      ),
      FunctionExample(
        "st_relate(st_point(1, 1), st_geometryfromtext('POLYGON ((0 0, 2 0, 2 2, 0 2))'), 'T*F**F***')",
        "true"
      ),
    ]
  }

  static let overloads: [ScalarOverload] = [
    relation(.contains, "Returns whether no point of the second geometry is outside of the first."),
    relation(.crosses, "Returns whether the geometries share some inner points but not all."),
    relation(.disjoint, "Returns whether the geometries share no point."),
    relation(.equals, "Returns whether the geometries are the same set of points."),
    relation(.intersects, "Returns whether the geometries share a point."),
    relation(
      .overlaps,
      "Returns whether geometries of one dimension share space, each has its own."
    ),
    relation(.touches, "Returns whether the geometries share points but no inner ones."),
    relation(.within, "Returns whether no point of the first geometry is outside of the second."),
    .rows(
      .geometry(
        "st_relate",
        [.geometry, .geometry, .anyVarchar],
        returns: .boolean,
        "Returns whether a pattern of DE-9IM fits two geometries."
      )
    ) { arguments in
      let left = ShapeColumn(arguments[0])
      let right = ShapeColumn(arguments[1])
      let patterns = arguments[2].texts
      let loan = GEOS.Loan()
      return { row throws(SQLError) -> UInt8? in
        let pattern = patterns[row].string
        guard pattern.utf8.count == 9 else {
          throw invalidArgument("relation string length has to be 9 characters")
        }
        guard pattern.utf8.allSatisfy({ "TFtf*012".utf8.contains($0) }) else {
          throw invalidArgument("relation string")
        }
        let kinds = (try left.summary(row).kind, try right.summary(row).kind)
        try checkNoCollection("ST_Relate", kinds.0, kinds.1)
        return bit(try loan.geos.relate(pattern.uppercased(), left, right, row))
      }
    },
  ]

  private static func relation(_ relation: GeometryRelation, _ summary: String) -> ScalarOverload {
    .rows(
      .geometry(
        relation.function.lowercased(),
        [.geometry, .geometry],
        returns: .boolean,
        summary
      )
    ) { arguments in
      let left = ShapeColumn(arguments[0])
      let right = ShapeColumn(arguments[1])
      let loan = GEOS.Loan()
      return { row throws(SQLError) -> UInt8? in
        let first = try left.summary(row)
        let second = try right.summary(row)
        if let answer = relation.answer(first.envelope, second.envelope) { return bit(answer) }
        if first.kind == .point, second.kind == .point {
          let isSame = first.envelope == second.envelope
          return bit(isSame ? relation.ofSamePoints : relation == .disjoint)
        }
        if first.kind == .collection || second.kind == .collection {
          return bit(
            try collections(relation, try left.geometry(row), try right.geometry(row), loan)
          )
        }
        return bit(try loan.geos.relate(relation, left, right, row))
      }
    }
  }

  /// Answers for collections by their parts, as Esri does: one contains another shape if each part of
  /// that is within a part of its own.
  private static func collections(
    _ relation: GeometryRelation,
    _ left: Geometry,
    _ right: Geometry,
    _ loan: GEOS.Loan
  ) throws(SQLError) -> Bool {
    switch relation {
    case .within:
      return try collections(.contains, right, left, loan)
    case .disjoint:
      return !(try collections(.intersects, left, right, loan))
    case .intersects:
      for first in left.leaves {
        for second in right.leaves where try parts(relation, first, second, loan) { return true }
      }
      return false
    case .contains:
      for second in right.leaves {
        var isInside = false
        for first in left.leaves where !isInside {
          isInside = try parts(relation, first, second, loan)
        }
        if !isInside { return false }
      }
      return true
    case .crosses, .equals, .overlaps, .touches:
      try checkNoCollection(relation.function, left.kind, right.kind)
      return false
    }
  }

  private static func parts(
    _ relation: GeometryRelation,
    _ left: Geometry,
    _ right: Geometry,
    _ loan: GEOS.Loan
  ) throws(SQLError) -> Bool {
    if let answer = relation.answer(left.envelope, right.envelope) { return answer }
    return try loan.geos.relate(relation, left, right)
  }

  private static func checkNoCollection(
    _ function: String,
    _ left: Geometry.Kind,
    _ right: Geometry.Kind
  ) throws(SQLError) {
    guard left == .collection || right == .collection else { return }
    throw invalidArgument("\(function) does not support GEOMETRY_COLLECTION")
  }
}
