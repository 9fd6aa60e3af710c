import ApusValues
import ApusVectors

// The build side of a hash join: chains of rows by bucket.
//
//   heads   bucket ─▶ │ 16 tag bits │ row + 1 of the last row put in, 0 if none │
//   next    row    ─▶ row + 1 of the row before it in the bucket, 0 at the end
//   keys    row    ─▶ its encoded key
//
// Each row sets one of its bucket's 16 tag bits, chosen by its hash. A probe whose bit is not set has
// no match and touches neither chain nor keys: a small Bloom filter that costs no extra read (Leis,
// Boncz, Kemper, Neumann: Morsel-Driven Parallelism, SIGMOD 2014, doi:10.1145/2588555.2610507).

/// Finds the build rows with a key.
///
/// Safety: filled by tasks that each own a range of buckets and read only after they have ended;
/// `next`, `rows` and `hashes` have `rowCount` elements, and every row + 1 in them is at most that.
final class JoinTable: @unchecked Sendable {
  let layout: KeyLayout
  let rowCount: Int
  private let rows: UnsafeMutableRawPointer
  private let hashes: UnsafeMutablePointer<UInt64>
  /// 1 for rows that may be found, 0 for those with a NULL in their key.
  private let isFindable: UnsafeMutablePointer<UInt8>
  private let heads: UnsafeMutablePointer<UInt64>
  private let next: UnsafeMutablePointer<Int32>
  private let bucketCount: Int
  /// Keeps the strings of the keys.
  private let sources: [JoinKeys]
  private let starts: [Int]
  private let reservation: Reservation

  private static let rowMask: UInt64 = 0x0000_ffff_ffff_ffff

  /// Makes room for the keys of all workers, in this order.
  ///
  /// - Throws: EXCEEDED_LOCAL_MEMORY_LIMIT.
  init(_ layout: KeyLayout, sources: [JoinKeys], memory: MemoryPool) throws(SQLError) {
    self.layout = layout
    self.sources = sources
    var starts: [Int] = []
    var total = 0
    for source in sources {
      starts.append(total)
      total += source.keys.count
    }
    self.starts = starts
    rowCount = total
    var bucketCount = 64
    while bucketCount * 3 < total * 4 { bucketCount *= 2 }
    self.bucketCount = bucketCount
    reservation = Reservation(memory)
    try reservation.resize(to: total * (layout.byteCount + 13) + bucketCount * 8)
    rows = .allocate(byteCount: max(total, 1) * layout.byteCount, alignment: 64)
    hashes = .allocate(capacity: max(total, 1))
    isFindable = .allocate(capacity: max(total, 1))
    next = .allocate(capacity: max(total, 1))
    heads = .allocate(capacity: bucketCount)
  }

  deinit {
    rows.deallocate()
    hashes.deallocate()
    isFindable.deallocate()
    next.deallocate()
    heads.deallocate()
  }

  var byteCount: Int { reservation.byteCount }

  /// One task for the keys of each worker.
  var copyTaskCount: Int { sources.count }

  func copyKeys(_ task: Int) {
    let source = sources[task]
    let start = starts[task]
    let count = source.keys.count
    (rows + start * layout.byteCount).copyMemory(
      from: source.keys.rows,
      byteCount: count * layout.byteCount
    )
    (hashes + start).update(from: source.keys.hashes, count: count)
    source.isFindable.withUnsafeBufferPointer { flags in
      guard let base = flags.baseAddress else { return }
      (isFindable + start).update(from: base, count: count)
    }
  }

  /// A power of two; more tasks read all hashes more often.
  func insertTaskCount(workerCount: Int) -> Int {
    guard rowCount > 65_536 else { return 1 }
    var count = 1
    while count < workerCount, count < 16 { count *= 2 }
    return count
  }

  /// Fills the buckets of one task.
  func insert(_ task: Int, of taskCount: Int) {
    let share = bucketCount / taskCount
    (heads + task * share).initialize(repeating: 0, count: share)
    let mask = UInt64(bucketCount - 1)
    let lower = UInt64(task * share)
    let upper = lower + UInt64(share)
    for row in 0..<rowCount {
      let hash = hashes[row]
      let bucket = hash & mask
      guard bucket >= lower, bucket < upper, isFindable[row] != 0 else { continue }
      let head = heads[Int(bucket)]
      next[row] = Int32(truncatingIfNeeded: head & JoinTable.rowMask)
      heads[Int(bucket)] =
        (head & ~JoinTable.rowMask) | JoinTable.tag(hash) | UInt64(row + 1)
    }
  }

  @inline(__always)
  private static func tag(_ hash: UInt64) -> UInt64 { 1 << (48 + (hash >> 60)) }

