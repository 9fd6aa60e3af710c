import ApusValues
import ApusVectors

// From the stored form of values to their form in a vector, many at a time.
//
// Safety: callers give `count` stored values and room for as many; stored values may be unaligned.
// Big-endian numbers are loaded as whole words, for which `readableSlack` bytes follow.

extension ValueConversion {
  /// Bytes of a value as stored in a page; nil where they vary or are bits.
  func storedWidth(typeLength: Int, physical: ParquetPhysicalType?) -> Int? {
    switch physical {
    case .int32, .float: 4
    case .int64, .double: 8
    case .int96: 12
    case .fixedLengthByteArray: typeLength
    case .boolean, .byteArray, nil: nil
    }
  }

  /// Converts values of a fixed width.
  ///
  /// - Parameters:
  ///   - width: bytes per stored value.
  ///   - heap: where text that a conversion makes is put.
  func convert(
    _ source: UnsafeRawPointer,
    width: Int,
    count: Int,
    heap: () -> StringHeap,
    into output: UnsafeMutableRawPointer
  ) throws(DecodingFailure) {
    switch self {
    case .copy32, .copy64:
      output.copyMemory(from: source, byteCount: count * width)
    case .int32ToInt8:
      each(source, UInt32.self, count, output) { Int8(truncatingIfNeeded: $0) }
    case .int32ToInt16:
      each(source, UInt32.self, count, output) { Int16(truncatingIfNeeded: $0) }
    case .uint8ToInt16:
      each(source, UInt32.self, count, output) { Int16(truncatingIfNeeded: $0 & 0xff) }
    case .uint16ToInt32:
      each(source, UInt32.self, count, output) { Int32(truncatingIfNeeded: $0 & 0xffff) }
    case .uint32ToInt64:
      each(source, UInt32.self, count, output) { Int64($0) }
    case .int32ToInt64:
      each(source, Int32.self, count, output) { Int64($0) }
    case .int32MillisecondsToInt64:
      each(source, Int32.self, count, output) { Int64($0) &* 1000 }
    case .int64MillisecondsToInt64:
      // The overflow of any product shows in the sum of all.
      var isOutside = false
      each(source, Int64.self, count, output) { value in
        let (product, overflow) = value.multipliedReportingOverflow(by: 1000)
        isOutside = isOutside || overflow
        return product
      }
      if isOutside { throw DecodingFailure("a timestamp in milliseconds is out of range") }
    case .int64NanosecondsToInt64:
      each(source, Int64.self, count, output) { $0 / 1000 }
    case .int64NanosecondsToInt128:
      each(source, Int64.self, count, output) { Int128(widening: $0) &* 1000 }
    case .int64ToInt128:
      each(source, Int64.self, count, output) { Int128(widening: $0) }
    case .uint64ToInt128:
      each(source, UInt64.self, count, output) { Int128(_low: $0, _high: 0) }
    case .int96ToInt128:
      convertInt96(source, count, output)
    case .bytesToInt64:
      try convertBigEndian(source, width: width, count, into: output, Int64.self)
    case .bytesToInt128:
      try convertBigEndian(source, width: width, count, into: output, Int128.self)
    case .float16ToFloat32:
      each(source, UInt16.self, count, output) { floatFromHalf($0) }
    case .uuidToText:
      let views = output.assumingMemoryBound(to: StringView.self)
      let texts = heap().allocate(count * 36)
      for index in 0..<count {
        let text = texts + index * 36
        writeUUID(source + index * 16, into: text)
        views[index] = StringView(text, count: 36)
      }
    case .string:
      _ = readFixedLengthViews(
        source,
        count: count,
        length: width,
        into: output.assumingMemoryBound(to: StringView.self)
      )
    case .boolean, .unknown:
      // Not of a fixed width; read elsewhere.
      break
    }
  }

  /// Converts byte arrays of their own lengths, which only decimals are made of.
  func convert(
    views: UnsafePointer<StringView>,
    count: Int,
    into output: UnsafeMutableRawPointer
  ) throws(DecodingFailure) {
    let isNarrow = self == .bytesToInt64
    for index in 0..<count {
      guard let value = bigEndianInteger(StringView.bytes(at: views + index)) else {
        throw DecodingFailure("a decimal is longer than its type")
      }
      if isNarrow {
        guard let narrow = Int64(exactly: value) else {
          throw DecodingFailure("a decimal is longer than its type")
        }
        output.storeBytes(of: narrow, toByteOffset: index * 8, as: Int64.self)
      } else {
        output.storeBytes(of: value, toByteOffset: index * 16, as: Int128.self)
      }
    }
  }

