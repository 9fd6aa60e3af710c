import ApusPlanner
import ApusValues
import ApusVectors

/// `sequence(start, stop[, step])`: integers, or dates and timestamps by intervals; at most 10,000
/// values.
enum SequenceFunction: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("sequence(1, 9, 3)", "[1, 4, 7]"),
      FunctionExample("sequence(3, 1)", "[3, 2, 1]"),
      FunctionExample(
        "sequence(DATE '2024-01-31', DATE '2024-04-01', INTERVAL '1' MONTH)",
        "[2024-01-31, 2024-02-29, 2024-03-31]"
      ),
    ]
  }

  private static let greatestCount = 10_000

  static let overloads: [ScalarOverload] = [
    integers(hasStep: false), integers(hasStep: true), dates(step: nil),
    dates(step: .intervalDayToSecond), dates(step: .intervalYearToMonth),
    timestamps(step: .intervalDayToSecond), timestamps(step: .intervalYearToMonth),
  ]

  private static let summary =
    "Returns the values from one to another, both included, in steps of 1 (or a day) or as given."

  private static func integers(hasStep: Bool) -> ScalarOverload {
    let types: [SQLType] = hasStep ? [.bigint, .bigint, .bigint] : [.bigint, .bigint]
    return make(types.map { .type($0) }, returns: .type(.array(.bigint))) { arguments, _ in
      let (starts, stops) = (arguments[0].bigints, arguments[1].bigints)
      let steps = hasStep ? arguments[2].bigints : nil
      return { row, output throws(SQLError) in
        let (start, stop) = (starts[row], stops[row])
        let step = steps?[row] ?? (start <= stop ? 1 : -1)
        try fill(start, stop, step: step, &output)
      }
    }
  }

  private static func dates(step: SQLType?) -> ScalarOverload {
    let types: [SQLType] = [.date, .date] + (step.map { [$0] } ?? [])
    return make(types.map { .type($0) }, returns: .type(.array(.date))) { arguments, _ in
      let starts = arguments[0].operand(as: Int32.self)
      let stops = arguments[1].operand(as: Int32.self)
      switch step {
      case .intervalYearToMonth?:
        let steps = arguments[2].operand(as: Int32.self)
        return { row, output throws(SQLError) in
          let first = CalendarDate(daysSinceEpoch: Int(starts[row]))
          let (stop, months) = (Int64(stops[row]), Int64(steps[row]))
          try checkDirection(Int64(starts[row]), stop, step: months)
          var count: Int64 = 0
          while true {
            let day = Int64(first.addingMonths(Int(count * months)).daysSinceEpoch)
            if months > 0 ? day > stop : day < stop { break }
            guard count < greatestCount else { throw tooMany() }
            output.append(day)
            count += 1
          }
        }
      case .intervalDayToSecond?:
        let steps = arguments[2].bigints
        return { row, output throws(SQLError) in
          guard steps[row] % 86_400_000 == 0 else {
            throw invalidArgument(
              "sequence step must be a day interval if start and end values are dates"
            )
          }
          let step = steps[row] / 86_400_000
          try fill(Int64(starts[row]), Int64(stops[row]), step: step, &output)
        }
      default:
        return { row, output throws(SQLError) in
          let (start, stop) = (Int64(starts[row]), Int64(stops[row]))
          try fill(start, stop, step: start <= stop ? 1 : -1, &output)
        }
      }
    }
  }

  /// Microseconds step; what a timestamp of more digits has beyond them stays the start's.
  private static func timestamps(step: SQLType) -> ScalarOverload {
    make(
      [.anyTimestamp, .anyTimestamp, .type(step)],
      returns: .computed { .array($0[0]) },
      rests: { vector in
        guard vector.type.physicalType == .int128 else { return { _ in 0 } }
        let starts = vector.operand(as: Int128.self)
        return { row in floorDivide(starts[row], 1_000_000).remainder }
      }
    ) { arguments, rows in
      let starts = arguments[0].microseconds(rows)
      let stops = arguments[1].microseconds(rows)
      if step == .intervalYearToMonth {
        let steps = arguments[2].operand(as: Int32.self)
        return { row, output throws(SQLError) in
          let (start, stop) = (starts.bigints[row], stops.bigints[row])
          let months = Int64(steps[row])
          try checkDirection(start, stop, step: months)
          var count: Int64 = 0
          while let next = addMonths(Int(count * months), toMicroseconds: start),
            months > 0 ? next <= stop : next >= stop
          {
            guard count < greatestCount else { throw tooMany() }
            output.append(next)
            count += 1
          }
        }
      }
      let steps = arguments[2].bigints
      return { row, output throws(SQLError) in
        let (step, overflow) = steps[row].multipliedReportingOverflow(by: 1000)
        if overflow { throw invalidArgument("sequence step is too long") }
        try fill(starts.bigints[row], stops.bigints[row], step: step, &output)
      }
    }
  }

  /// Appends the values of one row; what it throws is the row's error.
  private typealias Fill = (_ row: Int, _ output: inout [Int64]) throws(SQLError) -> Void

  /// - Parameter rests: for the starts of a batch what gives the picoseconds to add in a row.
  private static func make(
    _ parameters: [FunctionSignature.Parameter],
    returns result: FunctionSignature.Result,
    rests: @escaping @Sendable (ColumnVector) -> (Int) -> Int128 = { _ in { _ in 0 } },
    _ makeFill: @escaping @Sendable ([ColumnVector], Selection) -> Fill
  ) -> ScalarOverload {
    ScalarOverload(
      FunctionSignature("sequence", parameters, returns: result, summary: summary)
    ) { call throws(SQLError) in
      let type = call.function.returnType
      guard case .array(let element) = type else { throw .internal("sequence of no array") }
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let fill = makeFill(arguments, rows)
        let rest = rests(arguments[0])
        var values: [Int64] = []
        var ends = [Int32](repeating: 0, count: rows.rowCount)
        var isValid = [UInt8](repeating: 0, count: rows.rowCount)
        rows.visit { row in isValid[row] = arguments.contains { $0.isNull(row) } ? 0 : 1 }
        for row in 0..<rows.rowCount {
          if isValid[row] != 0 {
            let before = values.count
            do throws(SQLError) {
              try fill(row, &values)
            } catch {
              values.removeLast(values.count - before)
              errors.record(error.located(at: range), row: row)
              isValid[row] = 0
            }
          }
          ends[row] = Int32(truncatingIfNeeded: values.count)
        }
        let builder = VectorBuilder(type: element, capacity: values.count)
        var start = 0
        for row in 0..<rows.rowCount {
          let rest = isValid[row] != 0 ? rest(row) : 0
          for position in start..<Int(ends[row]) {
            builder.set(
              position,
              element.physicalType == .int128
                ? .wide(Int128(values[position]) * 1_000_000 + rest) : .integer(values[position])
            )
          }
          start = Int(ends[row])
        }
        let parts = ArrayElements(ends: ends, elements: builder.finish(count: values.count))
        return .arrays(parts, type: type, validity: isValid)
      }
    }
  }

  private static func checkDirection(_ start: Int64, _ stop: Int64, step: Int64) throws(SQLError) {
    guard step != 0 else { throw invalidArgument("step must not be zero") }
    guard step > 0 ? stop >= start : stop <= start else {
      throw invalidArgument(
        "sequence stop value should be greater than or equal to start value if step is greater than "
          + "zero otherwise stop should be less than or equal to start"
      )
    }
  }

  private static func tooMany() -> SQLError {
    invalidArgument("result of sequence function must not have more than 10000 entries")
  }

  private static func fill(
    _ start: Int64,
    _ stop: Int64,
    step: Int64,
    _ output: inout [Int64]
  ) throws(SQLError) {
    try checkDirection(start, stop, step: step)
    let distance = Int128(widening: stop) - Int128(widening: start)
    let count = distance / Int128(widening: step) + 1
    guard count <= greatestCount else { throw tooMany() }
    // The product alone may be out of range where the sum is not.
    for index in 0..<Int64(count) { output.append(start &+ index &* step) }
  }
}
