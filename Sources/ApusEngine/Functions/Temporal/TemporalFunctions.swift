/// Functions of dates and times.
enum TemporalFunctions {
  static let all: [any ScalarFunction.Type] = [
    CurrentTime.self,
    CurrentTimeZone.self,
    DateAdd.self,
    DateConversion.self,
    DateDiff.self,
    DateFields.self,
    DateFormat.self,
    DateTrunc.self,
    Durations.self,
    FormatDateTime.self,
    Instant.self,
    ISO8601Date.self,
    ISO8601Timestamp.self,
    ISO8601Text.self,
    LastDayOfMonth.self,
    ParseDateTime.self,
    TeradataTime.self,
    TimeFields.self,
    TimeZones.self,
    UnixTime.self,
  ]
}