  @inline(__always)
  private func each<Stored: BitwiseCopyable, Element: BitwiseCopyable>(
    _ source: UnsafeRawPointer,
    _ stored: Stored.Type,
    _ count: Int,
    _ output: UnsafeMutableRawPointer,
    _ body: (Stored) -> Element
  ) {
    let target = output.assumingMemoryBound(to: Element.self)
    for index in 0..<count {
      target[index] = body(
        source.loadUnaligned(fromByteOffset: index &* MemoryLayout<Stored>.stride, as: Stored.self)
      )
    }
  }

  private func convertInt96(
    _ source: UnsafeRawPointer,
    _ count: Int,
    _ output: UnsafeMutableRawPointer
  ) {
    let target = output.assumingMemoryBound(to: Int128.self)
    for index in 0..<count {
      let value = source + index * 12
      let nanoseconds = value.loadUnaligned(as: Int64.self)
      let julianDay = value.loadUnaligned(fromByteOffset: 8, as: Int32.self)
      // Day 2440588 of the Julian count is 1970-01-01.
      let days = Int128(julianDay) - 2_440_588
      target[index] = days * 86_400_000_000_000_000 + Int128(nanoseconds) * 1000
    }
  }

  /// Converts big-endian two's complement of `width` bytes each.
  @inline(__always)
  private func convertBigEndian<Element: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
    _ source: UnsafeRawPointer,
    width: Int,
    _ count: Int,
    into output: UnsafeMutableRawPointer,
    _ element: Element.Type
  ) throws(DecodingFailure) {
    let target = output.assumingMemoryBound(to: Element.self)
    if width <= 8 {
      let shift = Int64(64 - width * 8)
      for index in 0..<count {
        let word = source.loadUnaligned(fromByteOffset: index * width, as: Int64.self)
        target[index] = Element(truncatingIfNeeded: Int64(bigEndian: word) >> shift)
      }
      return
    }
    if width <= 16 {
      let shift = Int128(128 - width * 8)
      var isOutside = false
      for index in 0..<count {
        let word = source.loadUnaligned(fromByteOffset: index * width, as: Int128.self)
        let value = Int128(bigEndian: word) >> shift
        target[index] = Element(truncatingIfNeeded: value)
        isOutside = isOutside || Int128(target[index]) != value
      }
      if isOutside { throw DecodingFailure("a decimal is longer than its type") }
      return
    }
    for index in 0..<count {
      let bytes = UnsafeRawBufferPointer(start: source + index * width, count: width)
      guard let value = bigEndianInteger(bytes).flatMap({ Element(exactly: $0) }) else {
        throw DecodingFailure("a decimal is longer than its type")
      }
      target[index] = value
    }
  }
}

/// Widens IEEE 754 binary16; subnormals become normal, NaN stays NaN.
@inline(__always)
func floatFromHalf(_ bits: UInt16) -> Float {
  let sign = UInt32(bits & 0x8000) << 16
  let exponent = UInt32(bits >> 10 & 0x1f)
  let fraction = UInt32(bits & 0x3ff)
  switch exponent {
  case 0:
    // The fraction counts units of 2^-24.
    let magnitude = Float(fraction) * 0x1p-24
    return sign == 0 ? magnitude : -magnitude
  case 31:
    return Float(bitPattern: sign | 0x7f80_0000 | fraction << 13)
  default:
    return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
  }
}

/// Writes 16 bytes as 36 characters, `01234567-89ab-cdef-0123-456789abcdef`.
///
/// Safety: reads 16 bytes, writes 36.
func writeUUID(_ source: UnsafeRawPointer, into output: UnsafeMutableRawPointer) {
  var position = 0
  for index in 0..<16 {
    if index == 4 || index == 6 || index == 8 || index == 10 {
      output.storeBytes(of: UInt8(ascii: "-"), toByteOffset: position, as: UInt8.self)
      position += 1
    }
    let byte = source.load(fromByteOffset: index, as: UInt8.self)
    output.storeBytes(of: hexadecimalDigit(byte >> 4), toByteOffset: position, as: UInt8.self)
    output.storeBytes(of: hexadecimalDigit(byte & 15), toByteOffset: position + 1, as: UInt8.self)
    position += 2
  }
}

@inline(__always)
private func hexadecimalDigit(_ value: UInt8) -> UInt8 {
  value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
}
