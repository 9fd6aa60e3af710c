import ApusValues
import ApusVectors

/// The ORDER BY of an aggregate's call: what is kept of each row, and what is done with it.
struct AggregateOrdering: Sendable {
  enum Argument: Sendable {
    /// A column of what is kept.
    case column(Int)
    case constant(Value, SQLType)
  }

  struct Key: Sendable {
    /// The column of what is kept.
    var column: Int
    var order: SortOrder
  }

  /// What is kept of each row: arguments that are not constant, then keys that are no arguments.
  var types: [SQLType]
  /// The arguments of the function.
  var arguments: [Argument]
  /// At least one.
  var keys: [Key]
}

/// Feeds each group's rows in an order: keeps them until the group is finished, then sorts them and
/// hands them to an accumulator of the function.
///
///     update, merge    group 0: (b, 2) (a, 1)    group 1: (c, 5)
///     finish           group 0: (a, 1) (b, 2)    group 1: (c, 5)    →  the function's accumulator
///
/// Rows that are equal by the order stay in the order in which they came.
final class OrderedAccumulator: Accumulator {
  private let ordering: AggregateOrdering
  private let makeAccumulator: @Sendable () throws(SQLError) -> any Accumulator
  private let lists: GroupLists

  /// Rows that are fed at once.
  private static let feedCount = 16_384

  init(
    _ ordering: AggregateOrdering,
    makeAccumulator: @escaping @Sendable () throws(SQLError) -> any Accumulator
  ) {
    self.ordering = ordering
    self.makeAccumulator = makeAccumulator
    lists = GroupLists(ordering.types)
  }

  func resize(groupCount: Int) { lists.resize(to: groupCount) }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) throws(SQLError) {
    try lists.append(groups: groups, from: arguments, skipsNulls: false)
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) throws(SQLError) {
    let other = try sameKind(other, as: OrderedAccumulator.self)
    for (group, target) in mapping {
      try lists.append(target, from: other.lists, group: group)
    }
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    let (entries, ends) = lists.entries(range)
    let sorted = sort(entries, ends)
    let accumulator = try makeAccumulator()
    accumulator.resize(groupCount: range.count)
    var groups: [Int32] = []
    groups.reserveCapacity(entries.count)
    for (group, end) in ends.enumerated() {
      let missing = Int(end) - groups.count
      groups.append(contentsOf: repeatElement(Int32(truncatingIfNeeded: group), count: missing))
    }
    for start in stride(from: 0, to: sorted.count, by: OrderedAccumulator.feedCount) {
      let end = min(start + OrderedAccumulator.feedCount, sorted.count)
      let columns = ordering.types.indices.map { lists.column($0, sorted[start..<end]) }
      let arguments = ordering.arguments.map { argument -> ColumnVector in
        switch argument {
        case .column(let index): columns[index]
        case .constant(let value, let type): .constant(value, type: type, count: end - start)
        }
      }
      try groups.withUnsafeBufferPointer { (groups) throws(SQLError) in
        try accumulator.update(
          groups: UnsafeBufferPointer(rebasing: groups[start..<end]),
          arguments: arguments
        )
      }
    }
    return try accumulator.finish(0..<range.count)
  }

  /// Returns the entries of each group in its order.
  ///
  /// - Parameter ends: where each group's entries end.
  private func sort(_ entries: [Int32], _ ends: [Int32]) -> [Int32] {
    if entries.isEmpty { return [] }
    let keys = ordering.keys.map { lists.column($0.column, entries[...]) }
    let orders = ordering.keys.map(\.order)
    let words = SortKeyWords(
      SortKeyLayout(orders, mayHaveNulls: keys.map(\.mayHaveNulls)),
      rowCount: entries.count
    )
    words.encode(keys, 0..<entries.count)
    let sorter = RowSorter(words: words, orders: orders, keys: keys)
    var rows = entries.indices.map { row in
      SortEntry(key: words.words[0][row], row: Int32(truncatingIfNeeded: row))
    }
    var scratch = rows
    rows.withUnsafeMutableBufferPointer { rows in
      scratch.withUnsafeMutableBufferPointer { scratch in
        guard let scratch = scratch.baseAddress else { return }
        var start = 0
        for end in ends {
          let group = UnsafeMutableBufferPointer(rebasing: rows[start..<Int(end)])
          if group.count > 1 { sorter.sort(group, scratch: scratch) }
          start = Int(end)
        }
      }
    }
    return rows.map { entries[Int($0.row)] }
  }

  var byteCount: Int { lists.byteCount }
}
