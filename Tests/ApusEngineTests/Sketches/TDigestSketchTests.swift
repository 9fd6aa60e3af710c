import ApusValues
import Testing

@testable import ApusEngine

@Suite struct TDigestSketchTests {
  private func numbers(_ isEven: Bool, seed: UInt64) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    return (0..<50_000).map { _ in
      let number = Double.random(in: 0..<1, using: &generator)
      return isEven ? number : number * number * number * 1e6 - 5
    }
  }

  /// Ranks are within a few clusters: much closer near the ends than in the middle.
  private func check(_ digest: TDigestSketch, _ values: [Double]) {
    let sorted = values.sorted()
    for quantile in [0.0001, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999] {
      let value = digest.values(at: [quantile])[0]
      let rank = Double(sorted.firstIndex { $0 >= value } ?? sorted.count) / Double(sorted.count)
      #expect(abs(rank - quantile) < 0.1 * quantile * (1 - quantile) + 0.0001, "\(quantile)")
    }
    #expect(digest.values(at: [0, 1]) == [sorted.first, sorted.last])
  }

  @Test(arguments: [true, false]) func quantiles(_ isEven: Bool) throws {
    let values = numbers(isEven, seed: 6)
    var digest = TDigestSketch()
    for value in values { digest.add(value) }
    check(digest, values)
    let bytes = digest.serialized()
    #expect(bytes.count < 4000)
    check(try read(TDigestSketch.self, bytes), values)
  }

  @Test(arguments: [true, false]) func merging(_ isEven: Bool) throws {
    let values = numbers(isEven, seed: 7)
    var merged = TDigestSketch()
    for part in 0..<20 {
      var digest = TDigestSketch()
      for index in stride(from: part, to: values.count, by: 20) { digest.add(values[index]) }
      merged.merge(try read(TDigestSketch.self, digest.serialized()))
    }
    check(merged, values)
    #expect(merged.weight == 50_000)
  }

  @Test func weightsCount() {
    var digest = TDigestSketch()
    digest.add(1, weight: 900)
    digest.add(2, weight: 100)
    #expect(digest.values(at: [0.1]) == [1])
    #expect(digest.values(at: [0.999]) == [2])
    #expect(TDigestSketch().values(at: [0.5])[0].isNaN)
  }

  @Test func brokenBytes() throws {
    var digest = TDigestSketch()
    for value in numbers(true, seed: 8).prefix(300) { digest.add(value) }
    try checkBrokenBytes(of: digest, seed: 9) { digest in
      _ = digest.values(at: [0, 0.3, 1])
      for value in 0..<3000 { digest.add(Double(value)) }
      _ = digest.values(at: [0, 0.3, 1])
    }
  }
}
