import ApusValues
import ApusVectors
import Testing

@testable import ApusEngine

/// Key rows and the tables that number them.
struct GroupTableTests {
  private func vectors(_ rows: [[Value]], _ types: [SQLType]) -> [ColumnVector] {
    types.enumerated().map { column, type in
      let builder = VectorBuilder(type: type, capacity: rows.count)
      for (row, values) in rows.enumerated() { builder.set(row, values[column]) }
      return builder.finish(count: rows.count)
    }
  }

  @Test
  func placesColumnsBySize() {
    let layout = KeyLayout([.smallint, .text, .bigint], hasNullBits: true)
    #expect(layout.columns.map(\.offset) == [24, 0, 16])
    #expect(layout.byteCount == 32)
    #expect(layout.stringCount == 1)
    #expect(layout.columns.map(\.nullBit) == [1, 2, 4])
    #expect(layout.columns.map(\.nullByte) == [26, 26, 26])
    #expect(KeyLayout([.bigint], hasNullBits: false).byteCount == 8)
    #expect(KeyLayout([], hasNullBits: true).byteCount == 8)
    let many = KeyLayout(Array(repeating: .boolean, count: 9), hasNullBits: true)
    #expect(many.columns[8].nullByte == many.columns[0].nullByte + 1)
  }

  @Test(arguments: [3, 400, 20_000])
  func numbersKeysAsTheyAppear(distinct: Int) throws {
    let types: [SQLType] = [.text, .double, .smallint, .decimal(precision: 30, scale: 0)]
    let rows = randomRows(types, count: 6000, distinct: distinct, seed: UInt64(distinct))
    let indexer = GroupIndexer(KeyLayout(types, hasNullBits: true))
    var expected: [String: Int32] = [:]
    var keysByGroup: [String] = []
    for start in stride(from: 0, to: rows.count, by: 1000) {
      let chunk = Array(rows[start..<start + 1000])
      let groups = try indexer.groups(of: vectors(chunk, types), rowCount: chunk.count)
      for (row, values) in chunk.enumerated() {
        let text = key(values)
        if expected[text] == nil {
          expected[text] = Int32(keysByGroup.count)
          keysByGroup.append(text)
        }
        #expect(groups[row] == expected[text])
      }
    }
    #expect(indexer.table.count == keysByGroup.count)
    let columns = types.indices.map { indexer.table.keys.column($0, 0..<keysByGroup.count) }
    #expect(keysByGroup.indices.map { row in key(columns.map { $0.value(row) }) } == keysByGroup)
  }

  @Test(arguments: [[SQLType.bigint], [.bigint, .text]])
  func findsGroupsAfterGrowing(types: [SQLType]) throws {
    let batches = 150
    let size = 2000
    let indexer = GroupIndexer(KeyLayout(types, hasNullBits: true))
    func keys(_ batch: Int) -> [ColumnVector] {
      let rows = (0..<size).map { row -> [Value] in
        let number = Int64(batch * size + row)
        return [.integer(number &* 7919), .text("text \(number) of some length")]
      }
      return vectors(rows.map { Array($0.prefix(types.count)) }, types)
    }
    for round in 0..<2 {
      for batch in 0..<batches {
        let groups = try indexer.groups(of: keys(batch), rowCount: size)
        let isRight = (0..<size).allSatisfy { groups[$0] == Int32(batch * size + $0) }
        #expect(isRight, "batch \(batch) of round \(round)")
      }
    }
    #expect(indexer.table.count == batches * size)
  }

  /// Orders in which the integers of a range come.
  enum Order: CaseIterable {
    case ascending
    case descending
    case shuffled
    /// First the middle, then below it, then above it.
    case outwards
  }

  @Test(arguments: [SQLType.smallint, .integer, .bigint, .date], Order.allCases)
  func givesDenseIntegersSlotsOfTheirOwn(type: SQLType, order: Order) throws {
    let middle: Int64 = type == .bigint ? .max - 20_000 : 300
    var numbers = (0..<20_000).map { middle - 20_000 + 2 * Int64($0) }
    switch order {
    case .ascending: break
    case .descending: numbers.reverse()
    case .shuffled:
      var generator = SeededGenerator(seed: 3)
      numbers.shuffle(using: &generator)
    case .outwards: numbers = Array(numbers[8000..<12_000] + numbers[..<8000] + numbers[12_000...])
    }
    try checkNumbering(numbers.map { .integer($0) } + [.null, .null], type, isDense: true)
  }

  @Test
  func comparesIntegersThatLieFarApart() throws {
    let dense = (0..<3000).map { Value.integer($0) }
    let far: [Value] = [.integer(.max), .integer(.min), .null, .integer(-1)]
    // A key far away ends the direct slots; once there are enough keys, they come back.
    try checkNumbering(dense + [.integer(1_000_000)], .bigint, isDense: false)
    let many = (3000..<200_000).map { Value.integer($0) }
    try checkNumbering(dense + [.integer(1_000_000)] + many, .bigint, isDense: true)
    try checkNumbering(dense + far + many, .bigint, isDense: false)
    try checkNumbering(far + dense, .bigint, isDense: false)
  }

