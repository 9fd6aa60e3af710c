import ApusPlanner
import ApusValues

/// Values of a type at its ends and where arithmetic and text turn odd; NULL is among them.
func extremeValues(of type: SQLType) -> [Value] {
  [.null] + extremes(of: type)
}

private func extremes(of type: SQLType) -> [Value] {
  switch type {
  case .unknown: return []
  case .boolean: return [.boolean(false), .boolean(true)]
  case .tinyint: return integers(Int8.self)
  case .smallint: return integers(Int16.self)
  case .integer, .date, .intervalYearToMonth, .color: return integers(Int32.self)
  case .bigint, .intervalDayToSecond, .bingTile: return integers(Int64.self)
  case .real:
    return [
      .nan, .infinity, -.infinity, 0, -0.0, -1, 1.5, .greatestFiniteMagnitude,
      .leastNonzeroMagnitude,
    ]
    .map { .real($0) }
  case .double:
    return [
      .nan, .infinity, -.infinity, 0, -0.0, -1, 0.5, 1e19, -1e300, .greatestFiniteMagnitude,
      .leastNonzeroMagnitude,
    ].map { .double($0) }
  case .decimal(let precision, _):
    return [PowersOfTen.wide[precision] - 1, 1 - PowersOfTen.wide[precision], 0, 1, -1].map {
      precision <= 18 ? .integer(Int64(truncatingIfNeeded: $0)) : .wide($0)
    }
  case .time(let precision):
    return [0, 1, 43_200_000_000, 86_399_999_999].map { (microseconds: Int64) in
      precision <= 6 ? .integer(microseconds) : .wide(Int128(microseconds) * 1_000_000)
    }
  case .timeWithTimeZone, .timestampWithTimeZone:
    let zones = [0, 840, -840].compactMap { TimeZoneKey(offsetMinutes: $0) }
    return extremes(of: type.isAnyTime ? .time(precision: 12) : .timestamp(precision: 12))
      .enumerated().map { index, value in
        let zone = TimeZoneKey(name: index == 2 ? "Europe/Berlin" : "UTC") ?? .utc
        let time = ZonedTime(
          picoseconds: value.int128 ?? 0,
          zone: type.isAnyTimestamp && index == 2 ? zone : zones[index % zones.count]
        )
        return .zoned(time)
      }
  case .ipPrefix:
    return ["0.0.0.0/0", "::/128", "10.0.0.0/8"].map { .binary(IPAddress.parsePrefix($0) ?? []) }
  case .timestamp(let precision):
    // The ends of microseconds, and the years -9999 and 9999.
    let unit = PowersOfTen.narrow[max(6 - precision, 0)]
    return [
      0, -1, 1_709_212_455_678_901, -377_705_116_800_000_000, 253_402_300_799_999_999, .min, .max,
    ]
    .map { (microseconds: Int64) in
      let whole = microseconds / unit * unit
      return precision <= 6 ? .integer(whole) : .wide(Int128(whole) * 1_000_000)
    }
  case .varchar, .char:
    return [
      "", " ", "a", "-1", "9223372036854775808", "1e999", "%", "(", "[", "\\", "$1", "\0", "month",
      "%Y-%m",
      "e\u{301}\u{10FFFF}", "👩‍👩‍👧 ß ǆ İ", String(repeating: "xy ", count: 200),
      "http://[::1]:99999/a%zz?b&=#", "2024-02-30",
    ].map { .text($0) }
  case .json: return ["null", "{}", "[]", "\"a\"", "-1e999", "{\"a\":[1,null]}"].map { .text($0) }
  case .uuid, .ipAddress: return [.min, .max, 0, -1].map { .wide($0) }
  case .varbinary, .hyperLogLog, .quantileDigest, .tDigest, .setDigest:
    return [
      [], [0], [0xff], [0xed, 0xa0, 0x80], Array("abcd".utf8), .init(repeating: 0x80, count: 700),
    ]
    .map { .binary($0) }
  case .geometry, .sphericalGeography:
    // Shapes by their WKB, and bytes that are none.
    let texts = [
      "POINT EMPTY", "POINT (1 2)", "POINT (1e308 -1e308)", "LINESTRING EMPTY", "LINESTRING (0 0)",
      "LINESTRING (0 0, 1 1, 0 1, 1 0)", "POLYGON EMPTY", "POLYGON ((1 1))",
      "POLYGON ((0 0, 1 1, 0 1, 1 0, 0 0), (5 5, 6 6, 5 6))", "MULTIPOINT (1 1, 1 1)",
      "MULTILINESTRING ((0 0, 0 0), (NaN 1, 2 2))", "MULTIPOLYGON (((0 0, 0 1e300, 1e300 0)))",
      "GEOMETRYCOLLECTION EMPTY", "GEOMETRYCOLLECTION (POINT EMPTY, LINESTRING (0 0, 1 1))",
    ]
    let shapes = texts.compactMap { text in
      var text = text
      return text.withUTF8 { try? Geometry(text: UnsafeRawBufferPointer($0)).bytes }
    }
    let infinite = Geometry.lineString([.init(.infinity, 0), .init(0, -.infinity)]).bytes
    return (shapes + [infinite, [], [1], [1, 3, 0, 0, 0, 255, 255, 255, 255], [0xff]])
      .map { .binary($0) }
  case .array(let element):
    return [[], [.null]].map { .array($0) }
      + [.array(extremeValues(of: element)), .array(Array(extremes(of: element).prefix(1)))]
      + [.array(repeated(element, count: 25))]
  case .map(let key, let value):
    return [.map([])] + [entries(key, value)]
  case .row(let fields):
    return [
      .row(fields.map { _ in .null }), .row(fields.map { extremes(of: $0.type).last ?? .null }),
    ]
  }
}

private func integers<Integer: FixedWidthInteger>(_ type: Integer.Type) -> [Value] {
  [Integer.min, .max, 0, 1, -1, 2, .min + 1, 36, 64].map { .integer(Int64($0)) }
}

private func repeated(_ element: SQLType, count: Int) -> [Value] {
  let values = extremes(of: element)
  return values.isEmpty ? [] : (0..<count).map { values[$0 % values.count] }
}

/// A map with one entry for each extreme key.
private func entries(_ key: SQLType, _ value: SQLType) -> Value {
  let values = extremeValues(of: value)
  var entries: [Value.MapEntry] = []
  for (index, key) in extremes(of: key).enumerated()
  where !entries.contains(where: { Value.areSame($0.key, key) }) {
    entries.append(Value.MapEntry(key, values[index % values.count]))
  }
  return .map(entries)
}
