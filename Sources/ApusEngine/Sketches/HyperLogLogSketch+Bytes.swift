import ApusValues

// The bytes of a HyperLogLog, numbers with their lowest byte first:
//
//     sparse   2, p, count: int16, count entries: uint32
//     dense    3, p, baseline, 2^p / 2 bytes, count: uint16, count registers: uint16, count bytes
//
// A dense register's number is the baseline plus four bits, the higher half of a byte coming first;
// where four bits do not do, they are 15, and the rest stands at the end with the register's index.
// The baseline is the least of all. Older dense bytes begin with 1 and end with room for one such
// register: int16 (negative for none) and a byte.
//
// Source: airlift, stats, package `cardinality`: `SparseHll`, `DenseHll`, `Format`, as Trino 400 to
// 470 use them, and the bytes of Trino itself in the tests.
extension HyperLogLogSketch {
  private enum Tag {
    static let denseVersion1: UInt8 = 1
    static let sparse: UInt8 = 2
    static let dense: UInt8 = 3
  }

  private static let largestDelta: UInt8 = 15

  init(bytes: UnsafeRawBufferPointer) throws(SQLError) {
    var reader = SketchReader("HyperLogLog", bytes)
    let tag = try reader.integer(UInt8.self)
    guard [Tag.sparse, Tag.dense, Tag.denseVersion1].contains(tag) else {
      throw reader.invalid("invalid format tag \(tag)")
    }
    let bits = Int(try reader.integer(UInt8.self))
    guard (1...16).contains(bits) else { throw reader.invalid("indexBitLength is out of range") }
    self.init(indexBits: bits)
    registers =
      tag == Tag.sparse
      ? .sparse(try HyperLogLogSketch.entries(&reader))
      : .dense(try HyperLogLogSketch.ranks(&reader, 1 << bits, isVersion1: tag != Tag.dense))
    try reader.end()
  }

  private static func entries(_ reader: inout SketchReader) throws(SQLError) -> [UInt32] {
    let count = Int(try reader.integer(Int16.self))
    guard count >= 0, count * 4 == reader.remaining else {
      throw reader.invalid("\(count) entries in \(reader.remaining) bytes")
    }
    var entries: [UInt32] = []
    entries.reserveCapacity(count)
    for _ in 0..<count {
      let entry = try reader.integer(UInt32.self)
      if let last = entries.last, last >> 6 >= entry >> 6 {
        throw reader.invalid("entries are not sorted")
      }
      entries.append(entry)
    }
    return entries
  }

  private static func ranks(_ reader: inout SketchReader, _ count: Int, isVersion1: Bool)
    throws(SQLError) -> [UInt8]
  {
    let baseline = try reader.integer(UInt8.self)
    guard baseline <= 64 else { throw reader.invalid("baseline is out of range") }
    let deltas = try reader.take(count / 2)
    var ranks: [UInt8] = []
    ranks.reserveCapacity(count)
    for pair in deltas {
      ranks.append(baseline + pair >> 4)
      ranks.append(baseline + pair & 0xf)
    }
    var overflows: [(register: Int, rest: Int8)] = []
    if isVersion1 {
      let register = Int(try reader.integer(Int16.self))
      let rest = try reader.integer(Int8.self)
      if register >= 0, rest > 0 { overflows.append((register, rest)) }
    } else {
      let overflowCount = Int(try reader.integer(UInt16.self))
      guard overflowCount <= count, overflowCount * 3 == reader.remaining else {
        throw reader.invalid("\(overflowCount) overflow entries in \(reader.remaining) bytes")
      }
      for _ in 0..<overflowCount { overflows.append((Int(try reader.integer(UInt16.self)), 0)) }
      for index in 0..<overflowCount { overflows[index].rest = try reader.integer(Int8.self) }
    }
    for (register, rest) in overflows {
      guard register < count else {
        throw reader.invalid("Overflow bucket index is out of range")
      }
      guard rest > 0 else { throw reader.invalid("Overflow bucket value must be > 0") }
      // What is left over counts only where four bits were too few.
      guard ranks[register] == baseline + largestDelta else { continue }
      ranks[register] += UInt8(rest)
    }
    return ranks
  }

  func serialized() -> [UInt8] {
    switch registers {
    case .sparse(let entries):
      var bytes = [Tag.sparse, UInt8(indexBits)]
      bytes.reserveCapacity(4 + entries.count * 4)
      bytes.append(littleEndian: Int16(truncatingIfNeeded: entries.count))
      for entry in entries { bytes.append(littleEndian: entry) }
      return bytes
    case .dense(let ranks):
      let baseline = ranks.min() ?? 0
      var bytes = [Tag.dense, UInt8(indexBits), baseline]
      bytes.reserveCapacity(5 + ranks.count / 2)
      var overflows: [(register: Int, rest: UInt8)] = []
      for first in stride(from: 0, to: ranks.count, by: 2) {
        var pair: UInt8 = 0
        for register in first...first + 1 {
          let delta = ranks[register] - baseline
          if delta > HyperLogLogSketch.largestDelta {
            overflows.append((register, delta - HyperLogLogSketch.largestDelta))
          }
          pair = pair << 4 | min(delta, HyperLogLogSketch.largestDelta)
        }
        bytes.append(pair)
      }
      bytes.append(littleEndian: UInt16(truncatingIfNeeded: overflows.count))
      for overflow in overflows {
        bytes.append(littleEndian: UInt16(truncatingIfNeeded: overflow.register))
      }
      for overflow in overflows { bytes.append(overflow.rest) }
      return bytes
    }
  }
}
