import ApusValues
import Testing

@testable import ApusEngine

@Suite struct HyperLogLogSketchTests {
  /// The hashes that Trino's documentation shows.
  @Test func hashes() {
    #expect(Int64(bitPattern: Murmur3.hash64(1)) == 19_144_387_141_682_250)
    #expect(Int64(bitPattern: Murmur3.hash64(2)) == -2_447_670_524_089_286_488)
    for value: Int64 in [0, 1, -1, .min, .max] {
      let bytes = withUnsafeBytes(of: value.littleEndian) { Murmur3.hash64($0) }
      #expect(bytes == Murmur3.hash64(value))
    }
  }

  /// Bytes that airlift's own tests expect of dense sketches.
  @Test func denseBytes() throws {
    func dense(_ values: [Int64], indexBits: Int) throws -> [UInt8] {
      var empty = HyperLogLogSketch(indexBits: indexBits)
      empty.registers = .dense(Array(repeating: 0, count: 1 << indexBits))
      for value in values { empty.add(Murmur3.hash64(value)) }
      let bytes = empty.serialized()
      #expect(try read(HyperLogLogSketch.self, bytes) == empty)
      return bytes
    }
    func expected(_ deltas: [Int: UInt8], _ overflows: [UInt8]) -> [UInt8] {
      var bytes = [UInt8](repeating: 0, count: 2048)
      for (place, delta) in deltas { bytes[place] = delta }
      return [3, 12, 0] + bytes + overflows
    }
    #expect(try dense([], indexBits: 12) == expected([:], [0, 0]))
    #expect(try dense([0], indexBits: 12) == expected([326: 0x01], [0, 0]))
    #expect(
      try dense([61697], indexBits: 12) == expected([1353: 0xf0], [1, 0, 0x92, 0x0a, 2])
    )
    #expect(
      try dense([394_873, 61697], indexBits: 12)
        == expected([1353: 0xf0, 2024: 0xf0], [2, 0, 146, 10, 208, 15, 2, 4])
    )
    let hundred: [UInt8] = [3, 4, 2, 0x45, 0x23, 0x01, 0x31, 0x22, 0x05, 0x04, 0x01, 0, 0]
    #expect(try dense(Array(0..<100), indexBits: 4) == hundred)
    #expect(
      try dense(Array(0..<100) + [37227], indexBits: 4)
        == hundred[..<10] + [0xf1, 1, 0, 14, 0, 5]
    )
  }

  @Test func bytesOfVersion1() throws {
    let head: [UInt8] = [1, 4, 2, 0x0f, 0, 0, 0, 0, 0, 0, 0]
    func ranks(_ tail: [UInt8]) throws -> [UInt8] {
      let sketch = try read(HyperLogLogSketch.self, head + tail)
      guard case .dense(let ranks) = sketch.registers else { return [] }
      return ranks
    }
    #expect(try ranks([1, 0, 3])[..<3] == [2, 20, 2])
    #expect(try ranks([1, 0, 0])[..<3] == [2, 17, 2])
    #expect(try ranks([0xff, 0xff, 0])[..<3] == [2, 17, 2])
  }

  /// Within four standard errors, for numbers of values in all three ranges of the estimate.
  @Test(arguments: [0, 1, 10, 100, 511, 512, 1500, 4000, 8000, 12000, 20000, 25000, 100_000])
  func estimates(_ count: Int64) {
    for (indexBits, error) in [(12, 0.01625), (8, 0.065), (4, 0.26)] {
      let estimate = Double(sketch(0..<count, indexBits: indexBits).cardinality)
      #expect(abs(estimate - Double(count)) <= 4 * error * Double(count), "\(indexBits) bits")
    }
  }

  /// The mean error over many sketches is far below the error of one, also where Trino has tables.
  @Test(arguments: [500, 1000, 2000, 4000])
  func estimateIsUnbiased(_ count: Int64) {
    var sum = 0.0
    for round in 0..<200 {
      let start = Int64(round) * 1_000_003
      sum += Double(sketch(start..<start + count, indexBits: 10).cardinality)
    }
    let error = sum / 200 / Double(count) - 1
    #expect(abs(error) < 0.01)
  }

  @Test(arguments: [10, 600, 5000])
  func mergingPartsGivesAll(_ count: Int64) throws {
    let all = sketch(0..<count)
    for partCount: Int64 in [2, 3, 7] {
      var merged = HyperLogLogSketch()
      for part in 0..<partCount {
        let some = sketch(stride(from: part, to: count, by: Int(partCount)))
        try merged.merge(read(HyperLogLogSketch.self, some.serialized()))
      }
      #expect(merged.serialized() == all.serialized())
      try merged.merge(all)
      #expect(merged.serialized() == all.serialized())
    }
  }

  @Test func mergingOtherSizesFails() {
    var sketch = HyperLogLogSketch()
    #expect(throws: SQLError.self) { try sketch.merge(HyperLogLogSketch(indexBits: 11)) }
  }

  @Test(arguments: [20, 3000]) func brokenBytes(_ count: Int64) throws {
    try checkBrokenBytes(of: sketch(0..<count, indexBits: 10), seed: 1) { sketch in
      _ = sketch.cardinality
      sketch.add(Murmur3.hash64(5))
    }
  }
}
