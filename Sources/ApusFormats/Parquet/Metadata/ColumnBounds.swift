public import ApusValues
import ApusVectors

/// What is known of a column's values in a row group or a file without reading them.
public struct ColumnBounds: Sendable, Hashable {
  /// No value is smaller; nil if not known or there are no values.
  public var minimum: Value?
  /// No value is greater; nil if not known or there are no values.
  public var maximum: Value?
  /// Whether the bounds are values of the column rather than only bounds, and no NaN hides.
  public var boundsAreExact: Bool
  /// The number of NULLs, nil if not known.
  public var nullCount: Int?
  /// Values, NULLs included.
  public var rowCount: Int

  public init(
    minimum: Value? = nil,
    maximum: Value? = nil,
    boundsAreExact: Bool = false,
    nullCount: Int? = nil,
    rowCount: Int
  ) {
    self.minimum = minimum
    self.maximum = maximum
    self.boundsAreExact = boundsAreExact
    self.nullCount = nullCount
    self.rowCount = rowCount
  }
}

extension ColumnBounds {
  /// Reads a chunk's statistics, leaving out what cannot be trusted.
  ///
  /// - `min_value` and `max_value` are in the order of the type. The older `min` and `max` were
  ///   written in signed order whatever the type, so they count for signed numbers only.
  /// - A NaN as bound means nothing; zeros as bounds may be of either sign, which SQL does not tell
  ///   apart. A NaN among the values shows in neither bound, so floating bounds are never exact.
  /// - Bounds of text may be cut. A smallest value that is not UTF-8 is cut to what is, a greatest
  ///   one is dropped.
  /// - INT96 has no order that writers agree on.
  init(_ chunk: ColumnChunk, conversion: ValueConversion, type: SQLType) {
    self.init(
      chunk.statistics ?? ChunkStatistics(),
      valueCount: chunk.valueCount,
      conversion: conversion,
      type: type
    )
  }

  /// - Parameter valueCount: of the chunk or the page, NULLs included.
  init(
    _ statistics: ChunkStatistics,
    valueCount: Int,
    conversion: ValueConversion,
    type: SQLType
  ) {
    self.init(rowCount: valueCount)
    if let count = statistics.nullCount, (0...valueCount).contains(count) {
      nullCount = count
    }
    var low = statistics.minimum
    var high = statistics.maximum
    let areOld = low == nil && high == nil
    if areOld, conversion.oldOrderIsRight {
      low = statistics.deprecatedMinimum
      high = statistics.deprecatedMaximum
    }
    minimum = low.flatMap { conversion.bound($0, isUpper: false, type: type) }
    maximum = high.flatMap { conversion.bound($0, isUpper: true, type: type) }
    switch conversion {
    case .string, .uuidToText:
      boundsAreExact =
        minimum != nil && maximum != nil && statistics.minimumIsExact == true
        && statistics.maximumIsExact == true
    case .int64NanosecondsToInt64:
      // Cut to microseconds, as the values are not.
      break
    default:
      // Writers did not agree on the deprecated bounds; they do to skip by.
      boundsAreExact = minimum != nil && maximum != nil && !type.isFloatingPoint && !areOld
    }
    // Bounds that contradict each other are no bounds.
    if let minimum, let maximum, Value.compare(minimum, maximum) > 0 {
      self.minimum = nil
      self.maximum = nil
      boundsAreExact = false
    }
  }

  /// The statistics of two pieces together.
  public func merged(with other: ColumnBounds) -> ColumnBounds {
    ColumnBounds(
      minimum: ColumnBounds.bound(self, other, \.minimum) {
        Value.compare($0, $1) <= 0 ? $0 : $1
      },
      maximum: ColumnBounds.bound(self, other, \.maximum) {
        Value.compare($0, $1) >= 0 ? $0 : $1
      },
      boundsAreExact: (boundsAreExact || isAllNull) && (other.boundsAreExact || other.isAllNull),
      nullCount: nullCount.flatMap { count in other.nullCount.map { count + $0 } },
      rowCount: rowCount + other.rowCount
    )
  }

  /// Whether it is known that there is no value.
  public var isAllNull: Bool { nullCount == rowCount }

  private static func bound(
    _ left: ColumnBounds,
    _ right: ColumnBounds,
    _ side: KeyPath<ColumnBounds, Value?>,
    choose: (Value, Value) -> Value
  ) -> Value? {
    if left.isAllNull { return right[keyPath: side] }
    if right.isAllNull { return left[keyPath: side] }
    guard let a = left[keyPath: side], let b = right[keyPath: side] else { return nil }
    return choose(a, b)
  }
}

