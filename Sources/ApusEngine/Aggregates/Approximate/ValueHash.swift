import ApusValues
import ApusVectors

/// A 64-bit hash of the value of each row, equal for equal values of one type.
///
/// - Parameter vector: decoded; the hash of a NULL means nothing.
func valueHash(_ vector: ColumnVector) -> (Int) -> UInt64 {
  switch vector.type.physicalType {
  case .boolean: integerHash(vector, as: UInt8.self)
  case .int8: integerHash(vector, as: Int8.self)
  case .int16: integerHash(vector, as: Int16.self)
  case .int32: integerHash(vector, as: Int32.self)
  case .int64: integerHash(vector, as: Int64.self)
  case .int128: wideHash(vector)
  case .float32: floatingHash(vector, as: Float.self)
  case .float64: floatingHash(vector, as: Double.self)
  case .string: textHash(vector)
  }
}

private func integerHash<Element: FixedWidthInteger>(_ vector: ColumnVector, as: Element.Type)
  -> (Int) -> UInt64
{
  let values = vector.operand(as: Element.self)
  return { mixBits(UInt64(truncatingIfNeeded: values[$0])) }
}

private func wideHash(_ vector: ColumnVector) -> (Int) -> UInt64 {
  let values = vector.operand(as: Int128.self)
  return { row in
    let value = values[row]
    return mixBits(
      UInt64(truncatingIfNeeded: value) ^ mixBits(UInt64(truncatingIfNeeded: value >> 64))
    )
  }
}

private func floatingHash<Element: BinaryFloatingPoint>(_ vector: ColumnVector, as: Element.Type)
  -> (Int) -> UInt64
{
  let values = vector.operand(as: Element.self)
  return { row in
    let value = Double(values[row])
    // Zeros of both signs are one value, and so are all NaNs.
    return mixBits(value == 0 ? 0 : value.isNaN ? 0x7ff8 << 48 : value.bitPattern)
  }
}

private func textHash(_ vector: ColumnVector) -> (Int) -> UInt64 {
  let values = vector.operand(as: StringView.self)
  return { hashBytes(values.bytes($0)) }
}

/// Spreads every bit over all bits (the finalizer of SplitMix64).
@inline(__always)
func mixBits(_ value: UInt64) -> UInt64 {
  var mixed = value &+ 0x9e37_79b9_7f4a_7c15
  mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
  mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
  return mixed ^ (mixed >> 31)
}

/// Hashes bytes eight at a time.
func hashBytes(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
  var hash = mixBits(UInt64(bytes.count))
  var position = 0
  while position + 8 <= bytes.count {
    hash = mixBits(hash ^ bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    position += 8
  }
  var rest: UInt64 = 0
  while position < bytes.count {
    rest = rest << 8 | UInt64(bytes[position])
    position += 1
  }
  return mixBits(hash ^ rest)
}
