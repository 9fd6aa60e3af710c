import ApusPlanner
import ApusValues
import ApusVectors

/// `format_datetime(timestamp, format)`, in Joda's letters.
enum FormatDateTime: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        "format_datetime(TIMESTAMP '2024-02-29 13:05:09', 'EEE, d MMM yyyy, h:mm a')",
        "Thu, 29 Feb 2024, 1:05 PM"
      )
    ]
  }

  static let overloads: [ScalarOverload] = [
    overload(.anyTimestamp) { vector, rows in
      let wide = vector.picoseconds(rows)
      return { row, format in
        let (days, time) = split(wide.operand(as: Int128.self)[row])
        return format.write(days: days, microseconds: time)
      }
    },
    overload(.anyZonedTimestamp) { vector, rows in
      var reader = TimeZoneReader()
      return { row, format in
        let time = ZonedTime(packed: vector.operand(as: Int128.self)[row])
        let (days, timeOfDay) = split(time.local(&reader))
        let zone = JodaFormat.Zone(
          key: time.zone,
          offsetSeconds: reader.offset(of: time.zone, at: time.seconds),
          abbreviation: time.zone.abbreviation(at: time.seconds)
        )
        return format.write(days: days, microseconds: timeOfDay, zone: zone)
      }
    },
  ]

  /// - Parameter write: gives what writes a row, for the timestamps of a batch.
  private static func overload(
    _ parameter: FunctionSignature.Parameter,
    _ write: @escaping @Sendable (ColumnVector, Selection) -> (Int, JodaFormat) -> String
  ) -> ScalarOverload {
    ScalarOverload(
      .text(
        "format_datetime",
        [parameter, .anyVarchar],
        "Writes a timestamp as a pattern of Joda says, such as yyyy-MM-dd HH:mm."
      )
    ) { call throws(SQLError) in
      let range = call.range
      let hasZone = parameter == .anyZonedTimestamp
      // A pattern that is the same for all rows is read once; an error of it is each row's.
      let constant: JodaFormat? =
        if case .text(let text)? = call.constants[1] {
          try? JodaFormat(text, hasZone: hasZone)
        } else {
          nil
        }
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let writeRow = write(arguments[0], rows)
        let formats = arguments[1].texts
        return mapText(arguments, to: .text, rows: rows, range: range, errors: &errors) {
          (row: Int, heap: StringHeap) throws(SQLError) -> StringView? in
          let format: JodaFormat
          if let constant {
            format = constant
          } else {
            format = try JodaFormat(formats[row].string, hasZone: hasZone)
          }
          return heap.store(writeRow(row, format))
        }
      }
    }
  }

  /// Days since 1970 and microseconds of the day.
  private static func split(_ picoseconds: Int128) -> (days: Int, microseconds: Int64) {
    let (days, time) = floorDivide(picoseconds, Timestamp.picosecondsPerDay)
    return (Int(truncatingIfNeeded: days), Int64(truncatingIfNeeded: time / 1_000_000))
  }
}
