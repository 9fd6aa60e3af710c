import ApusPlanner
import ApusValues
import ApusVectors

/// `to_iso8601(x)`: `2013-01-05`, `2013-01-05T14:03:09.123`, `2013-01-05T14:03:09.123+01:00`.
enum ISO8601Text: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("to_iso8601(DATE '2024-02-29')", "2024-02-29"),
      FunctionExample(
        "to_iso8601(TIMESTAMP '2024-02-29 13:05:09.5 +01:00')",
        "2024-02-29T13:05:09.5+01:00"
      ),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .text(
      FunctionSignature(
        "to_iso8601",
        [.type(.date)],
        returns: .type(.varchar(length: 16)),
        summary: "Writes a date in ISO 8601."
      )
    ) { arguments in
      let dates = arguments[0].operand(as: Int32.self)
      return { row, heap throws(SQLError) -> StringView? in
        heap.store(CalendarDate(daysSinceEpoch: Int(dates[row])).description)
      }
    },
    ScalarOverload(
      .text("to_iso8601", [.anyTimestamp], "Writes a timestamp in ISO 8601.")
    ) { call throws(SQLError) in
      guard case .timestamp(let precision)? = call.function.parameterTypes.first else {
        throw .internal("to_iso8601 of no timestamp")
      }
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        if precision > 6 {
          let times = arguments[0].operand(as: Int128.self)
          return mapText(arguments, to: .text, rows: rows, range: range, errors: &errors) {
            (row: Int, heap: StringHeap) throws(SQLError) -> StringView? in
            heap.store(joined(Timestamp.format(picoseconds: times[row], precision: precision)))
          }
        }
        let times = arguments[0].bigints
        return mapText(arguments, to: .text, rows: rows, range: range, errors: &errors) {
          (row: Int, heap: StringHeap) throws(SQLError) -> StringView? in
          heap.store(joined(Timestamp.format(microseconds: times[row], precision: precision)))
        }
      }
    },
    ScalarOverload(
      .text("to_iso8601", [.anyZonedTimestamp], "Writes a timestamp with its offset in ISO 8601.")
    ) { call throws(SQLError) in
      guard case .timestampWithTimeZone(let precision)? = call.function.parameterTypes.first else {
        throw .internal("to_iso8601 of no timestamp")
      }
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let times = arguments[0].operand(as: Int128.self)
        var reader = TimeZoneReader()
        return mapText(arguments, to: .text, rows: rows, range: range, errors: &errors) {
          (row: Int, heap: StringHeap) throws(SQLError) -> StringView? in
          heap.store(try zoned(ZonedTime(packed: times[row]), precision, &reader))
        }
      }
    },
  ]

  /// `Z` for no offset at all.
  private static func zoned(_ time: ZonedTime, _ precision: Int, _ reader: inout TimeZoneReader)
    throws(SQLError) -> [UInt8]
  {
    let offset = reader.offset(of: time.zone, at: time.seconds)
    guard offset % 60 == 0 else {
      throw SQLError(
        .invalidArguments,
        "Timezone with non-zero seconds offset cannot be rendered as ISO8601: \(time.zone.name)"
      )
    }
    let local = Timestamp.format(picoseconds: time.local(&reader), precision: precision)
    let suffix = offset == 0 ? "Z" : TimeZoneKey.offsetText(Int(offset / 60))
    return joined(local) + suffix.utf8
  }

  /// Puts a T in place of the space.
  private static func joined(_ text: String) -> [UInt8] {
    text.utf8.map { $0 == UInt8(ascii: " ") ? UInt8(ascii: "T") : $0 }
  }
}
