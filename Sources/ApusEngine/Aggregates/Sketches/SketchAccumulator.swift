import ApusValues
import ApusVectors

/// A sketch per group; groups without a value have none, and their result is NULL.
final class SketchAccumulator<State: Sketch>: Accumulator {
  /// Adds the rows that count to the sketches of their groups; the vectors are decoded.
  typealias Feed =
    @Sendable (inout [State?], GroupedRows, [ColumnVector]) throws(SQLError) -> Void

  private let type: SQLType
  private let feed: Feed
  private var sketches: [State?] = []
  private var measuredByteCount = 0
  private var unmeasuredRowCount = 0

  init(_ type: SQLType, feed: @escaping Feed) {
    self.type = type
    self.feed = feed
  }

  func resize(groupCount: Int) { sketches.grow(to: groupCount, with: nil) }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) throws(SQLError) {
    let vectors = arguments.map(\.decoded)
    defer { extendLifetime(vectors) }
    unmeasuredRowCount += groups.count
    try feed(&sketches, GroupedRows(groups), vectors)
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) throws(SQLError) {
    let other = try sameKind(other, as: SketchAccumulator<State>.self)
    for (group, target) in mapping {
      unmeasuredRowCount += 1
      if let added = other.sketches[group] { try sketches.merge(added, into: target) }
    }
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    let builder = VectorBuilder(type: type, capacity: range.count)
    for (row, group) in range.enumerated() {
      if let sketch = sketches[group] {
        sketch.serialized().withUnsafeBytes { builder.setString(row, $0) }
      } else {
        builder.setNull(row)
      }
    }
    return builder.finish(count: range.count)
  }

  /// Sketches are measured again only when as many rows have come as there are groups: this is asked
  /// after every batch.
  var byteCount: Int {
    if unmeasuredRowCount >= sketches.count {
      measuredByteCount = sketches.reduce(0) { $0 + ($1?.byteCount ?? 0) }
      unmeasuredRowCount = 0
    }
    return measuredByteCount + sketches.capacity * MemoryLayout<State?>.stride
  }
}

extension Array {
  /// Adds a sketch to the one of a group, which it becomes if there is none yet.
  mutating func merge<State: Sketch>(_ added: State, into group: Int) throws(SQLError)
  where Element == State? {
    if self[group] == nil {
      self[group] = added
    } else {
      try self[group]?.merge(added)
    }
  }
}

extension GroupedRows {
  /// Calls `body` with the group and the position of each row that counts and has no NULL, until it
  /// throws.
  ///
  /// - Parameter vectors: decoded.
  func visit(
    nonNullsOf vectors: [ColumnVector],
    _ body: (_ group: Int, _ row: Int) throws(SQLError) -> Void
  ) throws(SQLError) {
    for row in 0..<count where groups[row] >= 0 {
      if vectors.contains(where: { $0.isNull(row) }) { continue }
      try body(Int(groups[row]), row)
    }
  }
}
