import ApusValues
import ApusVectors

/// Collects the arguments of each group's rows, of which a result is made in the end.
final class ListAccumulator: Accumulator {
  /// Makes the results of a range of groups.
  typealias Finish = @Sendable (GroupLists, Range<Int>) throws(SQLError) -> ColumnVector

  private let lists: GroupLists
  private let skipsNulls: Bool
  private let makeResult: Finish

  /// - Parameters:
  ///   - types: of the arguments.
  ///   - skipsNulls: whether rows do not count whose first argument is NULL.
  init(_ types: [SQLType], skipsNulls: Bool, finish: @escaping Finish) {
    lists = GroupLists(types)
    self.skipsNulls = skipsNulls
    makeResult = finish
  }

  func resize(groupCount: Int) { lists.resize(to: groupCount) }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) throws(SQLError) {
    let vectors = arguments.map(\.decoded)
    defer { extendLifetime(vectors) }
    try lists.append(groups: groups, from: vectors, skipsNulls: skipsNulls)
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) throws(SQLError) {
    let other = try sameKind(other, as: ListAccumulator.self)
    for (group, target) in mapping {
      try lists.append(target, from: other.lists, group: group)
    }
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    try makeResult(lists, range)
  }

  var byteCount: Int { lists.byteCount }
}

extension ArrayElements {
  /// For each row whether it has an element.
  var nonEmpty: [UInt8] { ends.indices.map { range($0).isEmpty ? 0 : 1 } }

  /// The first of equal elements in each row.
  func distinct() throws(SQLError) -> Selection {
    let codes = try PickedElements(elements: self).codes()
    var marks = CodeMarks(codes)
    var kept: [Int32] = []
    for row in ends.indices {
      for position in range(row) where marks.insert(codes[position], row) {
        kept.append(Int32(truncatingIfNeeded: position))
      }
    }
    return Selection(rowCount: elements.count, indices: kept)
  }
}
