import ApusValues
import ApusVectors

/// Lists of rows of values, one for each group, in the order in which they came.
///
///     group   first last        entry   next   values
///       0       1    3            1      3     'a'
///       1       2    2            2      0     'b'
///                                 3      0     'c'     numbers count from 1; 0 is none
///
/// Safety: groups are below the count that `resize` set; entries are below `entryCount`.
final class GroupLists {
  private struct List: BitwiseCopyable {
    var first: Int32
    var last: Int32
  }

  private let lists = StateMemory(stride: MemoryLayout<List>.stride)
  private let following = StateMemory(stride: 4)
  private let columns: [GroupValues]
  private var entryCount = 0

  init(_ types: [SQLType]) { columns = types.map { GroupValues(type: $0) } }

  func resize(to count: Int) { lists.grow(to: count) }

  /// Appends rows to the lists of their groups.
  ///
  /// - Parameters:
  ///   - groups: one per row; a row whose group is negative does not count.
  ///   - skipsNulls: whether rows do not count either where the first vector is NULL.
  func append(
    groups: UnsafeBufferPointer<Int32>,
    from vectors: [ColumnVector],
    skipsNulls: Bool
  ) throws(SQLError) {
    var rows: [Int32] = []
    rows.reserveCapacity(groups.count)
    let first = entryCount
    for row in 0..<groups.count where groups[row] >= 0 {
      if skipsNulls, vectors[0].isNull(row) { continue }
      rows.append(Int32(truncatingIfNeeded: row))
      _ = try makeEntry(Int(groups[row]))
    }
    for (column, vector) in zip(columns, vectors) {
      column.resize(to: entryCount)
      let isWhole = rows.count == groups.count
      let taken = isWhole ? vector : rows.withUnsafeBufferPointer { vector.gather($0) }
      column.set(from: first, to: taken.flattened())
    }
  }

  /// Appends the list of a group of `other`.
  func append(_ group: Int, from other: GroupLists, group otherGroup: Int) throws(SQLError) {
    var number = other.lists.states(as: List.self)[otherGroup].first
    while number > 0 {
      let entry = try makeEntry(group)
      for (column, source) in zip(columns, other.columns) {
        column.resize(to: entryCount)
        column.set(entry, from: source, group: Int(number) - 1)
      }
      number = other.following.states(as: Int32.self)[Int(number) - 1]
    }
  }

  private func makeEntry(_ group: Int) throws(SQLError) -> Int {
    guard entryCount < Int(Int32.max) - 1 else {
      throw SQLError(.exceededLocalMemoryLimit, "An aggregation collects more than 2147483645 rows")
    }
    let entry = entryCount
    entryCount += 1
    following.grow(to: entryCount)
    let number = Int32(truncatingIfNeeded: entryCount)
    let list = lists.states(as: List.self) + group
    if list.pointee.last == 0 {
      list.pointee.first = number
    } else {
      following.states(as: Int32.self)[Int(list.pointee.last) - 1] = number
    }
    list.pointee.last = number
    return entry
  }

  /// The entries of each group of a range, and where each group's end.
  func entries(_ range: Range<Int>) -> (entries: [Int32], ends: [Int32]) {
    var entries: [Int32] = []
    var ends: [Int32] = []
    let following = following.states(as: Int32.self)
    for group in range {
      var number = lists.states(as: List.self)[group].first
      while number > 0 {
        entries.append(number - 1)
        number = following[Int(number) - 1]
      }
      ends.append(Int32(truncatingIfNeeded: entries.count))
    }
    return (entries, ends)
  }

  /// The values that entries have in a column, as a flat vector.
  func column(_ index: Int, _ entries: ArraySlice<Int32>) -> ColumnVector {
    columns[index].vector(entries)
  }

  /// The lists of a column as arrays' elements, a group's for a row's.
  ///
  /// - Throws: EXCEEDED_LOCAL_MEMORY_LIMIT for a list that is too long for a value.
  func elements(_ index: Int, _ range: Range<Int>) throws(SQLError) -> ArrayElements {
    let (entries, ends) = entries(range)
    let column = columns[index]
    var start = 0
    for end in ends {
      var byteCount = 0
      for entry in entries[start..<Int(end)] { byteCount += column.encodedByteCount(Int(entry)) }
      guard byteCount < Int(Int32.max) else {
        throw SQLError(
          .exceededLocalMemoryLimit,
          "An aggregation makes a value of more than 2147483647 bytes"
        )
      }
      start = Int(end)
    }
    return ArrayElements(ends: ends, elements: column.vector(entries[...]))
  }

  var byteCount: Int {
    columns.reduce(lists.byteCount + following.byteCount) { $0 + $1.byteCount }
  }
}
