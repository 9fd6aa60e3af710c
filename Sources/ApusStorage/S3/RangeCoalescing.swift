/// A request for a range of an object that serves one or more reads.
///
/// With a gap of at most 2 bytes between reads, and parts of at most 8:
///
///     reads     0..<3   4..<6        20..<40
///     fetches   0..<6                20..<28  28..<36  36..<40
struct CoalescedRange: Sendable {
  /// What is asked for, never empty.
  var range: Range<Int>
  /// The reads that want bytes of it, by their beginning.
  var reads: [ObjectRead]
}

/// Which reads become one request, and which several.
struct RangeCoalescing: Hashable, Sendable {
  /// Unwanted bytes between two reads that are fetched rather than asked around: what a connection
  /// carries in the time that another request takes to be answered.
  var largestGap = 256 << 10
  /// Ranges beyond this are fetched in several parts at once.
  var largestRange = 16 << 20
  var partSize = 8 << 20

  /// Returns ranges that together cover all reads, in ascending order; empty reads need none.
  func ranges(for reads: [ObjectRead]) -> [CoalescedRange] {
    var merged: [CoalescedRange] = []
    for read in reads.filter({ !$0.range.isEmpty }).sorted(by: {
      $0.range.lowerBound < $1.range.lowerBound
    }) {
      if let last = merged.last, read.range.lowerBound - last.range.upperBound <= largestGap {
        let end = max(last.range.upperBound, read.range.upperBound)
        merged[merged.count - 1].range = last.range.lowerBound..<end
        merged[merged.count - 1].reads.append(read)
      } else {
        merged.append(CoalescedRange(range: read.range, reads: [read]))
      }
    }
    return merged.flatMap(split)
  }

  private func split(_ whole: CoalescedRange) -> [CoalescedRange] {
    guard whole.range.count > largestRange else { return [whole] }
    return stride(from: whole.range.lowerBound, to: whole.range.upperBound, by: partSize)
      .compactMap { start in
        let range = start..<min(start + partSize, whole.range.upperBound)
        let reads = whole.reads.filter { $0.range.overlaps(range) }
        return reads.isEmpty ? nil : CoalescedRange(range: range, reads: reads)
      }
  }
}
