import ApusPlanner
import ApusValues
import ApusVectors

/// `convex_hull_agg(geometry)` and `geometry_union_agg(geometry)`: one geometry of all.
///
///     geometry_union_agg(ST_Point(x, 0)) FROM (VALUES 1, 2) AS t (x)  →  MULTIPOINT ((1 0), (2 0))
enum GeometryAggregates: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        "SELECT convex_hull_agg(st_point(x, y)) FROM (VALUES (0, 0), (2, 0), (0, 2)) AS t (x, y)",
        "POLYGON ((0 0, 2 0, 0 2, 0 0))"
      ),
      FunctionExample(
        "SELECT geometry_union_agg(st_point(x, 0)) FROM (VALUES 1, 2, 1) AS t (x)",
        "MULTIPOINT ((1 0), (2 0))"
      ),
    ]
  }

  static let overloads = [
    AggregateOverload(
      FunctionSignature(
        "convex_hull_agg",
        kind: .aggregate,
        [.type(.geometry)],
        returns: .type(.geometry),
        summary: "Returns the smallest convex geometry around all."
      )
    ) { _ throws(SQLError) in
      GeometryAccumulator { geometries, loan throws(SQLError) in
        try Geometry.collection(geometries).convexHull(loan)
      }
    },
    AggregateOverload(
      FunctionSignature(
        "geometry_union_agg",
        kind: .aggregate,
        [.type(.geometry)],
        returns: .type(.geometry),
        summary: "Returns what any of the geometries has."
      )
    ) { _ throws(SQLError) in
      GeometryAccumulator { geometries, loan throws(SQLError) in
        geometries.count == 1 ? geometries[0] : try loan.geos.union(geometries)
      }
    },
  ]
}

/// The geometries of each group, made one whenever many have come together.
private final class GeometryAccumulator: Accumulator {
  /// Makes one geometry of several, one at least; what it gives may be among those of the next call.
  typealias Combine = @Sendable ([Geometry], GEOS.Loan) throws(SQLError) -> Geometry

  private struct Group {
    /// What counts if there is nothing else.
    var empty: Geometry?
    var geometries: [Geometry] = []
    var byteCount = 0
    /// How many bytes come together before they are made one.
    var limit = 64 * 1024
  }

  private let combine: Combine
  private var groups: [Group] = []
  private var heldByteCount = 0

  init(_ combine: @escaping Combine) { self.combine = combine }

  func resize(groupCount: Int) { groups.grow(to: groupCount, with: Group()) }

  func update(groups rows: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) throws(SQLError) {
    let vector = arguments[0].decoded
    defer { extendLifetime(vector) }
    let shapes = ShapeColumn(vector)
    let loan = GEOS.Loan()
    try GroupedRows(rows).visit(nonNullsOf: [vector]) { (group, row) throws(SQLError) in
      try add(try shapes.geometry(row), to: group, loan)
    }
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) throws(SQLError) {
    let other = try sameKind(other, as: GeometryAccumulator.self)
    let loan = GEOS.Loan()
    for (group, target) in mapping {
      if let empty = other.groups[group].empty { try add(empty, to: target, loan) }
      for geometry in other.groups[group].geometries { try add(geometry, to: target, loan) }
    }
  }

  private func add(_ geometry: Geometry, to group: Int, _ loan: GEOS.Loan) throws(SQLError) {
    if geometry.isEmpty {
      if groups[group].empty == nil { groups[group].empty = geometry }
      return
    }
    groups[group].geometries.append(geometry)
    groups[group].byteCount += geometry.byteCount
    heldByteCount += geometry.byteCount
    guard groups[group].byteCount > groups[group].limit else { return }
    let whole = try combine(groups[group].geometries, loan)
    heldByteCount += whole.byteCount - groups[group].byteCount
    groups[group].geometries = [whole]
    groups[group].byteCount = whole.byteCount
    groups[group].limit = max(64 * 1024, 2 * whole.byteCount)
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    let builder = VectorBuilder(type: .geometry, capacity: range.count)
    let views = builder.values(as: StringView.self)
    let loan = GEOS.Loan()
    for (row, group) in range.enumerated() {
      let state = groups[group]
      if !state.geometries.isEmpty {
        views[row] = builder.heap.store(try combine(state.geometries, loan))
      } else if let empty = state.empty {
        views[row] = builder.heap.store(empty)
      } else {
        builder.setNull(row)
      }
    }
    return builder.finish(count: range.count)
  }

  var byteCount: Int { heldByteCount + groups.capacity * MemoryLayout<Group>.stride }
}
