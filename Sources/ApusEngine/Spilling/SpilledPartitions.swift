import ApusValues
import ApusVectors

// Rows that do not fit in memory, divided by the hashes of their keys, so that equal keys meet and one
// part can be treated at a time:
//
//   worker 0   batches ──▶ [ 3 0 1 1 … ] ──▶ block of 0, block of 1, …  ┐
//   worker 1   batches ──▶ [ 2 2 0 3 … ] ──▶ block of 0, block of 1, …  ┴─▶ one temporary file
//
// Where a part is still too large, whoever reads it takes only rows with certain further bits in their
// hashes, once for each choice of these bits (`SpilledPart`).

/// Which bits of a hash divide rows: those by which the table of a part does not place its keys.
struct SpillPartitioning: Sendable {
  private let shift: UInt64
  private let refinementShift: UInt64
  /// How often a partition can be halved.
  let refinementLimit: UInt64

  /// Enough that a part fits where the whole is sixty times too large, and few enough that the blocks
  /// of one partition are long.
  static let count = 64

  /// For a `GroupTable`; the same division as that of `HashPartitioning` of as many partitions.
  static let groups = SpillPartitioning(shift: 58, refinementShift: 0, refinementLimit: 16)

  /// For a `JoinTable`.
  static let joins = SpillPartitioning(shift: 48, refinementShift: 54, refinementLimit: 6)

  @inline(__always)
  func partition(ofHash hash: UInt64) -> Int {
    Int(truncatingIfNeeded: (hash >> shift) & UInt64(SpillPartitioning.count - 1))
  }

  @inline(__always)
  fileprivate func refinement(ofHash hash: UInt64, depth: UInt64) -> UInt64 {
    (hash >> refinementShift) & (1 << depth - 1)
  }
}

/// Spilled rows by partition; all workers add to them.
final class SpilledPartitions: Sendable {
  let partitioning: SpillPartitioning
  private let partitions: [SpilledRows]

  init(_ file: TemporaryFile, types: [SQLType], _ partitioning: SpillPartitioning) {
    self.partitioning = partitioning
    partitions = (0..<SpillPartitioning.count).map { _ in SpilledRows(file, types: types) }
  }

  subscript(partition: Int) -> SpilledRows { partitions[partition] }
}

/// Some of the rows of a partition: those with certain bits in their hashes.
struct SpilledPart: Sendable {
  let partition: Int
  private let partitioning: SpillPartitioning
  private var depth: UInt64 = 0
  private var bits: UInt64 = 0

  init(partition: Int, partitioning: SpillPartitioning) {
    self.partition = partition
    self.partitioning = partitioning
  }

  /// Whether it is all of the partition.
  var isWhole: Bool { depth == 0 }

  /// Whether a row of the partition belongs here.
  @inline(__always)
  func contains(_ hash: UInt64) -> Bool {
    partitioning.refinement(ofHash: hash, depth: depth) == bits
  }

  /// The rows of the partition that belong here.
  func rows(_ hashes: UnsafePointer<UInt64>, rowCount: Int) -> Selection {
    if isWhole { return .all(rowCount) }
    var rows: [Int32] = []
    for row in 0..<rowCount where contains(hashes[row]) {
      rows.append(Int32(truncatingIfNeeded: row))
    }
    return Selection(rowCount: rowCount, indices: rows)
  }

  /// The two halves of this part; none if it has been halved so often that its rows surely share
  /// one key.
  var halves: [SpilledPart] {
    guard depth < partitioning.refinementLimit else { return [] }
    return [UInt64(0), 1].map { bit in
      var half = self
      half.depth += 1
      half.bits |= bit << depth
      return half
    }
  }
}

/// One worker's way of adding rows to partitions.
final class PartitionedSpillWriter {
  /// A batch with its rows by partition.
  private struct Piece {
    var batch: Batch
    /// Positions of rows, Int32, sorted by partition.
    var rows: VectorBuffer
    /// Where each partition ends.
    var ends: [Int]

    func rows(of partition: Int) -> UnsafeBufferPointer<Int32> {
      let start = partition == 0 ? 0 : ends[partition - 1]
      return UnsafeBufferPointer(
        start: UnsafePointer(rows.base.assumingMemoryBound(to: Int32.self)) + start,
        count: ends[partition] - start
      )
    }
  }

  private let target: SpilledPartitions
  private let writer: BlockWriter
  private let reservation: Reservation
  private var pieces: [Piece] = []
  private var rowCount = 0
  private var byteCount = 0

  /// Rows and bytes that are collected before blocks are written.
  private static let greatestRowCount = 65_536
  private let greatestByteCount: Int

  init(_ target: SpilledPartitions, _ context: WorkerContext, types: [SQLType]) {
    self.target = target
    writer = BlockWriter(context.temporaryFile, types: types)
    reservation = Reservation(context.memory)
    greatestByteCount = min(4 << 20, context.memory.limit / 16)
  }

  /// Adds the rows of a batch.
  ///
  /// - Parameter hashes: of the keys, one a row.
  func append(_ batch: Batch, hashes: UnsafePointer<UInt64>) throws(SQLError) {
    pieces.append(divide(batch, hashes))
    rowCount += batch.rowCount
    for column in batch.columns { byteCount += column.ownByteCount }
    reservation.force(to: byteCount + rowCount * 4 + writer.byteCount)
    if rowCount >= PartitionedSpillWriter.greatestRowCount
      || byteCount >= greatestByteCount
    {
      try flush()
    }
  }

  private func divide(_ batch: Batch, _ hashes: UnsafePointer<UInt64>) -> Piece {
    let partitioning = target.partitioning
    var next = [Int](repeating: 0, count: SpillPartitioning.count)
    for row in 0..<batch.rowCount { next[partitioning.partition(ofHash: hashes[row])] += 1 }
    var total = 0
    for partition in next.indices {
      let size = next[partition]
      next[partition] = total
      total += size
    }
    let buffer = VectorBuffer(byteCount: batch.rowCount * 4)
    let rows = buffer.base.assumingMemoryBound(to: Int32.self)
    for row in 0..<batch.rowCount {
      let partition = partitioning.partition(ofHash: hashes[row])
      rows[next[partition]] = Int32(truncatingIfNeeded: row)
      next[partition] += 1
    }
    return Piece(batch: batch, rows: buffer, ends: next)
  }

  /// Writes what was collected.
  func flush() throws(SQLError) {
    guard rowCount > 0 else { return }
    for partition in 0..<SpillPartitioning.count {
      let rows = pieces.map { (batch: $0.batch, rows: $0.rows(of: partition)) }
        .filter { !$0.rows.isEmpty }
      if rows.isEmpty { continue }
      target[partition].append(try writer.write(rows))
    }
    pieces = []
    rowCount = 0
    byteCount = 0
    reservation.force(to: writer.byteCount)
  }
}
