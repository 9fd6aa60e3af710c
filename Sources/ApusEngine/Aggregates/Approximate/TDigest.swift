#if canImport(Glibc)
  import Glibc
#endif

/// A sketch of a distribution: clusters of values, small at the ends and large in the middle, so
/// that extreme quantiles are exact or nearly so.
///
/// Dunning and Ertl, "Computing extremely accurate quantiles using t-digests", arXiv:1902.04023; the
/// merging variant with the scale function k1. Values wait in a buffer and are merged by sorting.
struct TDigest {
  private struct Centroid {
    var mean: Double
    var weight: Double
  }

  private static var compression: Double { 200 }
  private static var bufferLimit: Int { 512 }

  private var centroids: [Centroid] = []
  private var buffer: [Centroid] = []
  private(set) var weight = 0.0
  private var minimum = Double.infinity
  private var maximum = -Double.infinity

  var isEmpty: Bool { weight == 0 }

  mutating func add(_ value: Double, weight: Double = 1) {
    buffer.append(Centroid(mean: value, weight: weight))
    self.weight += weight
    minimum = min(minimum, value)
    maximum = max(maximum, value)
    if buffer.count >= TDigest.bufferLimit { compress() }
  }

  mutating func merge(_ other: TDigest) {
    if other.isEmpty { return }
    buffer += other.centroids + other.buffer
    weight += other.weight
    minimum = min(minimum, other.minimum)
    maximum = max(maximum, other.maximum)
    if buffer.count >= TDigest.bufferLimit { compress() }
  }

  private mutating func compress() {
    var all = centroids + buffer
    buffer.removeAll(keepingCapacity: true)
    all.sort { $0.mean < $1.mean }
    guard var current = all.first else { return }
    var result: [Centroid] = []
    var before = 0.0
    var limit = weight * TDigest.quantile(ofScale: TDigest.scale(of: 0) + 1)
    for next in all.dropFirst() {
      if before + current.weight + next.weight <= limit {
        let sum = current.weight + next.weight
        current.mean += (next.mean - current.mean) * next.weight / sum
        current.weight = sum
      } else {
        result.append(current)
        before += current.weight
        limit = weight * TDigest.quantile(ofScale: TDigest.scale(of: before / weight) + 1)
        current = next
      }
    }
    result.append(current)
    centroids = result
  }

  private static func scale(of quantile: Double) -> Double {
    compression / (2 * .pi) * asin(2 * min(1, max(0, quantile)) - 1)
  }

  private static func quantile(ofScale scale: Double) -> Double {
    let angle = min(.pi / 2, scale * 2 * .pi / compression)
    return (sin(angle) + 1) / 2
  }

  /// Returns the value below which a part `quantile` (0...1) of the weight lies.
  ///
  /// A cluster of one value is exact; between the middles of larger ones values are interpolated.
  mutating func value(at quantile: Double) -> Double {
    if !buffer.isEmpty { compress() }
    guard let first = centroids.first, let last = centroids.last else { return .nan }
    let target = quantile * weight
    if quantile <= 0 { return minimum }
    if quantile >= 1 { return maximum }
    var before = 0.0
    for (index, centroid) in centroids.enumerated() {
      if target < before + centroid.weight || index == centroids.count - 1 {
        if centroid.weight <= 1 { return centroid.mean }
        let middle = before + centroid.weight / 2
        if target < middle {
          let previousMiddle = index == 0 ? 0 : before - centroids[index - 1].weight / 2
          let previousMean = index == 0 ? minimum : centroids[index - 1].mean
          return interpolate(target, previousMiddle, previousMean, middle, centroid.mean)
        }
        let isLast = index == centroids.count - 1
        let nextMiddle =
          isLast ? weight : before + centroid.weight + centroids[index + 1].weight / 2
        let nextMean = isLast ? maximum : centroids[index + 1].mean
        return interpolate(target, middle, centroid.mean, nextMiddle, nextMean)
      }
      before += centroid.weight
    }
    return first.mean == last.mean ? first.mean : maximum
  }

  private func interpolate(
    _ target: Double,
    _ low: Double,
    _ lowValue: Double,
    _ high: Double,
    _ highValue: Double
  ) -> Double {
    guard high > low else { return lowValue }
    return lowValue + (highValue - lowValue) * (target - low) / (high - low)
  }

  var byteCount: Int { (centroids.capacity + buffer.capacity) * 16 + MemoryLayout<Self>.stride }
}
