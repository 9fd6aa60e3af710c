import ApusValues

/// A summary of a set that can be intersected with others: a HyperLogLog, and the smallest hashes of
/// its values with how often each came.
///
/// Broder, "On the resemblance and containment of documents", SEQUENCES 1997: of the union of two sets
/// the smallest hashes are a sample, and the part of them that both have tells how alike they are.
struct SetDigest: Sketch {
  static let standardHashCount = 8192
  static let standardIndexBits = 11

  private(set) var distinct = HyperLogLogSketch(indexBits: standardIndexBits)
  private let largestHashCount: Int
  /// May hold some more than it should, until `prune`.
  private var counts: [Int64: Int16] = [:]
  /// No larger hash can be among the smallest.
  private var limit = Int64.max

  init() { largestHashCount = SetDigest.standardHashCount }

  /// Adds a value by its hash: the first 64 bits of the 128 of MurmurHash3.
  mutating func add(_ hash: UInt64) {
    distinct.add(hash)
    add(Int64(bitPattern: hash), count: 1)
  }

  private mutating func add(_ hash: Int64, count: Int16) {
    guard hash <= limit else { return }
    let sum = Int(counts[hash] ?? 0) + Int(count)
    counts[hash] = Int16(max(Int(Int16.min), min(sum, Int(Int16.max))))
    if counts.count > 2 * largestHashCount { prune() }
  }

  private mutating func prune() {
    guard counts.count > largestHashCount else { return }
    let kept = counts.keys.sorted().prefix(largestHashCount)
    limit = kept.last ?? Int64.min
    counts = counts.filter { $0.key <= limit }
    if kept.isEmpty { counts = [:] }
  }

  mutating func merge(_ other: SetDigest) throws(SQLError) {
    try distinct.merge(other.distinct)
    for (hash, count) in other.counts { add(hash, count: count) }
  }

  /// The smallest hashes, ascending, with their counts.
  var hashCounts: [(hash: Int64, count: Int16)] {
    counts.sorted { $0.key < $1.key }.prefix(largestHashCount).map { ($0.key, $0.value) }
  }

  private var hashCount: Int { min(counts.count, largestHashCount) }

  /// Whether the hashes are all there are.
  private var isExact: Bool { hashCount < largestHashCount }

  var cardinality: Int64 { isExact ? Int64(hashCount) : distinct.cardinality }

  /// The estimated number of values that are in both sets.
  func intersectionCardinality(_ other: SetDigest) throws(SQLError) -> Int64 {
    if isExact, other.isExact {
      return Int64(counts.keys.count { other.counts[$0] != nil })
    }
    var union = self
    try union.merge(other)
    let estimate = jaccardIndex(other) * Double(union.cardinality)
    let rounded = Int64(exactly: (estimate + 0.5).rounded(.down)) ?? 0
    // Near a subset the estimate may exceed the smaller set.
    return min(rounded, cardinality, other.cardinality)
  }

  /// The estimated part of the union that is in both sets; NaN of an empty one.
  func jaccardIndex(_ other: SetDigest) -> Double {
    let smaller = min(hashCount, other.hashCount)
    let hashes = hashCounts.map(\.hash)
    let others = other.hashCounts.map(\.hash)
    let mine = Set(hashes)
    let theirs = Set(others)
    let sample = mine.union(theirs).sorted().prefix(smaller)
    let common = sample.count { mine.contains($0) && theirs.contains($0) }
    return Double(common) / Double(smaller)
  }

  var byteCount: Int {
    counts.capacity * 24 + distinct.byteCount + MemoryLayout<Self>.stride
  }
}

// The bytes of a SetDigest, numbers with their lowest byte first:
//
//     1, length: int32, a HyperLogLog of that length, hashes kept at most: int32, count: int32,
//     hashes: int64, ascending, their counts: int16
//
// Source: Trino 400 to 470, `SetDigest`, and the bytes of Athena itself in the tests.
extension SetDigest {
  init(bytes: UnsafeRawBufferPointer) throws(SQLError) {
    var reader = SketchReader("SetDigest", bytes)
    distinct = try HyperLogLogSketch(bytes: try SetDigest.distinctBytes(&reader))
    largestHashCount = Int(try reader.integer(Int32.self))
    let count = Int(try reader.integer(Int32.self))
    guard largestHashCount >= 0, count >= 0, count * 10 == reader.remaining else {
      throw reader.invalid("\(count) hashes in \(reader.remaining) bytes")
    }
    var hashes: [Int64] = []
    for _ in 0..<count { hashes.append(try reader.integer(Int64.self)) }
    for hash in hashes { counts[hash] = try reader.integer(Int16.self) }
  }

  /// The bytes of the HyperLogLog inside.
  static func distinctBytes(_ bytes: UnsafeRawBufferPointer) throws(SQLError)
    -> UnsafeRawBufferPointer
  {
    var reader = SketchReader("SetDigest", bytes)
    return try distinctBytes(&reader)
  }

  private static func distinctBytes(_ reader: inout SketchReader) throws(SQLError)
    -> UnsafeRawBufferPointer
  {
    guard try reader.integer(UInt8.self) == 1 else { throw reader.invalid("Unexpected version") }
    return try reader.take(Int(try reader.integer(Int32.self)))
  }

  func serialized() -> [UInt8] {
    let inner = distinct.serialized()
    let entries = hashCounts
    var bytes: [UInt8] = [1]
    bytes.reserveCapacity(13 + inner.count + entries.count * 10)
    bytes.append(littleEndian: Int32(truncatingIfNeeded: inner.count))
    bytes += inner
    bytes.append(littleEndian: Int32(truncatingIfNeeded: largestHashCount))
    bytes.append(littleEndian: Int32(truncatingIfNeeded: entries.count))
    for entry in entries { bytes.append(littleEndian: entry.hash) }
    for entry in entries { bytes.append(littleEndian: entry.count) }
    return bytes
  }
}
