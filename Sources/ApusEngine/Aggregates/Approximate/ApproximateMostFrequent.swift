import ApusPlanner
import ApusValues
import ApusVectors

/// `approx_most_frequent(buckets, x, capacity)`, of bigints and of texts.
enum ApproximateMostFrequent: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        """
        SELECT approx_most_frequent(2, x, 10)
        FROM (VALUES 'a', 'b', 'c', 'b', 'a', 'a') AS t(x)
        """,
        "{a=3, b=2}"
      )
    ]
  }

  static let overloads = [overload(.bigint), overload(.text)]

  private static func overload(_ type: SQLType) -> AggregateOverload {
    AggregateOverload(
      FunctionSignature(
        "approx_most_frequent",
        kind: .aggregate,
        [.type(.bigint), .type(type), .type(.bigint)],
        returns: .type(.map(key: type, value: .bigint)),
        summary: """
          Returns the n most frequent values with estimates of how often they occur; the last \
          argument says how many values are tracked.
          """
      )
    ) { function throws(SQLError) in MostFrequentAccumulator(type, function.returnType) }
  }
}

/// Counts of those values that occur most often, as many as there is room for: a new value takes the
/// place of the rarest one, and its count as its start. Metwally, Agrawal and El Abbadi, "Efficient
/// computation of frequent and top-k elements in data streams" (ICDT 2005).
struct SpaceSaving<Key: Hashable> {
  private struct Counter {
    var key: Key
    var count: Int64
  }

  private let capacity: Int
  /// A heap whose root has the lowest count.
  private var counters: [Counter] = []
  private var places: [Key: Int] = [:]

  init(capacity: Int) { self.capacity = capacity }

  mutating func add(_ key: Key, count: Int64 = 1) {
    if let place = places[key] {
      counters[place].count &+= count
      sink(place)
    } else if counters.count < capacity {
      counters.append(Counter(key: key, count: count))
      places[key] = counters.count - 1
      rise(counters.count - 1)
    } else {
      places[counters[0].key] = nil
      counters[0].key = key
      counters[0].count &+= count
      places[key] = 0
      sink(0)
    }
  }

  mutating func merge(_ other: SpaceSaving) {
    for counter in other.mostFrequent(other.counters.count) {
      add(counter.key, count: counter.count)
    }
  }

  /// Returns the keys with the highest counts, the highest first.
  func mostFrequent(_ limit: Int) -> [(key: Key, count: Int64)] {
    counters.sorted { $0.count > $1.count }.prefix(limit).map { ($0.key, $0.count) }
  }

  private mutating func rise(_ start: Int) {
    var place = start
    while place > 0, counters[place].count < counters[(place - 1) / 2].count {
      swap(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  private mutating func sink(_ start: Int) {
    var place = start
    while true {
      var lowest = place
      for child in [2 * place + 1, 2 * place + 2]
      where child < counters.count && counters[child].count < counters[lowest].count {
        lowest = child
      }
      if lowest == place { return }
      swap(place, lowest)
      place = lowest
    }
  }

  private mutating func swap(_ left: Int, _ right: Int) {
    counters.swapAt(left, right)
    places[counters[left].key] = left
    places[counters[right].key] = right
  }

  var byteCount: Int { counters.capacity * (MemoryLayout<Counter>.stride + 32) }
}

/// The most frequent values of each group.
final class MostFrequentAccumulator: Accumulator {
  private struct Group {
    /// The most values of the result.
    var limit: Int
    var values: SpaceSaving<Value>
  }

  private let type: SQLType
  private let result: SQLType
  private var groups: [Group?] = []

  /// - Parameter type: of the values.
  init(_ type: SQLType, _ result: SQLType) {
    self.type = type
    self.result = result
  }

  func resize(groupCount: Int) { groups.grow(to: groupCount, with: nil) }

  func update(groups rowGroups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector])
    throws(SQLError)
  {
    let limits = arguments[0].decoded
    let argument = arguments[1].decoded
    let capacities = arguments[2].decoded
    defer { extendLifetime((limits, argument, capacities)) }
    let limit = limits.bigints
    let capacity = capacities.bigints
    for row in 0..<rowGroups.count
    where rowGroups[row] >= 0 && !argument.isNull(row) && !limit.isNull(row)
      && !capacity.isNull(row)
    {
      let group = Int(rowGroups[row])
      if groups[group] == nil {
        let count = try bucketCount(limit[row], for: "approx_most_frequent")
        guard capacity[row] > 0 else {
          throw SQLError(
            .invalidFunctionArgument,
            "approx_most_frequent capacity must be positive"
          )
        }
        groups[group] = Group(
          limit: count,
          values: SpaceSaving(capacity: Int(try checkedInteger(capacity[row])))
        )
      }
      groups[group]?.values.add(argument.value(row))
    }
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) throws(SQLError) {
    let other = try sameKind(other, as: MostFrequentAccumulator.self)
    for (group, target) in mapping {
      guard let source = other.groups[group] else { continue }
      if groups[target] == nil {
        groups[target] = source
      } else {
        groups[target]?.values.merge(source.values)
      }
    }
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    var found: [(key: Value, count: Int64)] = []
    var ends: [Int32] = []
    var isKnown: [UInt8] = []
    for group in range {
      if let group = groups[group] { found += group.values.mostFrequent(group.limit) }
      ends.append(Int32(truncatingIfNeeded: found.count))
      isKnown.append(groups[group] == nil ? 0 : 1)
    }
    let keys = VectorBuilder(type: type, capacity: found.count)
    let counts = VectorBuilder(type: .bigint, capacity: found.count)
    for (row, counter) in found.enumerated() {
      keys.set(row, counter.key)
      counts.values(as: Int64.self)[row] = counter.count
    }
    return MapElements(
      keys: ArrayElements(ends: ends, elements: keys.finish(count: found.count)),
      values: ArrayElements(ends: ends, elements: counts.finish(count: found.count))
    ).maps(result, validity: isKnown)
  }

  var byteCount: Int {
    groups.reduce(0) { $0 + ($1?.values.byteCount ?? 0) + MemoryLayout<Group?>.stride }
  }
}
