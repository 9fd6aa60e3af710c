import ApusPlanner
import ApusValues
import ApusVectors

extension CastOperation {
  func dateKernel() -> UnaryKernel {
    switch from.physicalType {
    case .int64:
      totalKernel { (microseconds: Int64) in
        Int32(truncatingIfNeeded: floorDivide(microseconds, Timestamp.microsecondsPerDay).quotient)
      }
    case .int128:
      totalKernel { (picoseconds: Int128) in
        Int32(truncatingIfNeeded: floorDivide(picoseconds, Timestamp.picosecondsPerDay).quotient)
      }
    default:
      parsingKernel { bytes throws(SQLError) -> Int32 in
        let trimmed = trimSpaces(bytes)
        guard let days = parseDate(trimmed) else {
          throw invalid("Value cannot be cast to date: \(text(bytes))")
        }
        return days
      }
    }
  }

  func timeKernel(precision: Int) -> UnaryKernel {
    if to.physicalType == .int128 { return wideTimeKernel(precision: precision) }
    let unit = Int64(PowersOfTen.wide[6 - precision])
    let day = Timestamp.microsecondsPerDay
    switch (from, from.physicalType) {
    case (.time(let source), _) where source <= precision:
      return { vector, _, _ throws(SQLError) in vector.retyped(to) }
    case (_, .int64):
      return totalKernel { (microseconds: Int64) in
        let time = floorDivide(microseconds, day).remainder
        return floorDivide(roundHalfUp(time, to: unit), day).remainder
      }
    case (_, .int128):
      return totalKernel { (picoseconds: Int128) in
        let time = floorDivide(picoseconds, Timestamp.picosecondsPerDay).remainder
        let rounded = Timestamp.round(picoseconds: time, to: precision)
        return floorDivide(Int64(truncatingIfNeeded: rounded / 1_000_000), day).remainder
      }
    default:
      return parsingKernel { bytes throws(SQLError) -> Int64 in
        let trimmed = String(decoding: trimSpaces(bytes), as: UTF8.self)
        guard let parsed = Timestamp.parseTime(trimmed) else {
          throw invalid("Value cannot be cast to time: \(text(bytes))")
        }
        let rounded = Timestamp.round(picoseconds: parsed.picoseconds, to: precision)
        return floorDivide(Int64(truncatingIfNeeded: rounded / 1_000_000), day).remainder
      }
    }
  }

  private func wideTimeKernel(precision: Int) -> UnaryKernel {
    let day = Timestamp.picosecondsPerDay
    switch from.physicalType {
    case .int64:
      return totalKernel { (microseconds: Int64) in
        let time = floorDivide(microseconds, Timestamp.microsecondsPerDay).remainder
        return Int128(widening: time) &* Timestamp.picosecondsPerMicrosecond
      }
    case .int128:
      return totalKernel { (picoseconds: Int128) in
        let time = floorDivide(picoseconds, day).remainder
        return floorDivide(Timestamp.round(picoseconds: time, to: precision), day).remainder
      }
    default:
      return parsingKernel { bytes throws(SQLError) -> Int128 in
        let trimmed = String(decoding: trimSpaces(bytes), as: UTF8.self)
        guard let parsed = Timestamp.parseTime(trimmed) else {
          throw invalid("Value cannot be cast to time: \(text(bytes))")
        }
        let rounded = Timestamp.round(picoseconds: parsed.picoseconds, to: precision)
        return floorDivide(rounded, day).remainder
      }
    }
  }

  func timestampKernel(precision: Int) -> UnaryKernel {
    if to.physicalType == .int128 { return wideTimestampKernel(precision: precision) }
    let unit = Int64(PowersOfTen.wide[6 - precision])
    switch (from, from.physicalType) {
    case (.timestamp(let source), .int64) where source <= precision:
      return { vector, _, _ throws(SQLError) in vector.retyped(to) }
    case (_, .int32):
      return totalKernel { (days: Int32) in Int64(days) &* Timestamp.microsecondsPerDay }
    case (_, .int64):
      return totalKernel { (microseconds: Int64) in roundHalfUp(microseconds, to: unit) }
    case (_, .int128):
      return totalKernel { (picoseconds: Int128) in
        let rounded = Timestamp.round(picoseconds: picoseconds, to: precision)
        return Int64(truncatingIfNeeded: floorDivide(rounded, 1_000_000).quotient)
      }
    default:
      return parsingKernel { bytes throws(SQLError) -> Int64 in
        let rounded = try parseTimestamp(bytes, precision: precision)
        guard let microseconds = Int64(exactly: floorDivide(rounded, 1_000_000).quotient) else {
          throw invalid("Value cannot be cast to timestamp: \(text(bytes))")
        }
        return microseconds
      }
    }
  }

  private func wideTimestampKernel(precision: Int) -> UnaryKernel {
    switch from.physicalType {
    case .int32:
      totalKernel { (days: Int32) in Int128(widening: Int64(days)) &* Timestamp.picosecondsPerDay }
    case .int64:
      totalKernel { (microseconds: Int64) in
        Int128(widening: microseconds) &* Timestamp.picosecondsPerMicrosecond
      }
    case .int128:
      totalKernel { (picoseconds: Int128) in
        Timestamp.round(picoseconds: picoseconds, to: precision)
      }
    default:
      parsingKernel { bytes throws(SQLError) -> Int128 in
        try parseTimestamp(bytes, precision: precision)
      }
    }
  }

  private func parseTimestamp(_ bytes: UnsafeRawBufferPointer, precision: Int) throws(SQLError)
    -> Int128
  {
    guard let parsed = Timestamp.parse(String(decoding: trimSpaces(bytes), as: UTF8.self)) else {
      throw invalid("Value cannot be cast to timestamp: \(text(bytes))")
    }
    return Timestamp.round(picoseconds: parsed.picoseconds, to: precision)
  }
}

/// Rounds to a multiple of `unit`, halves towards the future.
@inline(__always)
func roundHalfUp(_ value: Int64, to unit: Int64) -> Int64 {
  if unit == 1 { return value }
  return floorDivide(value &+ unit / 2, unit).quotient &* unit
}

/// Reads a date to days since 1970; the usual ten bytes `YYYY-MM-DD` without making a string.
func parseDate(_ bytes: UnsafeRawBufferPointer) -> Int32? {
  if bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
    let century = twoDigits(bytes, at: 0), let yearOfCentury = twoDigits(bytes, at: 2),
    let month = twoDigits(bytes, at: 5), let day = twoDigits(bytes, at: 8)
  {
    let year = century * 100 + yearOfCentury
    guard (1...12).contains(month), day >= 1, day <= CalendarDate.daysInMonth(month, of: year)
    else { return nil }
    return Int32(CalendarDate(year: year, month: month, day: day).daysSinceEpoch)
  }
  guard let date = CalendarDate(String(decoding: bytes, as: UTF8.self)) else { return nil }
  return Int32(exactly: date.daysSinceEpoch)
}

private func twoDigits(_ bytes: UnsafeRawBufferPointer, at position: Int) -> Int? {
  let tens = bytes[position] &- UInt8(ascii: "0")
  let ones = bytes[position + 1] &- UInt8(ascii: "0")
  return tens <= 9 && ones <= 9 ? Int(tens) * 10 + Int(ones) : nil
}
