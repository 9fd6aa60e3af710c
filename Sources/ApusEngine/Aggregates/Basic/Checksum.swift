import ApusPlanner
import ApusValues
import ApusVectors

/// `checksum(x)`: of the values in any order, NULLs included; NULL for no rows.
enum Checksum: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        """
        SELECT count(DISTINCT c)
        FROM (SELECT checksum(x) AS c
              FROM (VALUES (1, 'a'), (1, 'b'), (2, 'b'), (2, 'a')) AS t(g, x) GROUP BY g)
        """,
        "1"
      )
    ]
  }

  static let overloads = [
    AggregateOverload(
      FunctionSignature(
        "checksum",
        kind: .aggregate,
        [.any],
        returns: .type(.varbinary),
        summary: "Returns a checksum of the values that does not depend on their order."
      )
    ) { _ throws(SQLError) in ChecksumAccumulator() }
  ]
}

/// The sum of the hashes of each group's values, each times a prime, which also stands for NULL.
final class ChecksumAccumulator: Accumulator {
  private struct State {
    var sum: UInt64 = 0
    var hasRows = false
  }

  private static let prime: UInt64 = 0x9e37_79b1_85eb_ca87
  private var states: [State] = []

  func resize(groupCount: Int) { states.grow(to: groupCount, with: State()) }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) throws(SQLError) {
    let argument = arguments[0].decoded
    defer { extendLifetime(argument) }
    let hash = standardHash(argument)
    states.withUnsafeMutableBufferPointer { states in
      GroupedRows(groups).visit { group, row in
        states[group].hasRows = true
        states[group].sum &+= ChecksumAccumulator.prime &* (argument.isNull(row) ? 1 : hash(row))
      }
    }
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) throws(SQLError) {
    let other = try sameKind(other, as: ChecksumAccumulator.self)
    for (group, target) in mapping where other.states[group].hasRows {
      states[target].sum &+= other.states[group].sum
      states[target].hasRows = true
    }
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    let builder = VectorBuilder(type: .varbinary, capacity: range.count)
    for (row, group) in range.enumerated() {
      if states[group].hasRows {
        withUnsafeBytes(of: states[group].sum.littleEndian) { builder.setString(row, $0) }
      } else {
        builder.setNull(row)
      }
    }
    return builder.finish(count: range.count)
  }

  var byteCount: Int { states.capacity * MemoryLayout<State>.stride }
}

/// The hash of each row's value that Trino defines for its type: xxHash of its one machine word, of
/// its bytes, or a combination of the hashes of its parts.
///
/// - Parameter vector: decoded; the hash of a NULL means nothing.
private func standardHash(_ vector: ColumnVector) -> (Int) -> UInt64 {
  let type = vector.type
  if type.isNested || type.physicalType == .int128 {
    return { standardHash(vector.value($0), type) }
  }
  switch type.physicalType {
  case .boolean: return integerHash(vector, as: UInt8.self)
  case .int8: return integerHash(vector, as: Int8.self)
  case .int16: return integerHash(vector, as: Int16.self)
  case .int32: return integerHash(vector, as: Int32.self)
  case .int64:
    guard case .time = type else { return integerHash(vector, as: Int64.self) }
    // Trino counts picoseconds.
    let values = vector.bigints
    return { XXHash64.hash(UInt64(bitPattern: values[$0] &* 1_000_000)) }
  case .float32:
    let values = vector.operand(as: Float.self)
    return { floatingHash(values[$0]) }
  case .float64:
    let values = vector.doubles
    return { floatingHash(values[$0]) }
  case .string, .int128:
    let texts = vector.texts
    return { XXHash64.hash(texts.bytes($0)) }
  }
}

private func integerHash<Element: FixedWidthInteger & BitwiseCopyable>(
  _ vector: ColumnVector,
  as: Element.Type
) -> (Int) -> UInt64 {
  let values = vector.operand(as: Element.self)
  return { XXHash64.hash(UInt64(truncatingIfNeeded: values[$0])) }
}

private func floatingHash(_ value: Float) -> UInt64 {
  let bits = value == 0 ? 0 : value.isNaN ? 0x7fc0_0000 : value.bitPattern
  return XXHash64.hash(UInt64(truncatingIfNeeded: Int32(bitPattern: bits)))
}

private func floatingHash(_ value: Double) -> UInt64 {
  XXHash64.hash(value == 0 ? 0 : value.isNaN ? 0x7ff8 << 48 : value.bitPattern)
}

/// The hash of a value of a type, which is not NULL.
private func standardHash(_ value: Value, _ type: SQLType) -> UInt64 {
  func part(_ value: Value, _ type: SQLType) -> UInt64 {
    value.isNull ? 0 : standardHash(value, type)
  }
  switch (value, type) {
  case (.array(let values), .array(let element)):
    return values.reduce(0) { 31 &* $0 &+ part($1, element) }
  case (.row(let values), .row(let fields)):
    return zip(values, fields).reduce(1) { 31 &* $0 &+ part($1.0, $1.1.type) }
  case (.map(let entries), .map(let key, let valueType)):
    return entries.reduce(0) { $0 &+ part($1.key, key) ^ part($1.value, valueType) }
  case (.boolean(let value), _): return XXHash64.hash(value ? 1 : 0)
  case (.real(let value), _): return floatingHash(value)
  case (.double(let value), _): return floatingHash(value)
  case (.text(var value), _):
    return value.withUTF8 { XXHash64.hash(UnsafeRawBufferPointer($0)) }
  case (.binary(let bytes), _): return bytes.withUnsafeBytes { XXHash64.hash($0) }
  case (.integer(let value), .time): return XXHash64.hash(UInt64(bitPattern: value &* 1_000_000))
  case (.integer(let value), _): return XXHash64.hash(UInt64(bitPattern: value))
  case (.wide(let value), .timestamp):
    let (microseconds, picoseconds) = floorDivide(value, Timestamp.picosecondsPerMicrosecond)
    return XXHash64.hash(UInt64(truncatingIfNeeded: microseconds))
      ^ XXHash64.hash(UInt64(truncatingIfNeeded: picoseconds))
  case (.wide(let value), _):
    return XXHash64.hash(UInt64(truncatingIfNeeded: value))
      ^ XXHash64.hash(UInt64(truncatingIfNeeded: value >> 64))
  case (.zoned(let time), .timestampWithTimeZone(let precision)):
    let (milliseconds, rest) = floorDivide(time.picoseconds, 1_000_000_000)
    let hash = XXHash64.hash(UInt64(truncatingIfNeeded: milliseconds))
    return precision <= 3 ? hash : hash ^ XXHash64.hash(UInt64(truncatingIfNeeded: rest))
  case (.zoned(let time), .timeWithTimeZone(let precision)):
    let number = precision <= 9 ? time.picoseconds / 1000 : time.picoseconds
    return XXHash64.hash(UInt64(truncatingIfNeeded: number))
  case (.null, _), (.zoned, _), (.array, _), (.row, _), (.map, _): return 0
  }
}
