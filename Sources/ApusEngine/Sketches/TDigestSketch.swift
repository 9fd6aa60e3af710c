import ApusValues

/// A summary of a distribution, as the type `tdigest` keeps it: clusters of values, small at the ends
/// and large in the middle, so that extreme quantiles are exact or nearly so.
///
/// Dunning and Ertl, "Computing extremely accurate quantiles using t-digests", arXiv:1902.04023, the
/// merging variant with the scale function k2. New values stand behind the clusters, each one of its
/// own, until there are too many; then all are sorted and neighbours joined, from either end in turn.
struct TDigestSketch: Sketch {
  struct Cluster {
    var mean: Double
    var weight: Double
  }

  static let standardCompression = 100.0

  let compression: Double
  var clusters: [Cluster] = []
  var weight = 0.0
  var minimum = Double.infinity
  var maximum = -Double.infinity
  /// Whether clusters are out of order.
  var isLoose = false
  private var isBackwards = false

  init(compression: Double = standardCompression) { self.compression = compression }

  /// Clusters are joined twice as finely as they are written.
  private var innerCompression: Double { 2 * compression }

  private var limit: Int { Int(min(6 * (innerCompression + 10), Double(Int32.max))) }

  /// - Parameters:
  ///   - value: finite.
  ///   - weight: 1 at least and finite.
  mutating func add(_ value: Double, weight added: Double = 1) {
    if clusters.count >= limit { join(innerCompression) }
    clusters.append(Cluster(mean: value, weight: added))
    weight += added
    minimum = min(minimum, value)
    maximum = max(maximum, value)
    isLoose = true
  }

  mutating func merge(_ other: TDigestSketch) {
    var other = other
    join(innerCompression)
    other.join(innerCompression)
    clusters += other.clusters
    weight += other.weight
    minimum = min(minimum, other.minimum)
    maximum = max(maximum, other.maximum)
    isLoose = true
  }

  /// Sorts the clusters and joins neighbours as far as their place in the distribution allows.
  mutating func join(_ compression: Double) {
    var rest = clusters.sorted { $0.mean < $1.mean }
    if isBackwards { rest.reverse() }
    guard var current = rest.first else { return }
    let normalizer = compression / (4 * naturalLogarithm(weight / compression) + 24)
    func largest(_ quantile: Double) -> Double { quantile * (1 - quantile) / normalizer }
    var result: [Cluster] = []
    var before = 0.0
    var bound = largest(0)
    for next in rest.dropFirst() {
      let sum = current.weight + next.weight
      let quantile = min((before + sum) / weight, 1)
      if sum <= weight * min(bound, largest(quantile)) {
        current.mean += (next.mean - current.mean) * next.weight / sum
        current.weight = sum
      } else {
        result.append(current)
        before += current.weight
        bound = largest(before / weight)
        current = next
      }
    }
    result.append(current)
    if isBackwards { result.reverse() }
    isBackwards.toggle()
    clusters = result
    isLoose = false
  }

  /// The values below which parts of the weight lie; NaN of an empty digest.
  ///
  /// - Parameter quantiles: 0...1.
  func values(at quantiles: [Double]) -> [Double] {
    guard isLoose else { return quantiles.map { value(at: $0) } }
    var joined = self
    joined.join(innerCompression)
    return quantiles.map { joined.value(at: $0) }
  }

  /// Clusters of one value are exact; between the middles of others values are interpolated.
  private func value(at quantile: Double) -> Double {
    guard let first = clusters.first, let last = clusters.last else { return .nan }
    if clusters.count == 1 { return first.mean }
    let offset = quantile * weight
    if offset < 1 { return minimum }
    if offset < first.weight / 2 {
      return minimum + interpolate(offset, 1, minimum, first.weight / 2, first.mean)
    }
    let fromEnd = weight - offset
    if offset <= weight - 1, fromEnd <= last.weight / 2, last.weight / 2 > 1 {
      return maximum + interpolate(fromEnd, 1, maximum, last.weight / 2, last.mean)
    }
    if offset >= weight - 1 { return maximum }
    var before = first.weight / 2
    for (left, right) in zip(clusters, clusters.dropFirst()) {
      let distance = (left.weight + right.weight) / 2
      if before + distance <= offset {
        before += distance
        continue
      }
      return value(at: offset - before, between: left, right)
    }
    // Rounding has left the offset behind the last middle.
    return last.weight / 2 > 1
      ? maximum + interpolate(fromEnd, 1, maximum, last.weight / 2, last.mean) : maximum
  }

  /// - Parameter offset: from the middle of the left cluster.
  private func value(at offset: Double, between left: Cluster, _ right: Cluster) -> Double {
    if left.weight == 1, offset < left.weight / 2 { return left.mean }
    if right.weight == 1, offset >= left.weight / 2 { return right.mean }
    // What a single value takes up of the way between the middles is not interpolated.
    if left.weight == 1 {
      return left.mean
        + interpolate(offset - left.weight / 2, 0, left.mean, right.weight / 2, right.mean)
    }
    let length = right.weight == 1 ? left.weight / 2 : (left.weight + right.weight) / 2
    return left.mean + interpolate(offset, 0, left.mean, length, right.mean)
  }

  private func interpolate(_ x: Double, _ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double)
    -> Double
  {
    (x - x0) / (x1 - x0) * (y1 - y0)
  }

  var byteCount: Int {
    clusters.capacity * MemoryLayout<Cluster>.stride + MemoryLayout<Self>.stride
  }
}

// The bytes of a tdigest, numbers with their lowest byte first:
//
//     0, minimum, maximum, compression, weight: double, count: int32, means: doubles, weights: doubles
//
// Source: airlift, stats, `TDigest`, as Trino 400 to 470 use it, and the bytes of Athena itself in the
// tests.
extension TDigestSketch {
  init(bytes: UnsafeRawBufferPointer) throws(SQLError) {
    var reader = SketchReader("tdigest", bytes)
    guard try reader.integer(UInt8.self) == 0 else { throw reader.invalid("Invalid format") }
    let minimum = try reader.double()
    let maximum = try reader.double()
    let compression = try reader.double()
    guard compression >= 10, compression.isFinite else {
      throw reader.invalid("compression factor too small (< 10)")
    }
    self.init(compression: compression)
    self.minimum = minimum
    self.maximum = maximum
    weight = try reader.double()
    let count = Int(try reader.integer(Int32.self))
    guard count >= 0, count * 16 == reader.remaining else {
      throw reader.invalid("\(count) centroids in \(reader.remaining) bytes")
    }
    clusters.reserveCapacity(count)
    for _ in 0..<count { clusters.append(Cluster(mean: try reader.double(), weight: 0)) }
    for index in 0..<count { clusters[index].weight = try reader.double() }
    guard weight.isFinite, clusters.allSatisfy({ $0.mean.isFinite && $0.weight > 0 }) else {
      throw reader.invalid("a centroid is wrong")
    }
    isLoose = zip(clusters, clusters.dropFirst()).contains { $0.mean > $1.mean }
  }

  func serialized() -> [UInt8] {
    var digest = self
    digest.join(compression)
    var bytes: [UInt8] = [0]
    bytes.reserveCapacity(37 + digest.clusters.count * 16)
    for number in [minimum, maximum, compression, weight] { bytes.append(littleEndian: number) }
    bytes.append(littleEndian: Int32(truncatingIfNeeded: digest.clusters.count))
    for cluster in digest.clusters { bytes.append(littleEndian: cluster.mean) }
    for cluster in digest.clusters { bytes.append(littleEndian: cluster.weight) }
    return bytes
  }
}
