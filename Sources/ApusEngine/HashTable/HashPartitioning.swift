/// Divides keys by the highest bits of their hashes, which no slot of a table is chosen by.
struct HashPartitioning: Sendable {
  /// A power of two, at most 256.
  let count: Int
  private let shift: UInt64

  /// - Parameter count: is rounded up to a power of two.
  init(atLeast count: Int) {
    var bits = 0
    while 1 << bits < count, bits < 8 { bits += 1 }
    self.count = 1 << bits
    shift = UInt64(64 - bits)
  }

  @inline(__always)
  func partition(ofHash hash: UInt64) -> UInt8 {
    // Swift's shift gives 0 where there is but one partition.
    UInt8(truncatingIfNeeded: hash >> shift)
  }
}

/// Positions of rows, sorted by partition; ascending within each.
struct PartitionedRows: Sendable {
  private let rows: [Int32]
  /// Where each partition ends.
  private let ends: [Int]

  /// - Parameters:
  ///   - partitions: one per row, each below `count`.
  init(_ partitions: [UInt8], count: Int) {
    var next = [Int](repeating: 0, count: count)
    for partition in partitions { next[Int(partition)] += 1 }
    var total = 0
    for partition in 0..<count {
      let size = next[partition]
      next[partition] = total
      total += size
    }
    rows = [Int32](unsafeUninitializedCapacity: partitions.count) { rows, rowCount in
      for (row, partition) in partitions.enumerated() {
        let place = next[Int(partition)]
        next[Int(partition)] = place + 1
        rows[place] = Int32(truncatingIfNeeded: row)
      }
      rowCount = partitions.count
    }
    ends = next
  }

  init(_ partitioning: HashPartitioning, hashes: UnsafePointer<UInt64>, count: Int) {
    let partitions = [UInt8](unsafeUninitializedCapacity: count) { partitions, partitionCount in
      for row in 0..<count { partitions[row] = partitioning.partition(ofHash: hashes[row]) }
      partitionCount = count
    }
    self.init(partitions, count: partitioning.count)
  }

  /// Bytes held.
  var byteCount: Int { rows.count * 4 }

  /// Calls `body` with the rows of one partition.
  func withRows<Result, Failure: Error>(
    of partition: Int,
    _ body: (UnsafeBufferPointer<Int32>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let start = partition == 0 ? 0 : ends[partition - 1]
    let end = ends[partition]
    return try rows.withUnsafeBufferPointer { (rows) throws(Failure) in
      try body(UnsafeBufferPointer(rebasing: rows[start..<end]))
    }
  }
}
