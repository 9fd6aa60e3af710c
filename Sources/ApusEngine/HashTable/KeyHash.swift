import ApusVectors

// Safety: reads the bytes of views, whose heaps the caller keeps.

/// Hashing of encoded keys: multiply to 128 bits and fold, as wyhash does
/// (https://github.com/wangyi-fudan/wyhash). Low bits choose a slot, high ones tell keys apart.
enum KeyHash {
  static let seed: UInt64 = 0x9e37_79b9_7f4a_7c15
  private static let multiplier: UInt64 = 0xe703_7ed1_a0b4_28db
  private static let second: UInt64 = 0x8ebc_6af0_9c88_c6e3

  @inline(__always)
  static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }

  /// Mixes one more word into a hash.
  @inline(__always)
  static func combine(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    fold(hash ^ word, multiplier)
  }

  /// Mixes one more string into a hash: equal bytes, equal hash, wherever they are.
  @inline(__always)
  static func combine(_ hash: UInt64, _ view: StringView) -> UInt64 {
    if view.isInline { return fold(hash ^ view.low, view.high ^ second) }
    return combineLong(hash, view)
  }

  private static func combineLong(_ hash: UInt64, _ view: StringView) -> UInt64 {
    guard let base = UnsafeRawPointer(bitPattern: UInt(view.high)) else { return hash }
    let count = view.count
    var hash = combine(hash, UInt64(count))
    var position = 0
    while position + 16 <= count {
      let low = base.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      let high = base.loadUnaligned(fromByteOffset: position + 8, as: UInt64.self)
      hash = fold(hash ^ low, high ^ second)
      position += 16
    }
    // The last bytes, overlapping those before: there are at least 13.
    let low = base.loadUnaligned(fromByteOffset: max(count - 16, 0), as: UInt64.self)
    let high = base.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
    return fold(hash ^ low, high ^ second)
  }
}

extension KeyLayout {
  /// Hashes encoded rows of this layout.
  func hash(
    _ rows: UnsafeRawPointer,
    _ rowCount: Int,
    into hashes: UnsafeMutablePointer<UInt64>
  ) {
    let words = rows.assumingMemoryBound(to: UInt64.self)
    let wordCount = wordCount
    let stringWordCount = stringCount * 2
    // The shapes of keys that are one number get loops of their own.
    switch (wordCount, stringWordCount) {
    case (1, 0):
      for row in 0..<rowCount { hashes[row] = KeyHash.combine(KeyHash.seed, words[row]) }
      return
    case (2, 0):
      for row in 0..<rowCount {
        let first = KeyHash.combine(KeyHash.seed, words[2 * row])
        hashes[row] = KeyHash.combine(first, words[2 * row + 1])
      }
      return
    default:
      break
    }
    for row in 0..<rowCount {
      let start = words + row * wordCount
      var hash = KeyHash.seed
      var word = 0
      while word < stringWordCount {
        hash = KeyHash.combine(hash, StringView(low: start[word], high: start[word + 1]))
        word += 2
      }
      while word < wordCount {
        hash = KeyHash.combine(hash, start[word])
        word += 1
      }
      hashes[row] = hash
    }
  }
}
