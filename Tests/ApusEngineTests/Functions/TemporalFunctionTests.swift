import ApusPlanner
import ApusValues
import Testing

@testable import ApusEngine

@Suite struct TemporalFunctionTests {
  @Test func fields() throws {
    let day = date("2013-12-30")
    for (name, expected) in [
      ("year", "2013"), ("quarter", "4"), ("month", "12"), ("week", "1"), ("week_of_year", "1"),
      ("day", "30"), ("day_of_month", "30"), ("day_of_week", "1"), ("dow", "1"),
      ("day_of_year", "364"), ("doy", "364"), ("year_of_week", "2014"), ("yow", "2014"),
    ] {
      try expect(name, day, gives: expected)
      try expect(name, timestamp("2013-12-30 23:59:59.999"), gives: expected)
      try expect(name, timestamp("2013-12-30 23:59:59.999999999", 9), gives: expected)
    }
    let time = timestamp("1969-12-31 21:07:08.009")
    try expect("hour", time, gives: "21")
    try expect("minute", time, gives: "7")
    try expect("second", time, gives: "8")
    try expect("millisecond", time, gives: "9")
    try expect("year", date("-0001-03-01"), gives: "-1")
    try expect("week", date("2021-01-03"), gives: "53")
    try expect("day_of_week", date("2021-01-03"), gives: "7")
    let interval = literal(.integer(90_061_001), .intervalDayToSecond)
    try expect("day", interval, gives: "1")
    try expect("hour", interval, gives: "1")
    try expect("second", interval, gives: "1")
    try expect("year", literal(.integer(18), .intervalYearToMonth), gives: "1")
    try expect("last_day_of_month", date("2012-02-03"), gives: "2012-02-29")
    try expect("date", text("2012-02-03"), gives: "2012-02-03")
    try expect("date", timestamp("2012-02-03 05:00:00"), gives: "2012-02-03")
    try expect("to_unixtime", timestamp("1970-01-02 00:00:00.5"), gives: "86400.5")
  }

  @Test func truncation() throws {
    let time = timestamp("2013-08-15 13:14:15.678")
    for (unit, expected) in [
      ("second", "2013-08-15 13:14:15.000"), ("MINUTE", "2013-08-15 13:14:00.000"),
      ("hour", "2013-08-15 13:00:00.000"), ("day", "2013-08-15 00:00:00.000"),
      ("week", "2013-08-12 00:00:00.000"), ("month", "2013-08-01 00:00:00.000"),
      ("quarter", "2013-07-01 00:00:00.000"), ("year", "2013-01-01 00:00:00.000"),
    ] {
      try expect("date_trunc", text(unit), time, gives: expected)
    }
    try expect("date_trunc", text("month"), date("2013-08-15"), gives: "2013-08-01")
    try expect(
      "date_trunc",
      text("hour"),
      timestamp("1969-12-31 23:30:00"),
      gives: "1969-12-31 23:00:00.000"
    )
    try expect(
      "date_trunc",
      text("hour"),
      date("2013-08-15"),
      gives: "INVALID_FUNCTION_ARGUMENT: 'hour' is not a valid DATE field"
    )
    try expect(
      "date_trunc",
      text("foo"),
      time,
      gives: "INVALID_FUNCTION_ARGUMENT: 'foo' is not a valid Timestamp field"
    )
  }

  @Test func additionAndDifference() throws {
    try expect("date_add", text("day"), bigint(-1), date("2013-03-01"), gives: "2013-02-28")
    try expect("date_add", text("month"), bigint(1), date("2013-01-31"), gives: "2013-02-28")
    try expect("date_add", text("week"), bigint(2), date("2013-01-31"), gives: "2013-02-14")
    try expect(
      "date_add",
      text("quarter"),
      bigint(1),
      timestamp("2013-11-30 01:02:03"),
      gives: "2014-02-28 01:02:03.000"
    )
    try expect(
      "date_add",
      text("hour"),
      bigint(-2),
      timestamp("1970-01-01 01:02:03.123456789", 9),
      gives: "1969-12-31 23:02:03.123456789"
    )
    let cases = [
      ("day", "2013-03-01", "2013-04-01", "31"), ("week", "2013-03-01", "2013-03-14", "1"),
      ("month", "2013-01-31", "2013-02-28", "1"), ("month", "2013-01-31", "2013-02-27", "0"),
      ("month", "2013-03-31", "2013-01-31", "-2"), ("quarter", "2013-01-01", "2013-12-31", "3"),
      ("year", "2012-02-29", "2013-02-28", "1"), ("year", "2013-02-28", "2012-02-29", "-1"),
      ("day", "1969-12-31", "1970-01-01", "1"),
    ]
    for (unit, from, to, expected) in cases {
      try expect("date_diff", text(unit), date(from), date(to), gives: expected)
    }
    try expect(
      "date_diff",
      text("hour"),
      timestamp("2013-01-01 00:30:00"),
      timestamp("2013-01-01 03:29:59"),
      gives: "2"
    )
    try expect(
      "date_diff",
      text("month"),
      timestamp("2013-01-15 12:00:00"),
      timestamp("2013-02-15 11:59:59"),
      gives: "0"
    )
  }

