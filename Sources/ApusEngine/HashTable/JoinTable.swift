import ApusValues
import ApusVectors
import Synchronization

// The build side of a hash join: chains of rows by bucket.
//
//   heads   bucket ─▶ │ 16 tag bits │ row + 1 of the last row put in, 0 if none │
//   rows    row    ─▶ │ encoded key │ row + 1 of the row before it in the bucket, 0 at the end │
//
// Each row sets one of its bucket's 16 tag bits, chosen by its hash. A probe whose bit is not set has
// no match and touches neither chain nor keys: a small Bloom filter that costs no extra read (Leis,
// Boncz, Kemper, Neumann: Morsel-Driven Parallelism, SIGMOD 2014, doi:10.1145/2588555.2610507).
//
// Where keys are single integers that lie close together, as identities do, a bucket is a key: there
// is nothing to hash and nothing to compare.

/// Finds the build rows with a key.
///
/// Safety: filled by tasks that each own a range of buckets and read only after they have ended;
/// `rows`, `hashes` and `isFindable` have `rowCount` elements, and every row + 1 in heads and rows
/// is at most that.
final class JoinTable: @unchecked Sendable {
  let layout: KeyLayout
  let rowCount: Int
  /// Bytes from row to row: the key, then the number of the next one.
  private let stride: Int
  private let rows: UnsafeMutableRawPointer
  private let hashes: UnsafeMutablePointer<UInt64>
  private let isFindable: UnsafeMutablePointer<UInt8>
  private let heads: UnsafeMutablePointer<UInt64>
  /// What these point into.
  private let memory: Memory
  private let bucketCount: Int
  /// The keys, where each has a bucket of its own.
  private let direct: IntegerRange?
  /// Whether any bucket has more than one row.
  private let hasChains = Atomic<Bool>(false)
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
    stride = layout.byteCount + 8
    var range = IntegerRange(layout)
    for source in sources { if let other = source.integers { range?.add(other) } }
    if let range, let count = range.count, count <= max(total * 4, 1024) {
      direct = range
      bucketCount = count
    } else {
      direct = nil
      bucketCount = JoinTable.bucketCount(ofRows: total)
    }
    reservation = Reservation(memory)
    try reservation.resize(to: total * (stride + 9) + bucketCount * 8)
    let memory = Memory(
      rows: GrowableMemory(byteCount: total * stride),
      hashes: GrowableMemory(byteCount: total * 8),
      isFindable: GrowableMemory(byteCount: total),
      heads: GrowableMemory(byteCount: bucketCount * 8)
    )
    rows = memory.rows.base
    hashes = memory.hashes.elements(as: UInt64.self)
    isFindable = memory.isFindable.elements(as: UInt8.self)
    heads = memory.heads.elements(as: UInt64.self)
    self.memory = memory
  }

  private static func bucketCount(ofRows rowCount: Int) -> Int {
    var count = 64
    while count * 3 < rowCount * 4 { count *= 2 }
    return count
  }

  /// The bytes that a table of hashed keys takes.
  static func byteCount(_ layout: KeyLayout, rowCount: Int) -> Int {
    rowCount * (layout.byteCount + 17) + bucketCount(ofRows: rowCount) * 8
  }

  private struct Memory: ~Copyable {
    let rows: GrowableMemory
    let hashes: GrowableMemory
    let isFindable: GrowableMemory
    let heads: GrowableMemory
  }

  var byteCount: Int { reservation.byteCount }

  /// Whether probes need hashes.
  var usesHashes: Bool { direct == nil }

  /// One task for the keys of each worker.
  var copyTaskCount: Int { sources.count }

  func copyKeys(_ task: Int) {
    let source = sources[task]
    let start = starts[task]
    let count = source.keys.count
    let keyByteCount = layout.byteCount
    for row in 0..<count {
      (rows + (start + row) * stride).copyMemory(
        from: source.keys.rows + row * keyByteCount,
        byteCount: keyByteCount
      )
    }
    (hashes + start).update(from: source.keys.hashes, count: count)
    source.isFindable.withUnsafeBufferPointer { flags in
      guard let base = flags.baseAddress else { return }
      (isFindable + start).update(from: base, count: count)
    }
  }

  /// More tasks read all hashes more often.
  func insertTaskCount(workerCount: Int) -> Int {
    rowCount > 65_536 ? min(workerCount, 16) : 1
  }

  /// Fills the buckets of one task.
  func insert(_ task: Int, of taskCount: Int) {
    let lower = bucketCount * task / taskCount
    let upper = bucketCount * (task + 1) / taskCount
    (heads + lower).initialize(repeating: 0, count: upper - lower)
    if let direct {
      insert(lower..<upper) { row in
        let word = (rows + row * stride).load(as: UInt64.self)
        return (JoinTable.bucket(word, direct), 1)
      }
    } else {
      let mask = UInt64(bucketCount - 1)
      insert(lower..<upper) { row in (hashes[row] & mask, JoinTable.tag(hashes[row])) }
    }
  }

  /// - Parameter place: the bucket of a row and its tag bit.
  @inline(__always)
  private func insert(
    _ buckets: Range<Int>,
    place: (Int) -> (bucket: UInt64, tag: UInt64)
  ) {
    var hasChains = false
    let lower = UInt64(buckets.lowerBound)
    let count = UInt64(buckets.count)
    for row in 0..<rowCount where isFindable[row] != 0 {
      let (bucket, tag) = place(row)
      guard bucket &- lower < count else { continue }
      let head = heads[Int(bucket)]
      (rows + row * stride + layout.byteCount).storeBytes(
        of: head & JoinTable.rowMask,
        as: UInt64.self
      )
      heads[Int(bucket)] =
        (head & ~JoinTable.rowMask) | (direct == nil ? tag : 0) | UInt64(row + 1)
      hasChains = hasChains || head != 0
    }
    if hasChains { self.hasChains.store(true, ordering: .relaxed) }
  }

  @inline(__always)
  private static func tag(_ hash: UInt64) -> UInt64 { 1 << (48 + (hash >> 60)) }

  /// The bucket of a key where each has its own; beyond all buckets for a key out of range.
  @inline(__always)
  private static func bucket(_ word: UInt64, _ range: IntegerRange) -> UInt64 {
    let distance = word &- UInt64(bitPattern: range.lower)
    return distance & (UInt64.max >> UInt64(64 - range.width))
  }

  /// Finds where the search for each key begins.
  ///
  /// - Returns: how many `candidates` it wrote, in ascending order of rows.
  func begin(_ probe: KeyEncoder, rowCount: Int, into candidates: JoinCandidates) -> Int {
    if self.rowCount == 0 { return 0 }
    let heads = UnsafePointer(self.heads)
    if let direct {
      let words = UnsafeRawPointer(probe.rows).assumingMemoryBound(to: UInt64.self)
      let last = UInt64(bucketCount - 1)
      return begin(probe, rowCount, candidates) { row in
        let bucket = JoinTable.bucket(words[row], direct)
        let head = heads[Int(truncatingIfNeeded: min(bucket, last))]
        return (head, bucket <= last && head != 0)
      }
    }
    let mask = UInt64(bucketCount - 1)
    let hashes = UnsafePointer(probe.hashes)
    return begin(probe, rowCount, candidates) { row in
      let head = heads[Int(truncatingIfNeeded: hashes[row] & mask)]
      return (head, head & JoinTable.tag(hashes[row]) != 0)
    }
  }

  /// - Parameter look: the head of a row's bucket, and whether it may hold the key.
  @inline(__always)
  private func begin(
    _ probe: KeyEncoder,
    _ rowCount: Int,
    _ candidates: JoinCandidates,
    look: (Int) -> (head: UInt64, mayMatch: Bool)
  ) -> Int {
    let rows = candidates.rows
    let matches = candidates.matches
    var count = 0
    if probe.mayHaveNulls {
      let nullFlags = probe.nullFlags
      for row in 0..<rowCount {
        let (head, mayMatch) = look(row)
        rows[count] = Int32(truncatingIfNeeded: row)
        matches[count] = Int32(truncatingIfNeeded: head & JoinTable.rowMask) &- 1
        count &+= mayMatch && nullFlags[row] == 0 ? 1 : 0
      }
      return count
    }
    for row in 0..<rowCount {
      let (head, mayMatch) = look(row)
      rows[count] = Int32(truncatingIfNeeded: row)
      matches[count] = Int32(truncatingIfNeeded: head & JoinTable.rowMask) &- 1
      count &+= mayMatch ? 1 : 0
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
    if direct != nil {
      if !hasChains.load(ordering: .relaxed) {
        // Every candidate is the one row of its key; the rows themselves need not be read.
        pairs.rows.update(from: candidates.rows, count: count)
        pairs.matches.update(from: candidates.matches, count: count)
        return (count, 0)
      }
      return advance(probe, candidates, count, pairs, wordCount: 0, stringCount: 0)
    }
    switch (layout.wordCount, layout.stringCount) {
    case (1, 0):
      return advance(probe, candidates, count, pairs, wordCount: 1, stringCount: 0)
    case (2, 0):
      return advance(probe, candidates, count, pairs, wordCount: 2, stringCount: 0)
    case (2, 1):
      return advance(probe, candidates, count, pairs, wordCount: 2, stringCount: 1)
    case (let wordCount, let stringCount):
      return advance(
        probe,
        candidates,
        count,
        pairs,
        wordCount: wordCount,
        stringCount: stringCount
      )
    }
  }

  /// - Parameter wordCount: the words to compare, those of the key or none.
  @inline(__always)
  private func advance(
    _ probe: KeyEncoder,
    _ candidates: JoinCandidates,
    _ count: Int,
    _ pairs: JoinCandidates,
    wordCount: Int,
    stringCount: Int
  ) -> (pairCount: Int, candidateCount: Int) {
    let probeStride = layout.byteCount
    let probeRows = UnsafeRawPointer(probe.rows)
    let buildRows = UnsafeRawPointer(rows)
    let stride = self.stride
    let candidateRows = candidates.rows
    let candidateMatches = candidates.matches
    let pairRows = pairs.rows
    let pairMatches = pairs.matches
    var pairCount = 0
    var left = 0
    for index in 0..<count {
      let row = candidateRows[index]
      let match = candidateMatches[index]
      let build = buildRows + Int(match) * stride
      pairRows[pairCount] = row
      pairMatches[pairCount] = match
      let isEqual = KeyRows.isEqual(
        probeRows + Int(row) * probeStride,
        build,
        wordCount: wordCount,
        stringCount: stringCount
      )
      pairCount &+= isEqual ? 1 : 0
      let following = (build + probeStride).load(as: UInt64.self)
      candidateRows[left] = row
      candidateMatches[left] = Int32(truncatingIfNeeded: following) &- 1
      left &+= following != 0 ? 1 : 0
    }
    return (pairCount, left)
  }
}