  /// Finds where the search for each key begins.
  ///
  /// - Returns: how many `candidates` it wrote, in ascending order of rows.
  func begin(_ probe: KeyEncoder, rowCount: Int, into candidates: JoinCandidates) -> Int {
    let mask = UInt64(bucketCount - 1)
    let heads = UnsafePointer(self.heads)
    let hashes = UnsafePointer(probe.hashes)
    let rows = candidates.rows
    let matches = candidates.matches
    var count = 0
    if probe.mayHaveNulls {
      let nullFlags = probe.nullFlags
      for row in 0..<rowCount {
        let head = heads[Int(hashes[row] & mask)]
        rows[count] = Int32(truncatingIfNeeded: row)
        matches[count] = Int32(truncatingIfNeeded: head & JoinTable.rowMask) &- 1
        let mayMatch = head & JoinTable.tag(hashes[row]) != 0 && nullFlags[row] == 0
        count &+= mayMatch ? 1 : 0
      }
      return count
    }
    for row in 0..<rowCount {
      let head = heads[Int(hashes[row] & mask)]
      rows[count] = Int32(truncatingIfNeeded: row)
      matches[count] = Int32(truncatingIfNeeded: head & JoinTable.rowMask) &- 1
      count &+= head & JoinTable.tag(hashes[row]) != 0 ? 1 : 0
    }
    return count
  }

  /// Compares each candidate's key, writes those that are equal to `pairs`, and replaces each
  /// candidate by the next of its bucket.
  ///
  /// - Returns: how many pairs it wrote, and how many candidates are left.
  func advance(
    _ probe: KeyEncoder,
    candidates: JoinCandidates,
    count: Int,
    pairs: JoinCandidates
  ) -> (pairCount: Int, candidateCount: Int) {
    switch (layout.wordCount, layout.stringCount) {
    case (1, 0):
      advance(probe, candidates, count, pairs, wordCount: 1, stringCount: 0)
    case (2, 0):
      advance(probe, candidates, count, pairs, wordCount: 2, stringCount: 0)
    case (2, 1):
      advance(probe, candidates, count, pairs, wordCount: 2, stringCount: 1)
    case (let wordCount, let stringCount):
      advance(probe, candidates, count, pairs, wordCount: wordCount, stringCount: stringCount)
    }
  }

  @inline(__always)
  private func advance(
    _ probe: KeyEncoder,
    _ candidates: JoinCandidates,
    _ count: Int,
    _ pairs: JoinCandidates,
    wordCount: Int,
    stringCount: Int
  ) -> (pairCount: Int, candidateCount: Int) {
    let stride = wordCount * 8
    let probeRows = UnsafeRawPointer(probe.rows)
    let buildRows = UnsafeRawPointer(rows)
    let next = UnsafePointer(self.next)
    var pairCount = 0
    var left = 0
    for index in 0..<count {
      let row = candidates.rows[index]
      let match = candidates.matches[index]
      pairs.rows[pairCount] = row
      pairs.matches[pairCount] = match
      let isEqual = KeyRows.isEqual(
        probeRows + Int(row) * stride,
        buildRows + Int(match) * stride,
        wordCount: wordCount,
        stringCount: stringCount
      )
      pairCount &+= isEqual ? 1 : 0
      let following = next[Int(match)]
      candidates.rows[left] = row
      candidates.matches[left] = following &- 1
      left &+= following != 0 ? 1 : 0
    }
    return (pairCount, left)
  }
}

/// Keys of build rows that one worker has collected.
final class JoinKeys {
  let keys: KeyRows
  private(set) var isFindable: [UInt8] = []
  let reservation: Reservation

  init(_ layout: KeyLayout, memory: MemoryPool) {
    keys = KeyRows(layout)
    reservation = Reservation(memory)
  }

  /// Appends the rows that an encoder holds.
  func append(_ encoder: KeyEncoder, rowCount: Int) throws(SQLError) {
    keys.reserve(rowCount)
    for row in 0..<rowCount {
      keys.append(encoder.rows + row * keys.layout.byteCount, hash: encoder.hashes[row])
    }
    if encoder.mayHaveNulls {
      for row in 0..<rowCount { isFindable.append(encoder.nullFlags[row] == 0 ? 1 : 0) }
    } else {
      isFindable.append(contentsOf: repeatElement(1, count: rowCount))
    }
    try reservation.resize(to: keys.byteCount + isFindable.count)
  }
}

/// Pairs of a probe row and a build row, in memory that grows.
///
/// Safety: both pointers have room for `capacity` elements.
final class JoinCandidates {
  private(set) var rows = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
  private(set) var matches = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
  private(set) var capacity = 1

  deinit {
    rows.deallocate()
    matches.deallocate()
  }

  /// Makes room; what was there is lost.
  func reserve(_ count: Int) {
    guard count > capacity else { return }
    rows.deallocate()
    matches.deallocate()
    rows = .allocate(capacity: count)
    matches = .allocate(capacity: count)
    capacity = count
  }
}
