import ApusVectors

/// Some rows of a `KeyRows`, copied side by side with their hashes for a look-up elsewhere.
///
/// Safety: views in the rows point where those of the source do. Owned by one worker; rows of the
/// source are below its count.
final class KeyChunk {
  /// The most rows at a time.
  static let capacity = 2048

  private let layout: KeyLayout
  private var count = 0
  let rows: UnsafeMutableRawPointer
  let hashes: UnsafeMutablePointer<UInt64>

  init(_ layout: KeyLayout) {
    self.layout = layout
    rows = .allocate(byteCount: KeyChunk.capacity * layout.byteCount, alignment: 64)
    hashes = .allocate(capacity: KeyChunk.capacity)
  }

  deinit {
    rows.deallocate()
    hashes.deallocate()
  }

  /// Copies up to `capacity` rows of this layout, given by their positions.
  func fill(from source: KeyRows, _ wanted: UnsafeBufferPointer<Int32>) {
    precondition(wanted.count <= KeyChunk.capacity)
    count = wanted.count
    let sourceHashes = source.hashes
    for (row, position) in wanted.enumerated() { hashes[row] = sourceHashes[Int(position)] }
    let wordCount = layout.wordCount
    let from = UnsafeRawPointer(source.rows).assumingMemoryBound(to: UInt64.self)
    let to = rows.assumingMemoryBound(to: UInt64.self)
    switch wordCount {
    case 1: copy(wanted, from, to, wordCount: 1)
    case 2: copy(wanted, from, to, wordCount: 2)
    case 3: copy(wanted, from, to, wordCount: 3)
    default: copy(wanted, from, to, wordCount: wordCount)
    }
  }

  @inline(__always)
  private func copy(
    _ wanted: UnsafeBufferPointer<Int32>,
    _ source: UnsafePointer<UInt64>,
    _ target: UnsafeMutablePointer<UInt64>,
    wordCount: Int
  ) {
    for (row, position) in wanted.enumerated() {
      let from = source + Int(position) * wordCount
      let to = target + row * wordCount
      for word in 0..<wordCount { to[word] = from[word] }
    }
  }

  /// Replaces each value of a 32-bit integer column without NULLs by the one at its place in
  /// `replacements`, and hashes the rows anew.
  func replaceIntegers(ofColumn column: Int, by replacements: UnsafePointer<Int32>) {
    let first = rows + layout.columns[column].offset
    for row in 0..<count {
      let value = (first + row * layout.byteCount).assumingMemoryBound(to: Int32.self)
      value.pointee = replacements[Int(value.pointee)]
    }
    layout.hash(rows, count, into: hashes)
  }
}
