import ApusValues
import ApusVectors

/// A row with the word of its key that is being sorted by.
struct SortEntry: BitwiseCopyable {
  var key: UInt64
  var row: Int32
}

/// Sorts entries by the words of their rows, then by value, then by row.
///
/// Many entries are sorted by radix, one byte at a time from the last, bytes that all share left
/// out; then runs of equal words are sorted by the next word, and so on. Few are compared.
///
/// Safety: entries name rows of the words; `scratch` has room for as many entries.
struct RowSorter: Sendable {
  let words: SortKeyWords
  let ties: RowComparator

  /// Entries up to which comparing is faster.
  private static let comparisonLimit = 256

  /// - Parameter keys: flat vectors of all keys.
  init(words: SortKeyWords, orders: [SortOrder], keys: [ColumnVector]) {
    self.words = words
    let firstTie = words.layout.firstTie ?? orders.count
    ties = RowComparator(Array(orders[firstTie...]), keys: Array(keys[firstTie...]))
  }

  /// Sorts entries whose keys are word 0 and whose rows ascend.
  func sort(
    _ entries: UnsafeMutableBufferPointer<SortEntry>,
    scratch: UnsafeMutablePointer<SortEntry>
  ) {
    sort(entries, scratch: scratch, word: 0)
  }

  /// Whether two rows are equal in all keys.
  func isEqual(_ left: Int, _ right: Int) -> Bool {
    words.words.allSatisfy { $0[left] == $0[right] } && ties.compare(left, right) == 0
  }

  private func sort(
    _ entries: UnsafeMutableBufferPointer<SortEntry>,
    scratch: UnsafeMutablePointer<SortEntry>,
    word: Int
  ) {
    if entries.count <= RowSorter.comparisonLimit {
      var few = entries
      few.sort { isBefore($0, $1, from: word) }
      return
    }
    sortByRadix(entries, scratch: scratch)
    let isLast = word + 1 == words.layout.wordCount
    if isLast, ties.isEmpty { return }
    var start = 0
    while start < entries.count {
      let key = entries[start].key
      var end = start + 1
      while end < entries.count, entries[end].key == key { end += 1 }
      if end - start > 1 {
        var run = UnsafeMutableBufferPointer(rebasing: entries[start..<end])
        if isLast, let strings = ties.leadingStrings, !strings.key.isNull(Int(run[0].row)) {
          sortStrings(run, strings.key, strings.order, scratch: scratch, depth: 8)
        } else if isLast {
          run.sort { isTieBefore($0, $1) }
        } else {
          let next = words.words[word + 1]
          for index in run.indices { run[index].key = next[Int(run[index].row)] }
          sort(run, scratch: scratch, word: word + 1)
        }
      }
      start = end
    }
  }

  /// Sorts entries in the order of their rows whose strings agree in the first `depth` bytes, those
  /// beyond an end counting as zeros: by the next 8 bytes, then within equal ones by those after.
  private func sortStrings(
    _ entries: UnsafeMutableBufferPointer<SortEntry>,
    _ strings: ColumnVector,
    _ order: SortOrder,
    scratch: UnsafeMutablePointer<SortEntry>,
    depth: Int
  ) {
    var entries = entries
    if entries.count <= RowSorter.comparisonLimit {
      entries.sort { isTieBefore($0, $1) }
      return
    }
    let views = strings.values(as: StringView.self)
    let inversion: UInt64 = order.isAscending ? 0 : .max
    var shortest = Int.max
    var longest = 0
    for index in entries.indices {
      let view = views + Int(entries[index].row)
      shortest = min(shortest, view.pointee.count)
      longest = max(longest, view.pointee.count)
      entries[index].key = RowSorter.word(view, at: depth) ^ inversion
    }
    if longest <= depth {
      // All bytes are equal: rows differ in length or in further keys, if at all.
      if shortest < longest || ties.count > 1 { entries.sort { isTieBefore($0, $1) } }
      return
    }
    sortByRadix(entries, scratch: scratch)
    var start = 0
    while start < entries.count {
      let key = entries[start].key
      var end = start + 1
      while end < entries.count, entries[end].key == key { end += 1 }
      if end - start > 1 {
        let run = UnsafeMutableBufferPointer(rebasing: entries[start..<end])
        sortStrings(run, strings, order, scratch: scratch, depth: depth + 8)
      }
      start = end
    }
  }

  /// The 8 bytes of a string from `depth` on as a big-endian number, zeros beyond its end.
  private static func word(_ view: UnsafePointer<StringView>, at depth: Int) -> UInt64 {
    let bytes = StringView.bytes(at: view)
    guard let base = bytes.baseAddress, bytes.count > depth else { return 0 }
    if bytes.count >= depth + 8 {
      return base.loadUnaligned(fromByteOffset: depth, as: UInt64.self).byteSwapped
    }
    var word: UInt64 = 0
    for index in depth..<bytes.count { word = word << 8 | UInt64(bytes[index]) }
    return word << UInt64(8 * (depth + 8 - bytes.count))
  }

  private func isTieBefore(_ left: SortEntry, _ right: SortEntry) -> Bool {
    let result = ties.compare(Int(left.row), Int(right.row))
    return result != 0 ? result < 0 : left.row < right.row
  }

  private func isBefore(_ left: SortEntry, _ right: SortEntry, from word: Int) -> Bool {
    if left.key != right.key { return left.key < right.key }
    var word = word + 1
    while word < words.layout.wordCount {
      let leftKey = words.words[word][Int(left.row)]
      let rightKey = words.words[word][Int(right.row)]
      if leftKey != rightKey { return leftKey < rightKey }
      word += 1
    }
    return isTieBefore(left, right)
  }

  private func sortByRadix(
    _ entries: UnsafeMutableBufferPointer<SortEntry>,
    scratch: UnsafeMutablePointer<SortEntry>
  ) {
    guard let base = entries.baseAddress else { return }
    let count = entries.count
    // Allocated by hand: Swift 6.3.1 takes what `withUnsafeTemporaryAllocation` leaves in the error
    // register for an error when this loop is inlined, and runs into the next function.
    let counts = UnsafeMutablePointer<Int>.allocate(capacity: 8 * 256)
    defer { counts.deallocate() }
    counts.initialize(repeating: 0, count: 8 * 256)
    for index in 0..<count {
      let key = base[index].key
      for byte in 0..<8 {
        counts[byte << 8 | Int(truncatingIfNeeded: (key >> UInt64(byte * 8)) & 0xff)] += 1
      }
    }
    var from = base
    var to = scratch
    for byte in 0..<8 {
      let shift = UInt64(byte * 8)
      let first = Int(truncatingIfNeeded: (from[0].key >> shift) & 0xff)
      if counts[byte << 8 | first] == count { continue }
      var position = 0
      for value in 0..<256 {
        let size = counts[byte << 8 | value]
        counts[byte << 8 | value] = position
        position += size
      }
      for index in 0..<count {
        let entry = from[index]
        let slot = byte << 8 | Int(truncatingIfNeeded: (entry.key >> shift) & 0xff)
        to[counts[slot]] = entry
        counts[slot] += 1
      }
      swap(&from, &to)
    }
    if from != base { base.update(from: from, count: count) }
  }
}
