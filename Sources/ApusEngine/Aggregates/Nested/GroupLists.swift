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

  /// Appends a row of decoded vectors to a group's list.
  func append(_ group: Int, from vectors: [ColumnVector], row: Int) throws(SQLError) {
    let entry = try makeEntry(group)
    for (column, vector) in zip(columns, vectors) { column.set(entry, from: vector, row: row) }
  }

  /// Appends the list of a group of `other`.
  func append(_ group: Int, from other: GroupLists, group otherGroup: Int) throws(SQLError) {
    var number = other.lists.states(as: List.self)[otherGroup].first
    while number > 0 {
      let entry = try makeEntry(group)
      for (column, source) in zip(columns, other.columns) {
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
    for column in columns { column.resize(to: entryCount) }
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
  ///
  /// - Throws: EXCEEDED_LOCAL_MEMORY_LIMIT for a list that is too long for a value.
  func entries(_ range: Range<Int>) throws(SQLError) -> (entries: [Int32], ends: [Int32]) {
    var entries: [Int32] = []
    var ends: [Int32] = []
    for group in range {
      var number = lists.states(as: List.self)[group].first
      var byteCount = 0
      while number > 0 {
        entries.append(number - 1)
        for column in columns { byteCount += column.encodedByteCount(Int(number) - 1) }
        number = following.states(as: Int32.self)[Int(number) - 1]
      }
      guard byteCount < Int(Int32.max) else {
        throw SQLError(
          .exceededLocalMemoryLimit,
          "An aggregation makes a value of more than 2147483647 bytes"
        )
      }
      ends.append(Int32(truncatingIfNeeded: entries.count))
    }
    return (entries, ends)
  }

  /// A column of the rows at `entries`.
  func column(_ index: Int, _ entries: [Int32]) -> ColumnVector {
    let all = columns[index].vector(0..<entryCount, type: columns[index].type)
    return entries.withUnsafeBufferPointer { all.gather($0) }
  }

  var byteCount: Int {
    columns.reduce(lists.byteCount + following.byteCount) { $0 + $1.byteCount }
  }
}
