import ApusPlanner
import ApusValues
import ApusVectors

/// `format_datetime(timestamp, format)`, in Joda's letters.
enum FormatDateTime: ScalarFunction {
  static let overloads: [ScalarOverload] = [
    ScalarOverload(
      .text(
        "format_datetime",
        [.anyTimestamp, .anyVarchar],
        "Writes a timestamp as a pattern of Joda says."
      )
    ) { call throws(SQLError) in
      let isWide = call.function.parameterTypes.first?.physicalType == .int128
      let range = call.range
      // A pattern that is the same for all rows is read once; an error of it is each row's.
      let constant: JodaFormat? =
        if case .text(let text)? = call.constants[1] { try? JodaFormat(text) } else { nil }
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let narrow: ColumnVector =
          isWide
          ? mapUnary(arguments[0], to: .bigint, rows: rows) { (picoseconds: Int128) in
            Int64(truncatingIfNeeded: floorDivide(picoseconds, 1_000_000).quotient)
          } : arguments[0]
        defer { extendLifetime(narrow) }
        let times = narrow.bigints
        let formats = arguments[1].texts
        let operands = [narrow, arguments[1]]
        return mapText(operands, to: .text, rows: rows, range: range, errors: &errors) {
          (row: Int, heap: StringHeap) throws(SQLError) -> StringView? in
          let (days, time) = floorDivide(times[row], Timestamp.microsecondsPerDay)
          let format: JodaFormat
          if let constant {
            format = constant
          } else {
            format = try JodaFormat(formats[row].string)
          }
          return heap.store(format.write(days: Int(days), microseconds: time))
        }
      }
    }
  ]
}
