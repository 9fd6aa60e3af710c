import ApusValues
import ApusVectors

// Rows of a vector become what a page holds: a level for each row, and the values of the rows that
// have one, close together and as they are stored.
//
//   flat        7 NULL 9 9      levels 1 0 1 1      values 7 9 9
//
// Safety: scratch memory has room for `capacity` rows; callers ask for no more at a time, and of
// rows that the vector has. The pointers returned are valid until the next call and while the
// vector is alive.

/// Brings rows of vectors into the form of pages, up to `capacity` at a time.
final class ValueStaging {
  static let capacity = 2048

  private let rows: UnsafeMutablePointer<Int32>
  private let scratch: UnsafeMutableRawPointer

  init() {
    rows = .allocate(capacity: ValueStaging.capacity)
    scratch = .allocate(byteCount: ValueStaging.capacity * 16, alignment: 16)
  }

  deinit {
    rows.deallocate()
    scratch.deallocate()
  }

  var byteCount: Int { ValueStaging.capacity * 20 }

  /// Writes the level of each row, 1 for a value and 0 for NULL.
  ///
  /// - Returns: the number of values.
  func stageLevels(
    _ vector: ColumnVector,
    _ range: Range<Int>,
    into levels: UnsafeMutablePointer<UInt8>
  ) -> Int {
    let count = range.count
    guard let validity = vector.validity else {
      levels.update(repeating: 1, count: count)
      return count
    }
    switch vector.encoding {
    case .flat:
      let source = validity + range.lowerBound
      var valid = 0
      for row in 0..<count {
        levels[row] = source[row]
        valid &+= Int(source[row])
      }
      return valid
    case .constant:
      levels.update(repeating: validity[0], count: count)
      return validity[0] == 0 ? 0 : count
    case .dictionary:
      guard let indices = vector.indices else { return 0 }
      let source = indices + range.lowerBound
      var valid = 0
      for row in 0..<count {
        let level = validity[Int(source[row])]
        levels[row] = level
        valid &+= Int(level)
      }
      return valid
    }
  }

  /// Returns where in the vector's storage the values of the rows are that have one.
  ///
  /// - Parameter levels: what `stageLevels` wrote for the same rows.
  func stageRows(
    _ vector: ColumnVector,
    _ range: Range<Int>,
    levels: UnsafePointer<UInt8>
  ) -> UnsafePointer<Int32> {
    var valid = 0
    switch vector.encoding {
    case .flat:
      let first = Int32(truncatingIfNeeded: vector.offset + range.lowerBound)
      for row in 0..<range.count {
        rows[valid] = first &+ Int32(truncatingIfNeeded: row)
        valid &+= Int(levels[row])
      }
    case .constant:
      rows.update(repeating: 0, count: range.count)
    case .dictionary:
      guard let indices = vector.indices else { break }
      let source = indices + range.lowerBound
      for row in 0..<range.count {
        rows[valid] = source[row]
        valid &+= Int(levels[row])
      }
    }
    return UnsafePointer(rows)
  }

  /// Returns the values of the rows that have one as elements of the stored width: bytes of 0 and 1
  /// for booleans, 16 bytes for wide decimals and views of strings.
  ///
  /// - Parameters:
  ///   - levels: what `stageLevels` wrote for the same rows.
  ///   - valid: what it returned.
  /// - Throws: `NUMERIC_VALUE_OUT_OF_RANGE` for a timestamp that does not fit nanoseconds.
  func stageValues(
    _ vector: ColumnVector,
    _ range: Range<Int>,
    form: StoredForm,
    levels: UnsafePointer<UInt8>,
    valid: Int
  ) throws(SQLError) -> UnsafeRawPointer {
    if vector.encoding == .flat, valid == range.count, form.isAsInMemory {
      let first = vector.offset + range.lowerBound
      return UnsafeRawPointer(
        vector.storage.values.base + first * vector.type.physicalType.stride
      )
    }
    let rows = stageRows(vector, range, levels: levels)
    let base = UnsafeRawPointer(vector.storage.values.base)
    switch form {
    case .boolean: gather(base, rows, valid) { (value: UInt8) in value }
    case .int8ToInt32: gather(base, rows, valid) { (value: Int8) in Int32(value) }
    case .int16ToInt32: gather(base, rows, valid) { (value: Int16) in Int32(value) }
    case .int32, .float: gather(base, rows, valid) { (value: UInt32) in value }
    case .int64ToInt32:
      gather(base, rows, valid) { (value: Int64) in Int32(truncatingIfNeeded: value) }
    case .int64ToInt32Milliseconds:
      gather(base, rows, valid) { (value: Int64) in Int32(truncatingIfNeeded: value / 1000) }
    case .int64, .double: gather(base, rows, valid) { (value: UInt64) in value }
    case .int64Milliseconds:
      gather(base, rows, valid) { (value: Int64) in floorOfThousandth(value) }
    case .int128Nanoseconds:
      try gatherNanoseconds(base, rows, valid)
    case .int128: gather(base, rows, valid) { (value: Int128) in value }
    case .string: gather(base, rows, valid) { (value: StringView) in value }
    }
    return UnsafeRawPointer(scratch)
  }

  @inline(__always)
  private func gather<Source, Target>(
    _ base: UnsafeRawPointer,
    _ rows: UnsafePointer<Int32>,
    _ count: Int,
    _ convert: (Source) -> Target
  ) {
    let source = base.assumingMemoryBound(to: Source.self)
    let target = scratch.assumingMemoryBound(to: Target.self)
    for index in 0..<count { target[index] = convert(source[Int(rows[index])]) }
  }

  private func gatherNanoseconds(
    _ base: UnsafeRawPointer,
    _ rows: UnsafePointer<Int32>,
    _ count: Int
  ) throws(SQLError) {
    let source = base.assumingMemoryBound(to: Int128.self)
    let target = scratch.assumingMemoryBound(to: Int64.self)
    var isOutside = false
    for index in 0..<count {
      let picoseconds = source[Int(rows[index])]
      var nanoseconds = picoseconds / 1000
      if nanoseconds * 1000 > picoseconds { nanoseconds -= 1 }
      target[index] = Int64(truncatingIfNeeded: nanoseconds)
      if Int128(widening: target[index]) != nanoseconds { isOutside = true }
    }
    if isOutside {
      throw SQLError(
        .numericValueOutOfRange,
        "a timestamp of nanoseconds must lie between the years 1677 and 2262 for Parquet"
      )
    }
  }
}

/// Microseconds to the millisecond at or before them.
@inline(__always)
private func floorOfThousandth(_ value: Int64) -> Int64 {
  let quotient = value / 1000
  return quotient * 1000 > value ? quotient - 1 : quotient
}

extension StoredForm {
  /// Whether a flat vector holds the values as they are stored.
  fileprivate var isAsInMemory: Bool {
    switch self {
    case .boolean, .int32, .int64, .float, .double, .int128, .string: true
    case .int8ToInt32, .int16ToInt32, .int64ToInt32, .int64ToInt32Milliseconds,
      .int64Milliseconds, .int128Nanoseconds:
      false
    }
  }
}
