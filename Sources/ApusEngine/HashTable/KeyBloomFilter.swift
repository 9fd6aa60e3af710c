import ApusValues
import ApusVectors

// A Bloom filter in words of 64 bits: a hash chooses a word and four bits in it, so that a test is one
// read (Putze, Sanders, Singler: Cache-, Hash- and Space-Efficient Bloom Filters, 2007,
// doi:10.1007/978-3-540-72845-0_9, blocked to one register).

/// Which values may be among the keys of a join's build side, by their hashes.
///
/// Safety: a word's position is masked to the number of words, which is a power of two.
struct KeyBloomFilter: Sendable {
  private let words: [UInt64]

  /// 4 MiB, which stay in a processor's cache.
  private static let greatestWordCount = 1 << 19
  /// Fewer bits a key let too much through.
  private static let leastBitsPerKey = 8

  /// Bytes that a filter of so many keys takes; nil if they are too many.
  static func byteCount(keyCount: Int) -> Int? {
    guard keyCount <= greatestWordCount * 64 / leastBitsPerKey else { return nil }
    var count = 64
    while count < greatestWordCount, count * 4 < keyCount { count *= 2 }
    return count * 8
  }

  /// - Parameter byteCount: as `byteCount(keyCount:)` says.
  init(_ keys: BuildKeyColumn, type: SQLType, byteCount: Int) {
    var words = [UInt64](repeating: 0, count: byteCount / 8)
    let encoder = keys.isWholeKey ? nil : KeyEncoder(KeyLayout([type], hasNullBits: false))
    keys.visit { vector, isFindable, wholeHashes in
      encoder?.encode([vector], rowCount: vector.count)
      let hashes = encoder.map { UnsafePointer($0.hashes) } ?? wholeHashes
      words.withUnsafeMutableBufferPointer { words in
        for row in 0..<vector.count where isFindable[row] != 0 {
          words[KeyBloomFilter.word(hashes[row], words.count)] |= KeyBloomFilter.bits(hashes[row])
        }
      }
    }
    self.words = words
  }

  @inline(__always)
  private static func word(_ hash: UInt64, _ count: Int) -> Int {
    Int(truncatingIfNeeded: hash) & (count - 1)
  }

  /// Four of 64 bits, by the upper half of the hash.
  @inline(__always)
  private static func bits(_ hash: UInt64) -> UInt64 {
    1 << (hash >> 58) | 1 << (hash >> 52 & 63) | 1 << (hash >> 46 & 63) | 1 << (hash >> 40 & 63)
  }

  /// Writes for each hash whether it may be among the keys'.
  func test(_ hashes: UnsafePointer<UInt64>, count: Int, into flags: UnsafeMutablePointer<UInt8>) {
    words.withUnsafeBufferPointer { words in
      for row in 0..<count {
        let bits = KeyBloomFilter.bits(hashes[row])
        let word = words[KeyBloomFilter.word(hashes[row], words.count)]
        flags[row] = word & bits == bits ? 1 : 0
      }
    }
  }
}
