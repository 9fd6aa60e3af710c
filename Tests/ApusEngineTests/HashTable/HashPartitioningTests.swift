import ApusValues
import ApusVectors
import Testing

@testable import ApusEngine

/// Rows divided by their hashes.
struct HashPartitioningTests {
  @Test(arguments: [(0, 1), (1, 1), (2, 2), (3, 4), (16, 16), (100, 128), (256, 256), (9999, 256)])
  func countsInPowersOfTwo(wanted: Int, count: Int) {
    let partitioning = HashPartitioning(atLeast: wanted)
    #expect(partitioning.count == count)
    #expect(Int(partitioning.partition(ofHash: .max)) == count - 1)
    #expect(partitioning.partition(ofHash: UInt64.max / UInt64(count)) == 0)
  }

  @Test(arguments: [0, 1, 1000], [1, 8, 256])
  func keepsEachRowOnceInOrder(rowCount: Int, partitionCount: Int) {
    var generator = SeededGenerator(seed: 4)
    let hashes = (0..<rowCount).map { _ in generator.next() }
    let partitioning = HashPartitioning(atLeast: partitionCount)
    let rows = PartitionedRows(
      hashes.map { partitioning.partition(ofHash: $0) },
      count: partitioning.count
    )
    var all: [Int32] = []
    for partition in 0..<partitioning.count {
      let some = rows.withRows(of: partition) { Array($0) }
      #expect(some == some.sorted())
      #expect(
        some.allSatisfy { partitioning.partition(ofHash: hashes[Int($0)]) == UInt8(partition) }
      )
      all += some
    }
    #expect(all.sorted() == (0..<Int32(rowCount)).map { $0 })
  }

  @Test(
    arguments: [
      (0, 0), (-3, 4), (0, 255), (0, 256), (-1000, 70_000), (.max - 300, .max),
      (.min, .min + 9000),
    ] as [(Int64, Int64)],
    [1, 3, 16, 1000]
  )
  func dividesIntegersByTheirPlace(bounds: (Int64, Int64), wanted: Int) throws {
    let layout = KeyLayout([.bigint], hasNullBits: true)
    var generator = SeededGenerator(seed: 8)
    let values =
      [bounds.0, bounds.1]
      + (0..<2000).map { _ in Int64.random(in: bounds.0...bounds.1, using: &generator) }
    let encoder = KeyEncoder(layout)
    let column = flat(values.map { .integer($0) } + [.null], .bigint)
    encoder.encode([column], rowCount: column.count)
    let keys = KeyRows(layout)
    keys.reserve(column.count)
    for row in 0..<column.count {
      keys.append(encoder.rows + row * layout.byteCount, hash: encoder.hashes[row])
    }
    var range = try #require(IntegerRange(layout))
    range.add(encoder.rows, count: column.count, layout)
    #expect(range.lower == bounds.0)
    #expect(range.upper == bounds.1)
    let partitioning = try #require(RangePartitioning(range, atMost: wanted))
    #expect(partitioning.count <= min(wanted, 256))
    let partitions = partitioning.partitions(of: keys)
    for (value, partition) in zip(values, partitions) {
      let part = partitioning.range(of: Int(partition))
      #expect(part.lower <= value && value <= part.upper)
    }
    #expect(partitions.last == 0)
    #expect(partitioning.range(of: 0).lower == bounds.0)
    #expect(partitioning.range(of: partitioning.count - 1).upper == bounds.1)
    for partition in 1..<max(partitioning.count, 1) {
      let before = partitioning.range(of: partition - 1)
      #expect(before.upper + 1 == partitioning.range(of: partition).lower)
    }
  }
}
