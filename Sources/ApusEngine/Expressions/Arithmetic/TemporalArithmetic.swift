import ApusPlanner
import ApusValues
import ApusVectors

// Dates and times with intervals. An interval day to second is milliseconds, one of years to months
// is months; dates are days; timestamps and times are microseconds, timestamps of more than six
// digits picoseconds.

extension ArithmeticOperation {
  func temporalKernel() throws(SQLError) -> BinaryKernel {
    switch (left, op, right) {
    case (.date, .add, .intervalDayToSecond), (.date, .subtract, .intervalDayToSecond):
      return dateAndDuration(sign: op == .add ? 1 : -1)
    case (.date, .add, .intervalYearToMonth), (.date, .subtract, .intervalYearToMonth):
      return dateAndMonths(sign: op == .add ? 1 : -1)
    case (.timestamp, .add, .intervalDayToSecond), (.timestamp, .subtract, .intervalDayToSecond):
      return timestampAndDuration(sign: op == .add ? 1 : -1)
    case (.timestamp, .add, .intervalYearToMonth), (.timestamp, .subtract, .intervalYearToMonth):
      return timestampAndMonths(sign: op == .add ? 1 : -1)
    case (.time, .add, .intervalDayToSecond), (.time, .subtract, .intervalDayToSecond):
      return timeAndDuration(sign: op == .add ? 1 : -1)
    case (.intervalDayToSecond, .add, .date), (.intervalYearToMonth, .add, .date),
      (.intervalDayToSecond, .add, .timestamp), (.intervalYearToMonth, .add, .timestamp),
      (.intervalDayToSecond, .add, .time):
      let swapped = ArithmeticOperation(
        op: op,
        left: right,
        right: left,
        result: result,
        range: range
      )
      let kernel = try swapped.temporalKernel()
      return { left, right, rows, errors throws(SQLError) in
        try kernel(right, left, rows, &errors)
      }
    case (.date, .subtract, .date), (.timestamp, .subtract, .timestamp), (.time, .subtract, .time):
      return difference()
    case (.intervalDayToSecond, .add, .intervalDayToSecond),
      (.intervalDayToSecond, .subtract, .intervalDayToSecond):
      return integerKernel(Int64.self)
    case (.intervalYearToMonth, .add, .intervalYearToMonth),
      (.intervalYearToMonth, .subtract, .intervalYearToMonth):
      return integerKernel(Int32.self)
    case (.intervalDayToSecond, .multiply, _), (.intervalDayToSecond, .divide, _):
      return try scaled(Int64.self, isIntervalLeft: true)
    case (.intervalYearToMonth, .multiply, _), (.intervalYearToMonth, .divide, _):
      return try scaled(Int32.self, isIntervalLeft: true)
    case (_, .multiply, .intervalDayToSecond):
      return try scaled(Int64.self, isIntervalLeft: false)
    case (_, .multiply, .intervalYearToMonth):
      return try scaled(Int32.self, isIntervalLeft: false)
    default:
      throw unsupported
    }
  }

  /// A kernel that computes one row after the other.
  func rowKernel<Left, Right, Output>(
    _ compute: @escaping @Sendable (Left, Right) throws(SQLError) -> Output
  ) -> BinaryKernel {
    { left, right, rows, errors throws(SQLError) in
      let left = left.decoded
      let right = right.decoded
      defer { extendLifetime((left, right)) }
      let a = left.operand(as: Left.self)
      let b = right.operand(as: Right.self)
      return mapRows([left, right], to: result, rows: rows, range: range, errors: &errors) {
        (row: Int) throws(SQLError) -> Output? in try compute(a[row], b[row])
      }
    }
  }

  var outOfRange: SQLError {
    SQLError(.numericValueOutOfRange, "\(result) out of range", at: range)
  }

  private func dateAndDuration(sign: Int64) -> BinaryKernel {
    let verb = sign > 0 ? "add" : "subtract"
    let place = sign > 0 ? "to" : "from"
    return rowKernel { (days: Int32, milliseconds: Int64) throws(SQLError) -> Int32 in
      guard milliseconds % 86_400_000 == 0 else {
        throw SQLError(
          .invalidFunctionArgument,
          "Cannot \(verb) hour, minutes or seconds \(place) a date",
          at: range
        )
      }
      guard let sum = Int32(exactly: Int64(days) + sign * (milliseconds / 86_400_000)) else {
        throw outOfRange
      }
      return sum
    }
  }

  private func dateAndMonths(sign: Int) -> BinaryKernel {
    rowKernel { (days: Int32, months: Int32) throws(SQLError) -> Int32 in
      let date = CalendarDate(daysSinceEpoch: Int(days)).addingMonths(sign * Int(months))
      guard let sum = Int32(exactly: date.daysSinceEpoch) else { throw outOfRange }
      return sum
    }
  }

  private func timestampAndDuration(sign: Int64) -> BinaryKernel {
    if left.physicalType == .int128 {
      return rowKernel { (picoseconds: Int128, milliseconds: Int64) throws(SQLError) -> Int128 in
        picoseconds + Int128(sign) * Int128(milliseconds) * 1_000_000_000
      }
    }
    return rowKernel { (microseconds: Int64, milliseconds: Int64) throws(SQLError) -> Int64 in
      let (change, changeOverflow) = milliseconds.multipliedReportingOverflow(by: sign * 1000)
      let (sum, overflow) = microseconds.addingReportingOverflow(change)
      if changeOverflow || overflow { throw outOfRange }
      return sum
    }
  }

