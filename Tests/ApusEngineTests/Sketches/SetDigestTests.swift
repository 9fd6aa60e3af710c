import ApusValues
import Testing

@testable import ApusEngine

@Suite struct SetDigestTests {
  private func digest(_ values: some Sequence<Int64>) -> SetDigest {
    var digest = SetDigest()
    for value in values { digest.add(Murmur3.hash64(value)) }
    return digest
  }

  @Test func smallSetsAreExact() throws {
    let left = digest([1, 2, 3, 3, 4])
    let right = digest([3, 4, 5])
    #expect(left.cardinality == 4)
    #expect(try left.intersectionCardinality(right) == 2)
    #expect(left.hashCounts.map(\.count).sorted() == [1, 1, 1, 2])
  }

  /// 20000 and 20000 values, of which a part is shared.
  @Test(arguments: [0, 100, 5000, 10_000, 20_000])
  func largeSets(_ shared: Int64) throws {
    let left = digest(0..<20_000)
    let right = digest(20_000 - shared..<40_000 - shared)
    let union = Double(40_000 - shared)
    #expect(abs(left.jaccardIndex(right) - Double(shared) / union) < 0.03)
    let intersection = Double(try left.intersectionCardinality(right))
    #expect(abs(intersection - Double(shared)) < 0.03 * union + 0.1 * Double(shared))
    #expect(abs(Double(left.cardinality) - 20_000) < 4 * 0.023 * 20_000)
  }

  @Test(arguments: [100, 30_000]) func mergingPartsGivesAll(_ count: Int64) throws {
    let all = digest(0..<count)
    var merged = SetDigest()
    for part: Int64 in 0..<5 {
      let some = digest(stride(from: part, to: count, by: 5))
      try merged.merge(read(SetDigest.self, some.serialized()))
    }
    #expect(merged.serialized() == all.serialized())
  }

  @Test func countsDoNotOverflow() {
    #expect(digest(Array(repeating: 1, count: 40_000)).hashCounts.first?.count == Int16.max)
  }

  @Test func brokenBytes() throws {
    try checkBrokenBytes(of: digest(0..<50), seed: 10) { digest in
      _ = digest.cardinality
      _ = try? digest.intersectionCardinality(self.digest(0..<10))
      _ = digest.jaccardIndex(self.digest(0..<10))
      _ = digest.hashCounts
      digest.add(5)
    }
  }
}