extension ValueConversion {
  /// Whether the signed order of the deprecated bounds is the order of the values.
  var oldOrderIsRight: Bool {
    switch self {
    case .boolean, .copy32, .copy64, .int32ToInt8, .int32ToInt16, .int32ToInt64,
      .int32MillisecondsToInt64, .int64MillisecondsToInt64, .int64NanosecondsToInt64,
      .int64NanosecondsToInt128, .int64ToInt128:
      true
    case .uint8ToInt16, .uint16ToInt32, .uint32ToInt64, .uint64ToInt128, .int96ToInt128,
      .bytesToInt64, .bytesToInt128, .float16ToFloat32, .uuidToText, .string, .unknown:
      false
    }
  }

  /// Converts the plain encoding of a bound; nil if it is none.
  func bound(_ bytes: [UInt8], isUpper: Bool, type: SQLType) -> Value? {
    switch self {
    case .boolean:
      return bytes.count == 1 ? .boolean(bytes[0] != 0) : nil
    case .copy32 where type == .real:
      guard let bits = littleEndian(bytes, UInt32.self) else { return nil }
      let value = Float(bitPattern: bits)
      return value.isNaN ? nil : .real(value)
    case .copy64 where type == .double:
      guard let bits = littleEndian(bytes, UInt64.self) else { return nil }
      let value = Double(bitPattern: bits)
      return value.isNaN ? nil : .double(value)
    case .copy32, .int32ToInt64, .int32ToInt8, .int32ToInt16:
      return littleEndian(bytes, Int32.self).map { .integer(Int64($0)) }
    case .uint8ToInt16, .uint16ToInt32, .uint32ToInt64:
      return littleEndian(bytes, UInt32.self).map { .integer(Int64($0)) }
    case .copy64:
      return littleEndian(bytes, Int64.self).map { .integer($0) }
    case .int32MillisecondsToInt64:
      return littleEndian(bytes, Int32.self).map { .integer(Int64($0) * 1000) }
    case .int64MillisecondsToInt64:
      guard let value = littleEndian(bytes, Int64.self) else { return nil }
      let (product, overflow) = value.multipliedReportingOverflow(by: 1000)
      return overflow ? nil : .integer(product)
    case .int64NanosecondsToInt64:
      return littleEndian(bytes, Int64.self).map { .integer($0 / 1000) }
    case .int64NanosecondsToInt128:
      return littleEndian(bytes, Int64.self).map { .wide(Int128($0) * 1000) }
    case .int64ToInt128:
      return littleEndian(bytes, Int64.self).map { .wide(Int128($0)) }
    case .uint64ToInt128:
      return littleEndian(bytes, UInt64.self).map { .wide(Int128($0)) }
    case .bytesToInt64, .bytesToInt128:
      guard let value = bytes.withUnsafeBytes({ bigEndianInteger($0) }) else { return nil }
      if self == .bytesToInt128 { return .wide(value) }
      return Int64(exactly: value).map { .integer($0) }
    case .string:
      if type == .varbinary { return .binary(bytes) }
      if let text = String(validating: bytes, as: UTF8.self) { return .text(text) }
      // Cut in the middle of a character; what precedes it is smaller.
      guard !isUpper else { return nil }
      for cut in 1...3 where cut < bytes.count {
        if let text = String(validating: bytes.dropLast(cut), as: UTF8.self) { return .text(text) }
      }
      return nil
    case .uuidToText:
      return bytes.count == 16 ? .text(uuidText(bytes)) : nil
    case .int96ToInt128, .float16ToFloat32, .unknown:
      return nil
    }
  }

  private func littleEndian<Integer: FixedWidthInteger>(
    _ bytes: [UInt8],
    _ type: Integer.Type
  ) -> Integer? {
    guard bytes.count == MemoryLayout<Integer>.size else { return nil }
    return bytes.withUnsafeBytes { Integer(littleEndian: $0.loadUnaligned(as: Integer.self)) }
  }

  private func uuidText(_ bytes: [UInt8]) -> String {
    var text = [UInt8](repeating: 0, count: 36)
    text.withUnsafeMutableBytes { text in
      bytes.withUnsafeBytes { bytes in
        if let source = bytes.baseAddress, let target = text.baseAddress {
          writeUUID(source, into: target)
        }
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

/// Reads big-endian two's complement of any length; nil if it is empty or does not fit.
func bigEndianInteger(_ bytes: UnsafeRawBufferPointer) -> Int128? {
  guard let first = bytes.first else { return nil }
  let sign: UInt8 = first >= 0x80 ? 0xff : 0
  var digits = bytes[...]
  while digits.count > 16, digits.first == sign { digits = digits.dropFirst() }
  guard digits.count <= 16 else { return nil }
  var value: Int128 = sign == 0 ? 0 : -1
  for byte in digits { value = value << 8 | Int128(byte) }
  // Sixteen bytes after dropped sign bytes must still have that sign.
  return (value < 0) == (sign != 0) ? value : nil
}
