import ApusValues
import ApusVectors
import Testing

@testable import ApusEngine

/// Filters of join keys let every key through, and of others few or, where they are exact, none.
@Suite struct KeyFilterTests {
  private func vector(_ values: [Value], _ type: SQLType) -> ColumnVector {
    let builder = VectorBuilder(type: type, capacity: values.count)
    for (row, value) in values.enumerated() { builder.set(row, value) }
    return builder.finish(count: values.count)
  }

  /// Keys of two workers, as the first of one or two columns; with NULLs that nothing finds.
  private func keys(_ values: [Value], _ type: SQLType, isWhole: Bool) throws -> BuildKeyColumn {
    let types = isWhole ? [type] : [type, .integer]
    let layout = KeyLayout(types, hasNullBits: false)
    let half = values.count / 2
    var sources: [JoinKeys] = []
    for part in [Array(values[..<half]), Array(values[half...])] {
      let encoder = KeyEncoder(layout)
      let collected = JoinKeys(layout, memory: MemoryPool(limit: 1 << 30))
      let second = ColumnVector.constant(.integer(1), type: .integer, count: part.count)
      encoder.encode([vector(part, type)] + (isWhole ? [] : [second]), rowCount: part.count)
      try collected.append(encoder, rowCount: part.count)
      sources.append(collected)
    }
    return BuildKeyColumn(sources, index: 0, type: type)
  }

  static let types: [SQLType] = [
    .boolean, .tinyint, .smallint, .integer, .bigint, .date, .text, .varbinary, .real, .double,
    .decimal(precision: 12, scale: 2), .decimal(precision: 30, scale: 3), .timestamp(precision: 9),
  ]

  @Test(arguments: types)
  func everyKeyPasses(_ type: SQLType) throws {
    var generator = SeededGenerator(seed: 3)
    for isWhole in [true, false] {
      let values = randomValues(of: type, count: 600, using: &generator)
      let keys = try keys(values, type, isWhole: isWhole)
      let isKnown = values.map { !$0.isNull }
      let byteCount = try #require(KeyBloomFilter.byteCount(keyCount: keys.count))
      var filters: [KeyFilter] = [.bloom(KeyBloomFilter(keys, type: type, byteCount: byteCount))]
      if case (.integer(let lower), .integer(let upper))? = keys.bounds, type.isInteger,
        KeyBitmap.byteCount(from: lower, to: upper) != nil
      {
        filters.append(.bitmap(KeyBitmap(keys, from: lower, to: upper)))
      }
      for filter in filters {
        let probe = KeyFilterProbe(filter, type: type)
        let flat = vector(values, type)
        let all = probe.intersection(.all(values.count), flat)
        #expect((all.indices ?? []) == isKnown.indices.filter { isKnown[$0] }.map { Int32($0) })
        let odd = (0..<values.count).filter { $0 % 2 == 1 }.map { Int32($0) }
        let some = probe.intersection(Selection(rowCount: values.count, indices: odd), flat)
        #expect((some.indices ?? odd) == odd.filter { isKnown[Int($0)] })
      }
      if let bounds = keys.bounds {
        for value in values where !value.isNull {
          #expect(Value.compare(bounds.lower, value) <= 0)
          #expect(Value.compare(bounds.upper, value) >= 0)
        }
      }
      if let distinct = keys.distinctValues(limit: 1000) {
        #expect(zip(distinct, distinct.dropFirst()).allSatisfy { Value.compare($0, $1) < 0 })
        for value in values where !value.isNull {
          #expect(distinct.contains { Value.compare($0, value) == 0 })
        }
      }
    }
  }

  @Test func fewOthersPass() throws {
    let values = (0..<20_000).map { Value.text("key \($0)") }
    let keys = try keys(values, .text, isWhole: true)
    let byteCount = try #require(KeyBloomFilter.byteCount(keyCount: keys.count))
    let filter = KeyFilter.bloom(KeyBloomFilter(keys, type: .text, byteCount: byteCount))
    let probe = KeyFilterProbe(filter, type: .text)
    let others = vector((0..<20_000).map { .text("other \($0)") }, .text)
    #expect(probe.intersection(.all(20_000), others).count < 1000)
    // Through a dictionary, of which each entry is tested once.
    let entries = vector([.text("key 7"), .text("no key"), .null], .text)
    let buffer = VectorBuffer(byteCount: 12 * 4)
    let indices = buffer.base.assumingMemoryBound(to: Int32.self)
    for row in 0..<12 { indices[row] = Int32(row % 3) }
    let rows = ColumnVector(
      type: .text,
      count: 12,
      encoding: .dictionary,
      storage: entries.storage,
      indexBuffer: buffer
    )
    #expect(probe.intersection(.all(12), rows).indices == [0, 3, 6, 9])
    #expect(KeyBloomFilter.byteCount(keyCount: 1 << 30) == nil)
  }

  @Test func textThatIsNoUTF8HasNoBounds() throws {
    let keys = try keys([.text("a"), .text("b")], .text, isWhole: true)
    #expect(keys.bounds?.lower == .text("a"))
    let builder = VectorBuilder(type: .varbinary, capacity: 2)
    builder.set(0, .binary([0xff]))
    builder.set(1, .binary([0x61]))
    let layout = KeyLayout([.text], hasNullBits: false)
    let encoder = KeyEncoder(layout)
    let collected = JoinKeys(layout, memory: MemoryPool(limit: 1 << 30))
    encoder.encode([builder.finish(count: 2).retyped(.text)], rowCount: 2)
    try collected.append(encoder, rowCount: 2)
    let broken = BuildKeyColumn([collected], index: 0, type: .text)
    #expect(broken.bounds == nil)
    #expect(broken.distinctValues(limit: 10) == nil)
  }

  @Test func aNaNHasNoBounds() throws {
    #expect(try keys([.double(1), .double(.nan)], .double, isWhole: true).bounds == nil)
    #expect(try keys([.double(1), .double(2)], .double, isWhole: true).bounds?.upper == .double(2))
    #expect(try keys([.null, .null], .double, isWhole: true).bounds == nil)
  }
}
