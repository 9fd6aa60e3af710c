import ApusPlanner
import ApusValues
import ApusVectors

/// `parse_duration(text)`, `human_readable_seconds(x)`, `to_milliseconds(interval)`.
enum Durations: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("human_readable_seconds(3762)", "1 hour, 2 minutes, 42 seconds"),
      FunctionExample("parse_duration('42.8ms')", "0 00:00:00.043"),
      FunctionExample("to_milliseconds(INTERVAL '2' MINUTE)", "120000"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .rows(
      FunctionSignature(
        "parse_duration",
        [.anyVarchar],
        returns: .type(.intervalDayToSecond),
        summary: "Reads an interval such as 42.8ms or 3d."
      )
    ) { arguments in
      let text = arguments[0].texts
      return { row throws(SQLError) -> Int64? in try parse(text[row].string) }
    },
    .unary(
      .bigint(
        "to_milliseconds",
        [.type(.intervalDayToSecond)],
        "Returns the milliseconds of an interval."
      )
    ) { (milliseconds: Int64) in milliseconds },
    .text(
      .text(
        "human_readable_seconds",
        [.type(.double)],
        "Writes seconds as weeks, days, hours, minutes and seconds."
      )
    ) { arguments in
      let seconds = arguments[0].doubles
      return { row, heap throws(SQLError) -> StringView? in
        heap.store(try write(seconds[row]))
      }
    },
  ]

  private static let milliseconds: [(unit: String, factor: Double)] = [
    ("ns", 0.000001), ("us", 0.001), ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000),
    ("d", 86_400_000),
  ]

  /// Reads `number unit`, with spaces around and between.
  private static func parse(_ text: String) throws(SQLError) -> Int64 {
    var bytes = Array(text.utf8)[...]
    while bytes.first == UInt8(ascii: " ") { bytes.removeFirst() }
    while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
    let digits = bytes.prefix {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".")
    }
    let unit = String(
      decoding: bytes[digits.endIndex...].drop { $0 == UInt8(ascii: " ") },
      as: UTF8.self
    )
    let isWhole = digits.first != UInt8(ascii: ".") && digits.last != UInt8(ascii: ".")
    guard isWhole, let number = Double(String(decoding: digits, as: UTF8.self)),
      !unit.isEmpty, unit.utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "z")).contains($0) })
    else {
      throw invalidArgument("duration is not a valid data duration string: \(text)")
    }
    guard let factor = milliseconds.first(where: { $0.unit == unit })?.factor else {
      throw invalidArgument("Unknown time unit: \(unit)")
    }
    let value = (number * factor + 0.5).rounded(.down)
    guard let result = Int64(exactly: value) else {
      throw invalidArgument("duration is too large: \(text)")
    }
    return result
  }

  private static let secondUnits: [(name: String, seconds: Int64)] = [
    ("week", 604_800), ("day", 86_400), ("hour", 3600), ("minute", 60),
  ]

  private static func write(_ value: Double) throws(SQLError) -> String {
    guard value.isFinite, let seconds = Int64(exactly: value.magnitude.rounded()) else {
      throw invalidArgument("Invalid argument found: \(value)")
    }
    var rest = seconds
    var parts: [String] = []
    for unit in secondUnits {
      let (count, remainder) = rest.quotientAndRemainder(dividingBy: unit.seconds)
      if count > 0 { parts.append("\(count) \(unit.name)\(count == 1 ? "" : "s")") }
      rest = remainder
    }
    if rest > 0 || parts.isEmpty { parts.append("\(rest) second\(rest == 1 ? "" : "s")") }
    return parts.joined(separator: ", ")
  }
}
