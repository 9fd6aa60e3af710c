import Testing

@testable import ApusValues

@Suite struct TimeZoneTests {
  @Test func namesOfZones() {
    for (name, shown) in [
      ("UTC", "UTC"), ("Z", "UTC"), ("gmt", "UTC"), ("Etc/UTC", "UTC"), ("+00:00", "UTC"),
      ("+05:30", "+05:30"), ("-0830", "-08:30"), ("+7", "+07:00"), ("-11", "-11:00"),
      ("UTC+3", "+03:00"), ("GMT-4", "-04:00"), ("Etc/GMT+5", "-05:00"),
      ("Europe/Berlin", "Europe/Berlin"), ("europe/berlin", "Europe/Berlin"),
      ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
    ] {
      #expect(TimeZoneKey(name: name)?.name == shown, "\(name)")
    }
    for name in ["", "+", "+15", "+14:01", "+1:2", "Mars/Olympus", "GMT5", "../UTC", "+05:60"] {
      #expect(TimeZoneKey(name: name) == nil, "\(name)")
    }
  }

  @Test func packedTimesComeBack() {
    for minutes in [-840, -1, 0, 1, 330, 840] {
      for picoseconds: Int128 in [0, 1, -1, 253_402_300_799_999_999_999_999, -(1 << 100)] {
        let zone = TimeZoneKey(offsetMinutes: minutes) ?? .utc
        let time = ZonedTime(picoseconds: picoseconds, zone: zone)
        #expect(ZonedTime(packed: time.packed) == time)
      }
    }
  }

  @Test func clocksThatSkipAnHourOrShowItTwice() throws {
    let berlin = try #require(TimeZoneKey(name: "Europe/Berlin"))
    var reader = TimeZoneReader()
    // 2020-03-29 02:30 and 2020-10-25 02:30, in local time.
    #expect(reader.offsets(of: berlin, atLocal: 1_585_449_000) == [])
    #expect(reader.offset(of: berlin, atLocal: 1_585_449_000) == 3600)
    #expect(reader.offsets(of: berlin, atLocal: 1_603_593_000) == [7200, 3600])
    #expect(reader.offset(of: berlin, atLocal: 1_603_593_000) == 7200)
    #expect(reader.offset(of: berlin, atLocal: 1_603_593_000, preferring: 3600) == 3600)
    #expect(berlin.abbreviation(at: 1_591_797_323) == "CEST")
    #expect(berlin.abbreviation(at: 2_591_797_323) == "CET")
  }

  @Test func stringsOfPOSIX() throws {
    // Forms of the specification's own examples: the 100th day but a leap one, the last Sunday, none.
    let zone = try #require(RecurringTimeZone("AAA3BBB,J100/2,M10.5.0/3:30"))
    let summer = zone.stretch(at: 1_594_000_000, notBefore: .min)
    #expect(summer.offsetSeconds == -7200)
    #expect(RecurringTimeZone("<+0330>-3:30")?.stretch(at: 0, notBefore: 5).offsetSeconds == 12_600)
    for text in ["", "CET", "CET-1CEST", "CET-1CEST,M13.1.0,M1.1.0", "CET-1CEST,M3.5.0,", "<+03-3"]
    {
      #expect(RecurringTimeZone(text) == nil, "\(text)")
    }
    for seconds in [Int64.min, Int64.max, 1 << 59, -(1 << 59)] {
      _ = zone.stretch(at: seconds, notBefore: .min)
    }
  }

  @Test func brokenFilesAreNoRules() throws {
    // Version 2, one type, two transitions, a footer.
    let header = { (times: UInt8, types: UInt8, characters: UInt8) -> [UInt8] in
      Array("TZif2".utf8) + Array(repeating: 0, count: 15 + 12)
        + [0, 0, 0, times, 0, 0, 0, types, 0, 0, 0, characters]
    }
    let body: [UInt8] =
      [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0] + [0, 0, 14, 16, 0, 0]
      + Array("CET\u{0}".utf8)
    let file = header(0, 0, 0) + header(2, 1, 4) + body + Array("\nCET-1\n".utf8)
    let rules = try #require(TimeZoneRules(file))
    #expect(rules.stretch(at: 100).offsetSeconds == 3600)
    #expect(rules.abbreviation(at: -100) == "CET")
    for length in 0..<file.count { _ = TimeZoneRules(Array(file.prefix(length))) }
    for index in file.indices {
      for bit in 0..<8 {
        var broken = file
        broken[index] ^= 1 << UInt8(bit)
        guard let rules = TimeZoneRules(broken) else { continue }
        for seconds in [Int64.min, -1, 0, 5, Int64.max] { _ = rules.stretch(at: seconds) }
      }
    }
  }
}
