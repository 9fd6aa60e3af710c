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

  /// The partition of each key.
  func partitions(of keys: KeyRows) -> [UInt8] {
    let hashes = keys.hashes
    return [UInt8](unsafeUninitializedCapacity: keys.count) { partitions, count in
      count = keys.count
      for row in 0..<keys.count { partitions[row] = partition(ofHash: hashes[row]) }
    }
  }
}

/// Divides integers by their place in a range, so that those of a partition lie close together, too.
struct RangePartitioning: Sendable {
  let range: IntegerRange
  let count: Int
  /// Each partition has 2 to this power integers.
  private let width: Int64

  /// - Parameters:
  ///   - range: of fewer integers than an Int counts, at least one.
  ///   - count: is nearly reached, or not if there are so few integers; at most 256.
  init?(_ range: IntegerRange, atMost count: Int) {
    guard let size = range.count else { return nil }
    var width: Int64 = 0
    while (size - 1) >> Int(width) >= min(count, 256) { width += 1 }
    self.range = range
    self.width = width
    self.count = (size - 1) >> Int(width) + 1
  }

  /// The partition of each key; NULL is in the first.
  func partitions(of keys: KeyRows) -> [UInt8] {
    let layout = keys.layout
    let lower = range.lower
    return [UInt8](unsafeUninitializedCapacity: keys.count) { partitions, count in
      count = keys.count
      for row in 0..<keys.count {
        let key = UnsafeRawPointer(keys.rows) + row * layout.byteCount
        let distance = range.value(key.load(as: UInt64.self)) &- lower
        partitions[row] = layout.isNull(key) ? 0 : UInt8(truncatingIfNeeded: distance &>> width)
      }
    }
  }

  /// The integers of a partition that are in the range.
  func range(of partition: Int) -> IntegerRange {
    let lower = range.lower + Int64(partition) << width
    let last = partition == count - 1 ? range.upper : lower + (1 << width - 1)
    return range.narrowed(to: lower...last)
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
