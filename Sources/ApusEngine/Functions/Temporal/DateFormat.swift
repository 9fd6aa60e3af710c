import ApusPlanner
import ApusValues
import ApusVectors

/// `date_format(timestamp, format)`, `date_parse(text, format)`, in MySQL's letters.
enum DateFormat: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        "date_format(TIMESTAMP '2024-02-29 13:05:09', '%Y-%m-%d %H:%i')",
        "2024-02-29 13:05"
      ),
      FunctionExample("date_format(DATE '2024-02-29', '%W, %e %M')", "Thursday, 29 February"),
      FunctionExample(
        "date_parse('29/02/2024 13:05', '%d/%m/%Y %H:%i')",
        "2024-02-29 13:05:00.000"
      ),
    ]
  }

  static let overloads: [ScalarOverload] = [
    formatted,
    formatted.ofLocalTime(at: 0, .anyZonedTimestamp),
    ScalarOverload(
      FunctionSignature(
        "date_parse",
        [.anyVarchar, .anyVarchar],
        returns: .type(.timestamp(precision: 3)),
        summary: "Reads a timestamp as a MySQL format says, such as %Y-%m-%d %H:%i."
      )
    ) { call throws(SQLError) in
      let formatOf = try formatReader(call)
      let range = call.range
      let type = call.function.returnType
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let texts = arguments[0].texts
        let formats = arguments[1].texts
        return mapRows(arguments, to: type, rows: rows, range: range, errors: &errors) {
          (row: Int) throws(SQLError) -> Int64? in
          let microseconds = try formatOf(formats, row).read(texts[row].string)
          return microseconds - floorDivide(microseconds, 1000).remainder
        }
      }
    },
  ]

  private static var formatted: ScalarOverload {
    ScalarOverload(
      .text(
        "date_format",
        [.anyTimestamp, .anyVarchar],
        "Writes a timestamp as a MySQL format says, such as %Y-%m-%d %H:%i."
      )
    ) { call throws(SQLError) in
      let formatOf = try formatReader(call)
      let isWide = call.function.parameterTypes.first?.physicalType == .int128
      let range = call.range
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
          let format = try formatOf(formats, row)
          return heap.store(format.write(days: Int(days), microseconds: time))
        }
      }
    }
  }

  /// Returns what reads the format of a row; a constant one is read, and refused, right away.
  private static func formatReader(_ call: ScalarCall) throws(SQLError)
    -> @Sendable (
      KernelOperand<StringView>, Int
    ) throws(SQLError) -> MySQLFormat
  {
    if case .text(let text)? = call.constants[1] {
      let format = try MySQLFormat(text)
      return { _, _ throws(SQLError) in format }
    }
    return { formats, row throws(SQLError) in try MySQLFormat(formats[row].string) }
  }
}
