import ApusValues
import ApusVectors
import Testing

@testable import ApusEngine

/// Words of sort keys and the sorts that use them.
struct ParallelSortTests {
  private func vector(_ values: [Value], _ type: SQLType) -> ColumnVector {
    let builder = VectorBuilder(type: type, capacity: values.count)
    for (row, value) in values.enumerated() { builder.set(row, value) }
    return builder.finish(count: values.count)
  }

  /// The words of values that are already in ascending order must ascend.
  @Test
  func wordsHaveTheOrderOfValues() {
    let ascending: [(SQLType, [Value])] = [
      (.double, [-.infinity, -1.5, -0.1, 0, 0.1, 3, .infinity, .nan].map { .double($0) }),
      (.real, [-.infinity, -1.5, 0, 0.1, 3, .infinity, .nan].map { .real($0) }),
      (.bigint, [.min, -1, 0, 1, .max].map { .integer($0) }),
      (.tinyint, [-128, -1, 0, 1, 127].map { .integer($0) }),
      (.decimal(precision: 38, scale: 0), [.min, -1, 0, 1, .max].map { .wide($0) }),
      (.boolean, [.boolean(false), .boolean(true)]),
      (.text, ["", "a", "ab", "abcdefg", "abcdefgh", "b", "é"].map { .text($0) }),
    ]
    for (type, values) in ascending {
      for isAscending in [true, false] {
        let order = SortOrder(type: type, isAscending: isAscending, nullsFirst: true)
        let layout = SortKeyLayout([order], mayHaveNulls: [true])
        let words = SortKeyWords(layout, rowCount: values.count + 1)
        words.encode([vector([.null] + values, type)], 0..<values.count + 1)
        let rows = (0...values.count).map { row in words.words.map { $0[row] } }
        let expected = isAscending ? Array(rows[1...]) : rows[1...].reversed()
        #expect(zip(expected, expected.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) })
        #expect(rows[1...].allSatisfy { rows[0].lexicographicallyPrecedes($0) })
      }
    }
  }

  @Test
  func equalNumbersHaveEqualWords() {
    #expect(SortKeyWords.ordered(-0.0) == SortKeyWords.ordered(0.0))
    #expect(SortKeyWords.ordered(Double.nan) == SortKeyWords.ordered(-Double.nan))
    #expect(SortKeyWords.ordered(Float.nan) == SortKeyWords.ordered(-Float.nan))
  }

  @Test(arguments: [1, 4], [2, 100, 1_000_000])
  func sortsStably(workers: Int, distinct: Int) throws {
    let types: [SQLType] = [.bigint, .text, .double]
    let rows = randomRows(types, count: 40_000, distinct: distinct, seed: 9)
    let orders = types.map { SortOrder(type: $0, isAscending: true, nullsFirst: false) }
    let keys = types.indices.map { column in vector(rows.map { $0[column] }, types[column]) }
    let sort = try ParallelSort(
      orders,
      keys: keys,
      rowCount: rows.count,
      workerCount: workers,
      memory: MemoryPool(limit: .max)
    )
    sort.run()
    let comparator = RowComparator(orders, keys: keys)
    let order = sort.rows(0..<rows.count).map { Int($0) }
    #expect(Set(order).count == rows.count)
    #expect(
      zip(order, order.dropFirst()).allSatisfy { before, after in
        let result = comparator.compare(before, after)
        return result < 0 || (result == 0 && before < after)
      }
    )
  }

  @Test(arguments: [true, false])
  func sortsStringsOfCommonBeginnings(isAscending: Bool) throws {
    var generator = SeededGenerator(seed: 4)
    let ends = ["", "\0", "\0\0\0\0\0\0\0\0\0", "a", "abcdefgh", "abcdefghi", "é"]
    let values = (0..<6000).map { _ -> Value in
      var text = "all begin alike "
      for _ in 0..<Int.random(in: 0..<4, using: &generator) {
        text += ends[Int.random(in: 0..<ends.count, using: &generator)]
      }
      return .text(text)
    }
    let orders = [SortOrder(type: .text, isAscending: isAscending, nullsFirst: false)]
    let sort = try ParallelSort(
      orders,
      keys: [vector(values, .text)],
      rowCount: values.count,
      workerCount: 1,
      memory: MemoryPool(limit: .max)
    )
    sort.run()
    let expected = values.enumerated().sorted { a, b in
      let result = Value.compare(a.element, b.element)
      return result == 0 ? a.offset < b.offset : (result < 0) == isAscending
    }
    #expect(sort.rows(0..<values.count).map { Int($0) } == expected.map(\.offset))
  }
}