  @Test
  func touchesOnlyStretchesWithKeys() throws {
    let stretches = [0, 60_000_000, -30_000_000].map { first in
      (0..<150_000).map { Value.integer(first + Int64($0)) }
    }
    try checkNumbering(Array(stretches.joined()), .bigint, isDense: true)
    // Now one batch holds keys of all of them.
    let mixed = (0..<700).map { stretches[$0 % 3][$0] }
    try checkNumbering(Array(stretches.joined()) + mixed, .bigint, isDense: true)
    // As many keys, too many pages.
    let scattered = (0..<450_000).map { Value.integer(Int64($0) * 1000) }
    try checkNumbering(scattered, .bigint, isDense: false)
  }

  /// Numbers keys twice, in batches, and compares with a dictionary.
  private func checkNumbering(_ values: [Value], _ type: SQLType, isDense: Bool) throws {
    let indexer = GroupIndexer(KeyLayout([type], hasNullBits: true))
    var expected: [Value: Int32] = [:]
    for round in 0..<2 {
      for start in stride(from: 0, to: values.count, by: 700) {
        let chunk = Array(values[start..<min(start + 700, values.count)])
        let groups = try indexer.groups(of: [flat(chunk, type)], rowCount: chunk.count)
        var isRight = true
        for (row, value) in chunk.enumerated() {
          let group = expected[value] ?? Int32(expected.count)
          expected[value] = group
          isRight = isRight && groups[row] == group
        }
        #expect(isRight, "rows from \(start) of round \(round)")
      }
    }
    let table = indexer.table
    #expect(table.count == expected.count)
    #expect((table.denseRange != nil) == isDense)
    let column = table.keys.column(0, 0..<table.count)
    #expect((0..<table.count).allSatisfy { expected[column.value($0)] == Int32($0) })
  }

  @Test
  func findsGroupsThroughDictionaries() throws {
    let names: [Value] = [.text("a"), .null, .text("a name of many bytes"), .text("a")]
    let dictionary = vectors(names.map { [$0] }, [.text])[0]
    let indexer = GroupIndexer(KeyLayout([.text, .text], hasNullBits: true))
    for _ in 0..<2 {
      let count = 100
      let buffer = VectorBuffer(byteCount: count * 4)
      let indices = buffer.base.assumingMemoryBound(to: Int32.self)
      for row in 0..<count { indices[row] = Int32(row % 4) }
      let column = ColumnVector(
        type: .text,
        count: count,
        encoding: .dictionary,
        storage: dictionary.storage,
        indexBuffer: buffer
      )
      let constant = ColumnVector.constant(.text("x"), type: .text, count: count)
      let groups = try indexer.groups(of: [column, constant], rowCount: count)
      // Rows 0 and 3 of four have equal values at different indices.
      #expect((0..<count).map { groups[$0] } == (0..<count).map { [0, 1, 2, 0][$0 % 4] })
    }
    #expect(indexer.table.count == 3)
  }

  @Test
  func mergesTables() throws {
    let types: [SQLType] = [.text]
    let rows = randomRows(types, count: 9000, distinct: 5000, seed: 2)
    let left = GroupIndexer(KeyLayout(types, hasNullBits: true))
    let right = GroupIndexer(KeyLayout(types, hasNullBits: true))
    _ = try left.groups(of: vectors(Array(rows[..<4000]), types), rowCount: 4000)
    _ = try right.groups(of: vectors(Array(rows[4000...]), types), rowCount: 5000)
    let all = (0..<Int32(right.table.count)).map { $0 }
    let mapping = try all.withUnsafeBufferPointer { try left.table.insert(right.table, groups: $0) }
    #expect(mapping.count == right.table.count)
    #expect(left.table.count == Set(rows.map { key($0) }).count)
    let merged = left.table.keys.column(0, 0..<left.table.count)
    let from = right.table.keys.column(0, 0..<right.table.count)
    #expect(mapping.indices.allSatisfy { from.value($0) == merged.value(Int(mapping[$0])) })
  }

  @Test
  func hashesBytesWhereverTheyAre() {
    for count in [0, 1, 4, 12, 13, 15, 16, 17, 31, 32, 33, 100] {
      let heaps = [StringHeap(), StringHeap()]
      let text = String(decoding: (0..<count).map { UInt8(97 + $0 % 8) }, as: UTF8.self)
      let views = heaps.map { $0.store(text) }
      #expect(KeyHash.combine(1, views[0]) == KeyHash.combine(1, views[1]))
      let other = heaps[0].store(text + "!")
      #expect(KeyHash.combine(1, views[0]) != KeyHash.combine(1, other))
    }
  }
}
