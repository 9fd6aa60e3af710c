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
    let rows = hashes.withUnsafeBufferPointer { hashes in
      hashes.baseAddress.map {
        PartitionedRows(partitioning, hashes: $0, count: rowCount)
      }
    }
    guard let rows else { return }
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
}
