import ApusPlanner
import ApusValues
import ApusVectors

// Times with time zone and intervals: days to seconds move the point in time, months the date that
// the zone's calendar shows.

extension ArithmeticOperation {
  func zonedKernel() throws(SQLError) -> BinaryKernel {
    let sign: Int128 = op == .subtract ? -1 : 1
    switch (left, right) {
    case (.timestampWithTimeZone, .intervalDayToSecond):
      return rowKernel { (packed: Int128, milliseconds: Int64) throws(SQLError) -> Int128 in
        var time = ZonedTime(packed: packed)
        time.picoseconds += sign * Int128(milliseconds) * 1_000_000_000
        return time.packed
      }
    case (.timestampWithTimeZone, .intervalYearToMonth):
      return { left, right, rows, errors throws(SQLError) in
        let left = left.decoded
        let right = right.decoded
        defer { extendLifetime((left, right)) }
        let times = left.operand(as: Int128.self)
        let months = right.operand(as: Int32.self)
        var reader = TimeZoneReader()
        return mapRows([left, right], to: result, rows: rows, range: range, errors: &errors) {
          (row: Int) throws(SQLError) -> Int128? in
          ZonedTime(packed: times[row]).addingMonths(Int(sign) * Int(months[row]), &reader).packed
        }
      }
    case (.timeWithTimeZone, .intervalDayToSecond):
      return rowKernel { (packed: Int128, milliseconds: Int64) throws(SQLError) -> Int128 in
        var time = ZonedTime(packed: packed)
        let moved = time.picoseconds + sign * Int128(milliseconds) * 1_000_000_000
        time.picoseconds = floorDivide(moved, Timestamp.picosecondsPerDay).remainder
        return time.packed
      }
    case (.intervalDayToSecond, _), (.intervalYearToMonth, _):
      let swapped = ArithmeticOperation(
        op: op,
        left: right,
        right: left,
        result: result,
        range: range
      )
      let kernel = try swapped.zonedKernel()
      return { left, right, rows, errors throws(SQLError) in
        try kernel(right, left, rows, &errors)
      }
    default:
      throw unsupported
    }
  }

  /// The time between two points in time, in milliseconds.
  func zonedDifference() -> BinaryKernel {
    rowKernel { (a: Int128, b: Int128) throws(SQLError) -> Int64 in
      let distance = ZonedTime(packed: a).picoseconds - ZonedTime(packed: b).picoseconds
      let rounded = floorDivide(distance + 500_000_000, 1_000_000_000).quotient
      guard let milliseconds = Int64(exactly: rounded) else { throw outOfRange }
      return milliseconds
    }
  }
}

extension ZonedTime {
  /// The time with so many months added to the date that the zone's clocks show.
  func addingMonths(_ months: Int, _ reader: inout TimeZoneReader) -> ZonedTime {
    let offset = reader.offset(of: zone, at: seconds)
    let (day, time) = floorDivide(local(&reader), Timestamp.picosecondsPerDay)
    let date = CalendarDate(daysSinceEpoch: Int(day)).addingMonths(months)
    let local = Int128(date.daysSinceEpoch) * Timestamp.picosecondsPerDay + time
    return ZonedTime(local: local, zone: zone, preferring: offset, &reader)
  }
}