  @Test func formats() throws {
    let time = timestamp("2013-01-05 14:03:09.123")
    for (format, expected) in [
      ("%Y-%m-%d", "2013-01-05"), ("%a %b %c %e %M %W", "Sat Jan 1 5 January Saturday"),
      ("%H:%i:%s.%f", "14:03:09.123000"), ("%h %I %l %k %p", "02 02 2 14 PM"),
      ("%r|%T|%y|%j|%v|%x", "02:03:09 PM|14:03:09|13|005|01|2013"), ("100%% %Qü", "100% Qü"),
    ] {
      try expect("date_format", time, text(format), gives: expected)
    }
    try expect(
      "date_format",
      time,
      text("%w"),
      gives: "INVALID_FUNCTION_ARGUMENT: %w not supported in date format string"
    )
    for (value, format, expected) in [
      ("2013-01-05", "%Y-%m-%d", "2013-01-05 00:00:00.000"),
      ("5/1/2013 2:03 PM", "%e/%c/%Y %l:%i %p", "2013-01-05 14:03:00.000"),
      ("Jan 05 13", "%b %d %y", "2013-01-05 00:00:00.000"),
      ("14:03:09.5", "%H:%i:%s.%f", "1970-01-01 14:03:09.500"),
      ("2013 036", "%Y %j", "2013-02-05 00:00:00.000"),
      ("2013-W02", "%x-W%v", "2013-01-07 00:00:00.000"),
      ("20130105", "%Y%m%d", "2013-01-05 00:00:00.000"),
    ] {
      try expect("date_parse", text(value), text(format), gives: expected)
    }
    try expect(
      "date_parse",
      text("2013-13-05"),
      text("%Y-%m-%d"),
      gives: "INVALID_FUNCTION_ARGUMENT: Invalid format: \"2013-13-05\" is malformed at \"13-05\""
    )
    try expect(
      "date_parse",
      text("2013-01-05x"),
      text("%Y-%m-%d"),
      gives: "INVALID_FUNCTION_ARGUMENT: Invalid format: \"2013-01-05x\" is malformed at \"x\""
    )
  }

  @Test func isoDatesAndNow() throws {
    for (value, expected) in [
      ("2020-05-11", "2020-05-11"), ("2020-05", "2020-05-01"), ("2020", "2020-01-01"),
      ("2020-W10", "2020-03-02"), ("2020-W10-3", "2020-03-04"), ("2020-123", "2020-05-02"),
      ("2020-13-01", "INVALID_FUNCTION_ARGUMENT: Invalid format: \"2020-13-01\""),
    ] {
      try expect("from_iso8601_date", text(value), gives: expected)
    }
    try expect("current_date", gives: "2023-11-14")
    try expect("now", gives: "2023-11-14 22:13:20.000 UTC")
    try expect("current_user", gives: "tester")
  }

  @Test func everyEncodingGivesTheSame() throws {
    var generator = SeededGenerator(seed: 44)
    let types: [SQLType] = [.date, .timestamp(precision: 3), .timestamp(precision: 9)]
    for type in types {
      let values = randomValues(of: type, count: 40, using: &generator)
      let others = randomValues(of: type, count: 40, using: &generator)
      for name in ["year", "week", "day_of_year", "last_day_of_month"] {
        let expression = try call(name, column(0, type))
        try expectSameInEveryEncoding(expression, [(values, type)], library: .standard)
      }
      let truncated = try call("date_trunc", text("month"), column(0, type))
      try expectSameInEveryEncoding(truncated, [(values, type)], library: .standard)
      let added = try call("date_add", text("day"), bigint(5), column(0, type))
      try expectSameInEveryEncoding(added, [(values, type)], library: .standard)
      let difference = try call("date_diff", text("week"), column(0, type), column(1, type))
      try expectSameInEveryEncoding(
        difference,
        [(values, type), (others, type)],
        library: .standard
      )
    }
  }
}
