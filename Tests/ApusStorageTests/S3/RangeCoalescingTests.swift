import Testing

@testable import ApusStorage

@Suite struct RangeCoalescingTests {
  private let small = RangeCoalescing(largestGap: 2, largestRange: 16, partSize: 8)

  private func ranges(_ reads: [Range<Int>]) -> [Range<Int>] {
    let byte = UnsafeMutableRawPointer(bitPattern: 1)
    return small.ranges(
      for: reads.map {
        ObjectRead(
          offset: $0.lowerBound,
          buffer: UnsafeMutableRawBufferPointer(start: byte, count: $0.count)
        )
      }
    ).map(\.range)
  }

  @Test func joinsWhatIsNear() {
    #expect(ranges([0..<3, 5..<6]) == [0..<6])
    #expect(ranges([0..<3, 6..<7]) == [0..<3, 6..<7])
    #expect(ranges([5..<6, 0..<3, 1..<2]) == [0..<6])
    #expect(ranges([0..<3, 3..<3]) == [0..<3])
    #expect(ranges([]) == [])
  }

  @Test func splitsWhatIsLong() {
    #expect(ranges([0..<3, 4..<6, 20..<40]) == [0..<6, 20..<28, 28..<36, 36..<40])
    #expect(ranges([0..<16]) == [0..<16])
    #expect(ranges([0..<17]) == [0..<8, 8..<16, 16..<17])
  }

  @Test func aRetryWaitsLongerEachTimeAndNeverTooLong() {
    let policy = RetryPolicy(firstPause: .milliseconds(100), longestPause: .seconds(1))
    #expect(policy.pause(afterTries: 1, chance: 1) == .milliseconds(100))
    #expect(policy.pause(afterTries: 1, chance: 0) == .milliseconds(50))
    #expect(policy.pause(afterTries: 3, chance: 1) == .milliseconds(400))
    #expect(policy.pause(afterTries: 60, chance: 1) == .seconds(1))
  }
}
