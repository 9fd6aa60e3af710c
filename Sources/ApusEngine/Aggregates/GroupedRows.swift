import ApusValues
import ApusVectors

// How accumulators walk a batch: each row that counts with its group. A row does not count if its
// group is negative or its argument NULL. What a batch has none of is found out once, before the
// loop, so that the usual loop has no branch.
//
// Safety: groups are below the accumulator's group count (the operator resizes first), rows below
// the vectors' count; vectors are decoded and kept by `extendLifetime`.

/// The groups of the rows of one batch.
struct GroupedRows {
  let groups: UnsafeBufferPointer<Int32>
  /// Whether some rows do not count.
  let hasSkipped: Bool

  init(_ groups: UnsafeBufferPointer<Int32>) {
    self.groups = groups
    var signs: Int32 = 0
    for group in groups { signs |= group }
    hasSkipped = signs < 0
  }

  var count: Int { groups.count }

  /// Calls `body` with the group and the position of each row that counts.
  @inline(__always)
  func visit(_ body: (_ group: Int, _ row: Int) -> Void) {
    if hasSkipped {
      for row in 0..<groups.count where groups[row] >= 0 { body(Int(groups[row]), row) }
    } else {
      for row in 0..<groups.count { body(Int(groups[row]), row) }
    }
  }

  /// Calls `body` with the group and the position of each row that counts and is not NULL.
  ///
  /// - Parameter vector: decoded.
  @inline(__always)
  func visit(nonNullsOf vector: ColumnVector, _ body: (_ group: Int, _ row: Int) -> Void) {
    if vector.isNullConstant { return }
    guard vector.encoding == .flat, let validity = vector.validity else { return visit(body) }
    for row in 0..<groups.count where groups[row] >= 0 && validity[row] != 0 {
      body(Int(groups[row]), row)
    }
  }
}

/// Calls `body` with the groups of rows, negative also where a vector is NULL.
func withGroups(
  _ groups: UnsafeBufferPointer<Int32>,
  nonNullsOf vector: ColumnVector,
  _ body: (UnsafeBufferPointer<Int32>) throws(SQLError) -> Void
) throws(SQLError) {
  guard vector.mayHaveNulls else { return try body(groups) }
  let counted = groups.indices.map { vector.isNull($0) ? -1 : groups[$0] }
  try counted.withUnsafeBufferPointer(body)
}

extension Array {
  /// Appends `element` until there are `count`.
  mutating func grow(to count: Int, with element: Element) {
    if self.count < count { append(contentsOf: repeatElement(element, count: count - self.count)) }
  }
}

/// Returns the other accumulator of a merge, which is always of the same class.
func sameKind<Kind: Accumulator>(_ other: any Accumulator, as kind: Kind.Type) throws(SQLError)
  -> Kind
{
  guard let other = other as? Kind else {
    throw .internal("accumulators of different functions are merged")
  }
  return other
}
