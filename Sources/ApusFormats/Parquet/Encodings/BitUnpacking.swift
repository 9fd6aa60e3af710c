import CApusKernels

// Values of a few bits each, packed from the lowest bit of the first byte on. Three values of 3
// bits, 1 2 3, are 001 010 011 from the right: byte 0 is 11_010_001, byte 1 starts with 0.
//
// Eight values of width w take exactly w bytes, so every eighth value starts at a byte.
//
// Safety: callers check that the packed bytes are there; loads reach further, for which pages have
// `readableSlack`.

/// Unpacks values of at most 32 bits.
///
/// - Parameters:
///   - source: the packed run.
///   - first: which of the run's values comes first.
///   - width: bits per value, 0...32.
///   - output: receives `count` values.
func unpackBits(
  _ source: UnsafeRawPointer,
  first: Int,
  count: Int,
  width: Int,
  into output: UnsafeMutablePointer<UInt32>
) {
  if width == 0 {
    output.update(repeating: 0, count: count)
    return
  }
  var index = 0
  let lead = min(count, -first & 7)
  while index < lead {
    output[index] = unpackOne(source, at: first + index, width: width)
    index += 1
  }
  let groups = (count - index) / 8
  apus_unpack_groups(
    source + (first + index) / 8 * width,
    groups,
    Int32(width),
    output + index
  )
  index += groups * 8
  while index < count {
    output[index] = unpackOne(source, at: first + index, width: width)
    index += 1
  }
}

@inline(__always)
func unpackOne(_ source: UnsafeRawPointer, at index: Int, width: Int) -> UInt32 {
  let bit = index &* width
  let word = source.loadUnaligned(fromByteOffset: bit >> 3, as: UInt64.self) >> UInt64(bit & 7)
  return UInt32(truncatingIfNeeded: word & ((1 << UInt64(width)) - 1))
}

/// Spreads eight bits over the eight bytes of a word: bit i becomes byte i, 0 or 1.
@inline(__always)
func spreadBits(_ byte: UInt8) -> UInt64 {
  var word = UInt64(byte)
  word = (word | word << 28) & 0x0000_000f_0000_000f
  word = (word | word << 14) & 0x0003_0003_0003_0003
  word = (word | word << 7) & 0x0101_0101_0101_0101
  return word
}

/// Unpacks single bits to bytes of 0 and 1.
///
/// - Returns: the number of ones.
@discardableResult
func unpackBooleans(
  _ source: UnsafeRawPointer,
  first: Int,
  count: Int,
  into output: UnsafeMutablePointer<UInt8>
) -> Int {
  var index = 0
  var ones = 0
  while index < count, (first + index) & 7 != 0 {
    let bit = first + index
    let value = source.load(fromByteOffset: bit >> 3, as: UInt8.self) >> UInt8(bit & 7) & 1
    output[index] = value
    ones += Int(value)
    index += 1
  }
  var position = source + (first + index) >> 3
  while index + 8 <= count {
    let byte = position.load(as: UInt8.self)
    UnsafeMutableRawPointer(output + index).storeBytes(of: spreadBits(byte), as: UInt64.self)
    ones += byte.nonzeroBitCount
    position += 1
    index += 8
  }
  while index < count {
    let bit = first + index
    let value = source.load(fromByteOffset: bit >> 3, as: UInt8.self) >> UInt8(bit & 7) & 1
    output[index] = value
    ones += Int(value)
    index += 1
  }
  return ones
}

/// Counts ones among single bits.
func countOnes(_ source: UnsafeRawPointer, first: Int, count: Int) -> Int {
  var ones = 0
  var bit = first
  let end = first + count
  while bit < end {
    let inByte = bit & 7
    let step = min(8 - inByte, end - bit)
    let byte = source.load(fromByteOffset: bit >> 3, as: UInt8.self)
    let mask = (UInt16(1) << UInt16(step)) - 1
    ones += (UInt16(byte >> UInt8(inByte)) & mask).nonzeroBitCount
    bit += step
  }
  return ones
}
