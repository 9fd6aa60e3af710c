import ApusPlanner
import ApusValues
import ApusVectors

extension SQLType {
  /// The type of what a zone's clocks show of a time with time zone; other types as they are.
  var withoutZone: SQLType {
    switch self {
    case .timeWithTimeZone(let precision): .time(precision: precision)
    case .timestampWithTimeZone(let precision): .timestamp(precision: precision)
    default: self
    }
  }
}

extension ColumnVector {
  /// What clocks show of times with time zone.
  func localTimes(_ rows: Selection) -> ColumnVector {
    let type = type.withoutZone
    if type.isTime {
      return type.physicalType == .int128
        ? mapUnary(self, to: type, rows: rows) { (packed: Int128) in
          ZonedTime(packed: packed).timeOfDay
        }
        : mapUnary(self, to: type, rows: rows) { (packed: Int128) in
          Int64(truncatingIfNeeded: ZonedTime(packed: packed).timeOfDay / 1_000_000)
        }
    }
    var reader = TimeZoneReader()
    return type.physicalType == .int128
      ? mapUnary(self, to: type, rows: rows) { (packed: Int128) in
        ZonedTime(packed: packed).local(&reader)
      }
      : mapUnary(self, to: type, rows: rows) { (packed: Int128) in
        Int64(
          truncatingIfNeeded: floorDivide(ZonedTime(packed: packed).local(&reader), 1_000_000)
            .quotient
        )
      }
  }
}

extension ColumnVector {
  /// The points in time of times with time zone, by which they compare, in Int128; other vectors as
  /// they are.
  func instants(_ rows: Selection) -> ColumnVector {
    guard type.isZoned else { return self }
    return mapUnary(self, to: .timestamp(precision: 12), rows: rows) { (packed: Int128) in
      packed >> 16
    }
  }
}

extension CastOperation {
  /// From a time with time zone by way of what clocks show.
  func localKernel() throws(SQLError) -> UnaryKernel {
    let kernel = try CastOperation(from: from.withoutZone, to: to, range: range).kernel()
    return { vector, rows, errors throws(SQLError) in
      try kernel(vector.localTimes(rows), rows, &errors)
    }
  }

  func zonedTimestampKernel(precision: Int) -> UnaryKernel {
    switch from {
    case .timestampWithTimeZone(let source) where source <= precision:
      { vector, _, _ throws(SQLError) in vector.retyped(to) }
    case .timestampWithTimeZone:
      totalKernel { (packed: Int128) in
        var time = ZonedTime(packed: packed)
        time.picoseconds = Timestamp.round(picoseconds: time.picoseconds, to: precision)
        return time.packed
      }
    case .date:
      totalKernel { (days: Int32) in
        ZonedTime(
          picoseconds: Int128(widening: Int64(days)) &* Timestamp.picosecondsPerDay,
          zone: .utc
        ).packed
      }
    case .timestamp(let source) where source <= 6:
      totalKernel { (microseconds: Int64) in
        let picoseconds = Int128(widening: microseconds) &* Timestamp.picosecondsPerMicrosecond
        return ZonedTime(
          picoseconds: Timestamp.round(picoseconds: picoseconds, to: precision),
          zone: .utc
        ).packed
      }
    case .timestamp:
      totalKernel { (picoseconds: Int128) in
        ZonedTime(
          picoseconds: Timestamp.round(picoseconds: picoseconds, to: precision),
          zone: .utc
        ).packed
      }
    default:
      parsingKernel { bytes throws(SQLError) -> Int128 in
        let trimmed = String(decoding: trimSpaces(bytes), as: UTF8.self)
        do throws(ZonedTime.Failure) {
          var time = try ZonedTime.parseTimestamp(trimmed, in: .utc, skipsGaps: true).time
          time.picoseconds = Timestamp.round(picoseconds: time.picoseconds, to: precision)
          return time.packed
        } catch {
          throw invalid("Value cannot be cast to timestamp: \(text(bytes))")
        }
      }
    }
  }

  func zonedTimeKernel(precision: Int) -> UnaryKernel {
    let day = Timestamp.picosecondsPerDay
    switch from {
    case .timeWithTimeZone(let source) where source <= precision:
      return { vector, _, _ throws(SQLError) in vector.retyped(to) }
    case .timeWithTimeZone:
      return totalKernel { (packed: Int128) in
        var time = ZonedTime(packed: packed)
        let rounded = Timestamp.round(picoseconds: time.picoseconds, to: precision)
        time.picoseconds = floorDivide(rounded, day).remainder
        return time.packed
      }
    case .timestampWithTimeZone:
      return { vector, rows, _ throws(SQLError) in
        var reader = TimeZoneReader()
        return mapUnary(vector, to: to, rows: rows) { (packed: Int128) in
          let time = ZonedTime(packed: packed)
          let minutes = Int(reader.offset(of: time.zone, at: time.seconds) / 60)
          let rounded = Timestamp.round(picoseconds: time.picoseconds, to: precision)
          return ZonedTime(
            picoseconds: floorDivide(rounded, day).remainder,
            zone: TimeZoneKey(offsetMinutes: minutes) ?? .utc
          ).packed
        }
      }
    case .time(let source) where source <= 6, .timestamp(let source) where source <= 6:
      return totalKernel { (microseconds: Int64) in
        let picoseconds = Int128(widening: microseconds) &* Timestamp.picosecondsPerMicrosecond
        let rounded = Timestamp.round(picoseconds: picoseconds, to: precision)
        return ZonedTime(picoseconds: floorDivide(rounded, day).remainder, zone: .utc).packed
      }
    case .time, .timestamp:
      return totalKernel { (picoseconds: Int128) in
        let rounded = Timestamp.round(picoseconds: picoseconds, to: precision)
        return ZonedTime(picoseconds: floorDivide(rounded, day).remainder, zone: .utc).packed
      }
    default:
      return parsingKernel { bytes throws(SQLError) -> Int128 in
        let trimmed = String(decoding: trimSpaces(bytes), as: UTF8.self)
        guard var time = ZonedTime.parseTime(trimmed)?.time else {
          throw invalid("Value cannot be cast to time with time zone: \(text(bytes))")
        }
        let rounded = Timestamp.round(picoseconds: time.picoseconds, to: precision)
        time.picoseconds = floorDivide(rounded, day).remainder
        return time.packed
      }
    }
  }
}
