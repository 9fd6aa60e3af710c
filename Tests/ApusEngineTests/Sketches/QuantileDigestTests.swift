import ApusValues
import Testing

@testable import ApusEngine

@Suite struct QuantileDigestTests {
  private static let quantiles = [0.0, 0.001, 0.01, 0.25, 0.5, 0.9, 0.99, 1.0]

  /// Numbers of several shapes: even, few, far apart, of both signs.
  private func numbers(_ shape: Int, _ count: Int, seed: UInt64) -> [Int64] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { index in
      switch shape {
      case 0: Int64(index)
      case 1: Int64.random(in: 0..<10, using: &generator)
      case 2: Int64.random(in: .min ... .max, using: &generator)
      default: Int64.random(in: -1000...1000, using: &generator)
      }
    }
  }

  /// - Parameter error: of ranks, as a part of all.
  private func check(_ digest: QuantileDigest, _ values: [Int64], error: Double) {
    let sorted = values.sorted()
    for quantile in QuantileDigestTests.quantiles {
      let value = digest.value(at: quantile)
      // The ranks that the value has, and the rank asked for.
      let least = Double(sorted.firstIndex { $0 >= value } ?? sorted.count)
      let most = Double((sorted.lastIndex { $0 <= value } ?? -1) + 1)
      let rank = quantile * Double(values.count)
      let slack = error * Double(values.count) + 1
      #expect(rank >= least - slack && rank <= most + slack, "\(quantile): \(value)")
    }
  }

  @Test(arguments: 0..<4, [0.01, 0.1]) func quantilesAreWithinTheError(
    _ shape: Int,
    _ error: Double
  )
    throws
  {
    let values = numbers(shape, 20_000, seed: 3)
    var digest = QuantileDigest(maximalError: error)
    for value in values { digest.add(value) }
    check(digest, values, error: error)
    #expect(digest.weight == 20_000)
    #expect(digest.nodeCount < Int(4 * 65 / error))
    check(try read(QuantileDigest.self, digest.serialized()), values, error: error)
  }

  @Test(arguments: 0..<4) func merging(_ shape: Int) throws {
    let values = numbers(shape, 20_000, seed: 4)
    var merged = QuantileDigest()
    for part in 0..<7 {
      var digest = QuantileDigest()
      for index in stride(from: part, to: values.count, by: 7) { digest.add(values[index]) }
      try merged.merge(read(QuantileDigest.self, digest.serialized()))
    }
    check(merged, values, error: 0.02)
    #expect(merged.minimum == values.min())
    #expect(merged.maximum == values.max())
  }

  @Test func weightsCount() {
    var digest = QuantileDigest()
    digest.add(1, weight: 90)
    digest.add(2, weight: 10)
    #expect(digest.value(at: 0.89) == 1)
    #expect(digest.value(at: 0.91) == 2)
    #expect(digest.quantile(of: 2) == 0.9)
  }

  @Test func floatingPointOrder() {
    let values: [Double] = [-.infinity, -1.5, -0.0, 0.0, 1.5, .infinity, .nan]
    let ordered = values.map { QuantileDigest.ordered($0) }
    #expect(ordered == ordered.sorted())
    #expect(ordered.map { QuantileDigest.double($0).bitPattern } == values.map(\.bitPattern))
    let reals = values.map { Float($0) }
    let orderedReals = reals.map { QuantileDigest.ordered($0) }
    #expect(orderedReals == orderedReals.sorted())
    #expect(orderedReals.map { QuantileDigest.real($0).bitPattern } == reals.map(\.bitPattern))
  }

  @Test func brokenBytes() throws {
    for shape in 0..<4 {
      var digest = QuantileDigest(maximalError: 0.2)
      for value in numbers(shape, 500, seed: 5) { digest.add(value) }
      try checkBrokenBytes(of: digest, seed: UInt64(shape)) { digest in
        _ = digest.value(at: 0.5)
        _ = digest.quantile(of: 7)
        digest.add(5)
        digest.add(.min, weight: 1e15)
      }
    }
  }
}
