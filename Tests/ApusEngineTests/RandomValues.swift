import ApusValues

/// A generator that gives the same numbers for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

/// Values of a type, some repeated, some NULL, some extreme.
func randomValues(
  of type: SQLType,
  count: Int,
  using generator: inout SeededGenerator
) -> [Value] {
  let pool = (0..<max(3, count / 3)).map { _ in randomValue(of: type, using: &generator) }
  return (0..<count).map { _ in
    Int.random(in: 0..<8, using: &generator) == 0
      ? .null : pool[Int.random(in: 0..<pool.count, using: &generator)]
  }
}

private func randomValue(of type: SQLType, using generator: inout SeededGenerator) -> Value {
  let isExtreme = Int.random(in: 0..<10, using: &generator) == 0
  let small = Int64.random(in: -20...20, using: &generator)
  switch type {
  case .unknown: return .null
  case .boolean: return .boolean(Bool.random(using: &generator))
  case .tinyint: return .integer(isExtreme ? 127 : small)
  case .smallint: return .integer(isExtreme ? 32767 : small)
  case .integer, .intervalYearToMonth: return .integer(isExtreme ? Int64(Int32.max) : small)
  case .date: return .integer(small * 300)
  case .color: return .integer(max(small, -8))
  case .bigint, .intervalDayToSecond: return .integer(isExtreme ? .max : small)
  case .time(let precision):
    let microseconds = Int64.random(in: 0..<86_400_000_000, using: &generator)
    return precision <= 6 ? .integer(microseconds) : .wide(Int128(microseconds) * 1_000_000)
  case .timeWithTimeZone, .timestampWithTimeZone:
    let zones = [TimeZoneKey.utc, TimeZoneKey(offsetMinutes: 330), TimeZoneKey(offsetMinutes: -60)]
    let zone = zones[Int.random(in: 0..<zones.count, using: &generator)] ?? .utc
    return .zoned(ZonedTime(picoseconds: Int128(small.magnitude) * 1_000_000_000, zone: zone))
  case .timestamp(let precision):
    return precision <= 6 ? .integer(small * 90_000_000_123) : .wide(Int128(small) * 9_876_543_210)
  case .real: return .real(isExtreme ? .nan : Float(small) / 4)
  case .double: return .double(isExtreme ? .nan : Double(small) / 4)
  case .decimal(let precision, _):
    let largest = PowersOfTen.wide[precision] - 1
    let value = isExtreme ? largest : Int128(small) * 7
    return precision <= 18 ? .integer(Int64(value)) : .wide(value)
  case .varchar, .char:
    let words = ["", "a", "ab", "Zürich", "übermäßig lange Zeichenkette", "日本語", "a%b_c", "AB"]
    return .text(words[Int.random(in: 0..<words.count, using: &generator)])
  case .array(let element):
    let count = Int.random(in: 0...3, using: &generator)
    return .array((0..<count).map { _ in randomElement(of: element, using: &generator) })
  case .row(let fields):
    return .row(fields.map { randomElement(of: $0.type, using: &generator) })
  case .map(let keyType, let valueType):
    var entries: [Value.MapEntry] = []
    for _ in 0..<Int.random(in: 0...3, using: &generator) {
      let key = randomValue(of: keyType, using: &generator)
      if entries.contains(where: { Value.areSame($0.key, key) }) { continue }
      entries.append(Value.MapEntry(key, randomElement(of: valueType, using: &generator)))
    }
    return .map(entries)
  case .uuid, .ipAddress:
    return .wide(Int128(small) << 100 | Int128(small.magnitude))
  case .json:
    return .text("\(small)")
  case .bingTile:
    return .integer(small)
  case .varbinary, .ipPrefix, .hyperLogLog, .quantileDigest, .tDigest, .setDigest, .geometry,
    .sphericalGeography:
    return .binary((0..<Int(small.magnitude)).map { UInt8($0) })
  }
}

private func randomElement(of type: SQLType, using generator: inout SeededGenerator) -> Value {
  Int.random(in: 0..<6, using: &generator) == 0 ? .null : randomValue(of: type, using: &generator)
}
