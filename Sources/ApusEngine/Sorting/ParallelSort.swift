import ApusValues
import ApusVectors

/// Sorts all rows of flat columns, in rounds of tasks.
///
/// Round by round: the keys' words are written; the share of each bucket in each range of rows is
/// counted; entries are put into their buckets; each bucket is sorted. Buckets are ranges of word 0
/// between quantiles of a sample, so that they follow each other in the result and are about equal
/// in size unless one value is very frequent.
///
/// Safety: every task writes rows, counters or entries of its own; rounds are apart.
final class ParallelSort: @unchecked Sendable {
  let rowCount: Int
  private let orders: [SortOrder]
  private let keys: [ColumnVector]
  private let words: SortKeyWords
  private let sorter: RowSorter
  private let reservation: Reservation
  private let workerCount: Int
  private var round = 0

  private var ranges: [Range<Int>] = []
  /// The first words of all buckets but the first, ascending.
  private var splitters: [UInt64] = []
  /// By range, then bucket: how many rows, later where the next one goes.
  private var positions: [UnsafeMutableBufferPointer<Int>] = []
  private var bucketStarts: [Int] = []
  private let entries: UnsafeMutablePointer<SortEntry>
  private let scratch: UnsafeMutablePointer<SortEntry>

  /// Rows from which on several workers sort.
  private static let parallelRowCount = 32_768

  /// - Parameter keys: flat vectors, one per order.
  /// - Throws: EXCEEDED_LOCAL_MEMORY_LIMIT.
  init(
    _ orders: [SortOrder],
    keys: [ColumnVector],
    rowCount: Int,
    workerCount: Int,
    memory: MemoryPool
  ) throws(SQLError) {
    self.rowCount = rowCount
    self.orders = orders
    self.keys = keys
    self.workerCount = workerCount
    let layout = SortKeyLayout(orders, mayHaveNulls: keys.map(\.mayHaveNulls))
    reservation = Reservation(memory)
    try reservation.resize(to: rowCount * (layout.wordCount * 8 + 32))
    words = SortKeyWords(layout, rowCount: rowCount)
    sorter = RowSorter(words: words, orders: orders, keys: keys)
    entries = .allocate(capacity: max(rowCount, 1))
    scratch = .allocate(capacity: max(rowCount, 1))
  }

  deinit {
    for counters in positions { counters.deallocate() }
    entries.deallocate()
    scratch.deallocate()
  }

  var byteCount: Int { reservation.byteCount }

  /// Sorts at once, on the calling thread.
  func run() {
    while let count = prepareRound() { for task in 0..<count { runTask(task) } }
  }

  /// - Returns: the number of tasks of the next round; nil when all is sorted.
  func prepareRound() -> Int? {
    round += 1
    switch round {
    case 1:
      ranges = split(rowCount, into: isParallel ? workerCount * 4 : 1)
      return ranges.count
    case 2:
      splitters = isParallel ? sampleSplitters(bucketCount: workerCount * 4) : []
      positions = ranges.map { _ in .allocate(capacity: splitters.count + 1) }
      return ranges.count
    case 3:
      placeBuckets()
      return ranges.count
    case 4:
      return bucketStarts.count - 1
    default:
      return nil
    }
  }

  func runTask(_ task: Int) {
    switch round {
    case 1: words.encode(keys, ranges[task])
    case 2: count(task)
    case 3: scatter(task)
    default: sortBucket(task)
    }
  }

  /// The sorted rows.
  func rows(_ range: Range<Int>) -> [Int32] { range.map { entries[$0].row } }

  /// The row at a place of the order.
  func row(at place: Int) -> Int { Int(entries[place].row) }

  private var isParallel: Bool { workerCount > 1 && rowCount >= ParallelSort.parallelRowCount }

  private func split(_ count: Int, into parts: Int) -> [Range<Int>] {
    (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts }
  }

  private func sampleSplitters(bucketCount: Int) -> [UInt64] {
    let sampleCount = bucketCount * 64
    var sample = (0..<sampleCount).map { words.words[0][rowCount / sampleCount * $0] }
    sample.sort()
    let quantiles = (1..<bucketCount).map { sample[$0 * 64] }
    return quantiles.enumerated().filter { $0.offset == 0 || quantiles[$0.offset - 1] < $0.element }
      .map(\.element)
  }

  /// The bucket of a word: how many splitters are not above it.
  @inline(__always)
  private func bucket(_ word: UInt64, _ splitters: UnsafeBufferPointer<UInt64>) -> Int {
    var lower = 0
    var upper = splitters.count
    while lower < upper {
      let middle = (lower + upper) / 2
      if splitters[middle] <= word { lower = middle + 1 } else { upper = middle }
    }
    return lower
  }

  private func count(_ task: Int) {
    let counts = positions[task]
    counts.initialize(repeating: 0)
    let word = words.words[0]
    splitters.withUnsafeBufferPointer { splitters in
      for row in ranges[task] { counts[bucket(word[row], splitters)] += 1 }
    }
  }

  private func placeBuckets() {
    var position = 0
    bucketStarts = []
    for bucket in 0...splitters.count {
      bucketStarts.append(position)
      for range in positions.indices {
        let size = positions[range][bucket]
        positions[range][bucket] = position
        position += size
      }
    }
    bucketStarts.append(position)
  }

  private func scatter(_ task: Int) {
    let next = positions[task]
    let word = words.words[0]
    splitters.withUnsafeBufferPointer { splitters in
      for row in ranges[task] {
        let bucket = bucket(word[row], splitters)
        entries[next[bucket]] = SortEntry(key: word[row], row: Int32(truncatingIfNeeded: row))
        next[bucket] += 1
      }
    }
  }

  private func sortBucket(_ task: Int) {
    let start = bucketStarts[task]
    let count = bucketStarts[task + 1] - start
    sorter.sort(
      UnsafeMutableBufferPointer(start: entries + start, count: count),
      scratch: scratch + start
    )
  }
}