  private func timestampAndMonths(sign: Int) -> BinaryKernel {
    if left.physicalType == .int128 {
      return rowKernel { (picoseconds: Int128, months: Int32) throws(SQLError) -> Int128 in
        let (day, time) = floorDivide(picoseconds, Timestamp.picosecondsPerDay)
        let date = CalendarDate(daysSinceEpoch: Int(day)).addingMonths(sign * Int(months))
        return Int128(date.daysSinceEpoch) * Timestamp.picosecondsPerDay + time
      }
    }
    return rowKernel { (microseconds: Int64, months: Int32) throws(SQLError) -> Int64 in
      guard let sum = addMonths(sign * Int(months), toMicroseconds: microseconds) else {
        throw outOfRange
      }
      return sum
    }
  }

  private func timeAndDuration(sign: Int64) -> BinaryKernel {
    if left.physicalType == .int128 {
      return rowKernel { (picoseconds: Int128, milliseconds: Int64) throws(SQLError) -> Int128 in
        let change = Int128(milliseconds) * Int128(sign) * 1_000_000_000
        return floorDivide(picoseconds + change, Timestamp.picosecondsPerDay).remainder
      }
    }
    return rowKernel { (microseconds: Int64, milliseconds: Int64) throws(SQLError) -> Int64 in
      let change = milliseconds % 86_400_000 * 1000 * sign
      return floorDivide(microseconds + change, Timestamp.microsecondsPerDay).remainder
    }
  }

  private func difference() -> BinaryKernel {
    switch left.physicalType {
    case .int32:
      return rowKernel { (a: Int32, b: Int32) throws(SQLError) -> Int64 in
        (Int64(a) - Int64(b)) * 86_400_000
      }
    case .int128:
      return rowKernel { (a: Int128, b: Int128) throws(SQLError) -> Int64 in
        guard let milliseconds = Int64(exactly: floorDivide(a - b + 500_000_000, 1_000_000_000).0)
        else { throw outOfRange }
        return milliseconds
      }
    default:
      return rowKernel { (a: Int64, b: Int64) throws(SQLError) -> Int64 in
        let (microseconds, overflow) = a.subtractingReportingOverflow(b)
        if overflow { throw outOfRange }
        let (milliseconds, rest) = floorDivide(microseconds, 1000)
        return rest >= 500 ? milliseconds + 1 : milliseconds
      }
    }
  }

  /// An interval times or divided by an integer or a double.
  private func scaled<Interval: FixedWidthInteger & SignedInteger & Sendable>(
    _ interval: Interval.Type,
    isIntervalLeft: Bool
  ) throws(SQLError) -> BinaryKernel {
    let number = isIntervalLeft ? right : left
    let isDivision = op == .divide
    let multiplyInteger: @Sendable (Interval, Int64) throws(SQLError) -> Interval = {
      value,
      factor throws(SQLError) in
      if isDivision {
        if factor == 0 { throw divisionByZero }
        return Interval(exactly: Int128(value) / Int128(factor)) ?? value
      }
      guard let product = Interval(exactly: Int128(value) * Int128(factor)) else {
        throw outOfRange
      }
      return product
    }
    let multiplyDouble: @Sendable (Interval, Double) throws(SQLError) -> Interval = {
      value,
      factor throws(SQLError) in
      let product = isDivision ? Double(value) / factor : Double(value) * factor
      guard let result = Interval(exactly: product.rounded(.towardZero)) else { throw outOfRange }
      return result
    }
    switch number.physicalType {
    case .int64 where number == .bigint:
      return isIntervalLeft
        ? rowKernel { (a: Interval, b: Int64) throws(SQLError) in try multiplyInteger(a, b) }
        : rowKernel { (a: Int64, b: Interval) throws(SQLError) in try multiplyInteger(b, a) }
    case .int32 where number == .integer:
      return isIntervalLeft
        ? rowKernel { (a: Interval, b: Int32) throws(SQLError) in try multiplyInteger(a, Int64(b)) }
        : rowKernel { (a: Int32, b: Interval) throws(SQLError) in try multiplyInteger(b, Int64(a)) }
    case .float64:
      return isIntervalLeft
        ? rowKernel { (a: Interval, b: Double) throws(SQLError) in try multiplyDouble(a, b) }
        : rowKernel { (a: Double, b: Interval) throws(SQLError) in try multiplyDouble(b, a) }
    default:
      throw unsupported
    }
  }
}

/// Adds months to a timestamp, keeping the day of the month where there is one; nil on overflow.
func addMonths(_ months: Int, toMicroseconds microseconds: Int64) -> Int64? {
  let (day, time) = floorDivide(microseconds, Timestamp.microsecondsPerDay)
  let date = CalendarDate(daysSinceEpoch: Int(day)).addingMonths(months)
  let (start, overflow) = Int64(date.daysSinceEpoch).multipliedReportingOverflow(
    by: Timestamp.microsecondsPerDay
  )
  let (sum, sumOverflow) = start.addingReportingOverflow(time)
  return overflow || sumOverflow ? nil : sum
}
