import ApusPlanner
import ApusValues
import ApusVectors

/// `numeric_histogram(buckets, x)`, `numeric_histogram(buckets, x, weight)`.
enum NumericHistogramAggregate: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        """
        SELECT numeric_histogram(2, x)
        FROM (VALUES 1, 2, 10) AS t(x)
        """,
        "{1.5=2.0, 10.0=1.0}"
      )
    ]
  }

  static let overloads: [AggregateOverload] = [SQLType.double, .real].flatMap { type in
    [
      overload([.type(.bigint), .type(type)], type),
      overload([.type(.bigint), .type(type), .type(.double)], type),
    ]
  }

  private static func overload(_ parameters: [FunctionSignature.Parameter], _ type: SQLType)
    -> AggregateOverload
  {
    AggregateOverload(
      FunctionSignature(
        "numeric_histogram",
        kind: .aggregate,
        parameters,
        returns: .type(.map(key: type, value: type)),
        summary: "Returns an approximate histogram: the middle of each bucket with its weight."
      )
    ) { function throws(SQLError) in NumericHistogramAccumulator(type, function.returnType) }
  }
}

/// Buckets of values that lie together, as many as wanted: Ben-Haim and Tom-Tov, "A streaming parallel
/// decision tree algorithm" (J. Machine Learning Research 11, 2010), with Trino's penalty for merging
/// two buckets.
struct NumericHistogram {
  private struct Bucket {
    var value: Double
    var weight: Double
  }

  /// Values that wait until they are put into buckets.
  private static let bufferCount = 100

  let limit: Int
  private var buckets: [Bucket] = []

  init(limit: Int) { self.limit = limit }

  mutating func add(_ value: Double, weight: Double) {
    if buckets.count >= limit + NumericHistogram.bufferCount { compact() }
    buckets.append(Bucket(value: value, weight: weight))
  }

  mutating func merge(_ other: NumericHistogram) {
    buckets += other.buckets
    compact()
  }

  /// Returns the buckets in the order of their values.
  mutating func compacted() -> [(value: Double, weight: Double)] {
    compact()
    return buckets.map { ($0.value, $0.weight) }
  }

  private mutating func compact() {
    buckets.sort { NumericHistogram.isBefore($0.value, $1.value) }
    var merged: [Bucket] = []
    merged.reserveCapacity(buckets.count)
    for bucket in buckets {
      if let last = merged.last, last.value == bucket.value {
        merged[merged.count - 1].weight += bucket.weight
      } else {
        merged.append(bucket)
      }
    }
    buckets = merged
    if buckets.count > limit { mergeNeighbours() }
  }

  /// NaN is largest.
  private static func isBefore(_ left: Double, _ right: Double) -> Bool {
    left < right || (!left.isNaN && right.isNaN)
  }

  /// Merges those two neighbours that change the least, until there are few enough buckets.
  private mutating func mergeNeighbours() {
    var penalties = buckets.indices.dropLast().map { penalty(at: $0) }
    while buckets.count > limit {
      var best = 0
      for index in penalties.indices.dropFirst()
      where penalties[index] < penalties[best] || penalties[best].isNaN { best = index }
      let (left, right) = (buckets[best], buckets[best + 1])
      let weight = left.weight + right.weight
      buckets[best] = Bucket(
        value: (left.value * left.weight + right.value * right.weight) / weight,
        weight: weight
      )
      buckets.remove(at: best + 1)
      penalties.remove(at: best)
      if best < penalties.count { penalties[best] = penalty(at: best) }
      if best > 0 { penalties[best - 1] = penalty(at: best - 1) }
    }
  }

  /// What it costs to merge a bucket with the next one.
  private func penalty(at index: Int) -> Double {
    let (left, right) = (buckets[index], buckets[index + 1])
    let weight = left.weight + right.weight
    let distance = left.value - right.value
    return weight * (distance * distance) * ((left.weight * right.weight) / (weight * weight))
  }

  var byteCount: Int { buckets.capacity * MemoryLayout<Bucket>.stride }
}

/// A histogram per group.
final class NumericHistogramAccumulator: Accumulator {
  private let type: SQLType
  private let result: SQLType
  private var histograms: [NumericHistogram?] = []

  /// - Parameter type: of the values.
  init(_ type: SQLType, _ result: SQLType) {
    self.type = type
    self.result = result
  }

  func resize(groupCount: Int) { histograms.grow(to: groupCount, with: nil) }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) throws(SQLError) {
    let limits = arguments[0].decoded
    let argument = arguments[1].decoded
    let weights = arguments.count > 2 ? arguments[2].decoded : nil
    defer { extendLifetime((limits, argument, weights)) }
    let limit = limits.bigints
    let weight = weights?.doubles
    let value: (Int) -> Double
    if type == .real {
      let values = argument.operand(as: Float.self)
      value = { Double(values[$0]) }
    } else {
      let values = argument.doubles
      value = { values[$0] }
    }
    for row in 0..<groups.count
    where groups[row] >= 0 && !argument.isNull(row) && !limit.isNull(row) {
      if weight?.isNull(row) ?? false { continue }
      let group = Int(groups[row])
      if histograms[group] == nil {
        histograms[group] = NumericHistogram(
          limit: try bucketCount(limit[row], for: "numeric_histogram")
        )
      }
      histograms[group]?.add(value(row), weight: weight?[row] ?? 1)
    }
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) throws(SQLError) {
    let other = try sameKind(other, as: NumericHistogramAccumulator.self)
    for (group, target) in mapping {
      guard let source = other.histograms[group] else { continue }
      if histograms[target] == nil {
        histograms[target] = source
      } else {
        histograms[target]?.merge(source)
      }
    }
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    var buckets: [(value: Double, weight: Double)] = []
    var ends: [Int32] = []
    var isKnown: [UInt8] = []
    for group in range {
      buckets += histograms[group]?.compacted() ?? []
      ends.append(Int32(truncatingIfNeeded: buckets.count))
      isKnown.append(histograms[group] == nil ? 0 : 1)
    }
    return MapElements(
      keys: ArrayElements(ends: ends, elements: column(buckets.map(\.value))),
      values: ArrayElements(ends: ends, elements: column(buckets.map(\.weight)))
    ).maps(result, validity: isKnown)
  }

  private func column(_ numbers: [Double]) -> ColumnVector {
    let builder = VectorBuilder(type: type, capacity: numbers.count)
    if type == .real {
      for (row, number) in numbers.enumerated() {
        builder.values(as: Float.self)[row] = Float(number)
      }
    } else {
      for (row, number) in numbers.enumerated() { builder.values(as: Double.self)[row] = number }
    }
    return builder.finish(count: numbers.count)
  }

  var byteCount: Int {
    histograms.reduce(0) { $0 + ($1?.byteCount ?? 0) + MemoryLayout<NumericHistogram?>.stride }
  }
}

/// Returns how many buckets a histogram may have.
func bucketCount(_ count: Int64, for function: String) throws(SQLError) -> Int {
  if count < 2 {
    throw SQLError(
      .invalidFunctionArgument,
      "\(function) bucket count must be greater than one"
    )
  }
  return Int(try checkedInteger(count))
}

/// - Throws: NUMERIC_VALUE_OUT_OF_RANGE for what is no integer of 32 bits.
func checkedInteger(_ value: Int64) throws(SQLError) -> Int32 {
  guard let result = Int32(exactly: value) else {
    throw SQLError(.numericValueOutOfRange, "Out of range for integer: \(value)")
  }
  return result
}
