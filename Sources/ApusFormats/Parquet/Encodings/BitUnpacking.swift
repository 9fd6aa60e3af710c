// Values of a few bits each, packed from the lowest bit of the first byte on. Three values of 3
// bits, 1 2 3, are 001 010 011 from the right: byte 0 is 11_010_001, byte 1 starts with 0.
//
// Eight values of width w take exactly w bytes, so every eighth value starts at a byte. The loop
// over such groups is compiled once for each width: with the width a constant, each value is a load
// at a fixed place, a shift and a mask.
//
// Safety: callers check that the packed bytes are there; loads reach up to 7 bytes further, for
// which pages have `readableSlack`.

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
  unpackGroups(
    source + (first + index) / 8 * width,
    groups: groups,
    width: width,
    into: output + index
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

@inline(__always)
private func unpackGroups(
  _ source: UnsafeRawPointer,
  groups: Int,
  constantWidth width: Int,
  into output: UnsafeMutablePointer<UInt32>
) {
  let mask: UInt64 = (1 << UInt64(width)) &- 1
  var position = source
  var target = output
  for _ in 0..<groups {
    if width <= 8 {
      let word = position.loadUnaligned(as: UInt64.self)
      target[0] = UInt32(truncatingIfNeeded: word & mask)
      target[1] = UInt32(truncatingIfNeeded: word &>> UInt64(width) & mask)
      target[2] = UInt32(truncatingIfNeeded: word &>> UInt64(2 &* width) & mask)
      target[3] = UInt32(truncatingIfNeeded: word &>> UInt64(3 &* width) & mask)
      target[4] = UInt32(truncatingIfNeeded: word &>> UInt64(4 &* width) & mask)
      target[5] = UInt32(truncatingIfNeeded: word &>> UInt64(5 &* width) & mask)
      target[6] = UInt32(truncatingIfNeeded: word &>> UInt64(6 &* width) & mask)
      target[7] = UInt32(truncatingIfNeeded: word &>> UInt64(7 &* width) & mask)
    } else {
      target[0] = constantPlace(position, bit: 0, mask)
      target[1] = constantPlace(position, bit: width, mask)
      target[2] = constantPlace(position, bit: 2 &* width, mask)
      target[3] = constantPlace(position, bit: 3 &* width, mask)
      target[4] = constantPlace(position, bit: 4 &* width, mask)
      target[5] = constantPlace(position, bit: 5 &* width, mask)
      target[6] = constantPlace(position, bit: 6 &* width, mask)
      target[7] = constantPlace(position, bit: 7 &* width, mask)
    }
    position += width
    target += 8
  }
}

@inline(__always)
private func constantPlace(_ source: UnsafeRawPointer, bit: Int, _ mask: UInt64) -> UInt32 {
  let word = source.loadUnaligned(fromByteOffset: bit &>> 3, as: UInt64.self)
  return UInt32(truncatingIfNeeded: word &>> UInt64(bit & 7) & mask)
}

private func unpackGroups(
  _ source: UnsafeRawPointer,
  groups: Int,
  width: Int,
  into output: UnsafeMutablePointer<UInt32>
) {
  switch width {
  case 1: unpackGroups(source, groups: groups, constantWidth: 1, into: output)
  case 2: unpackGroups(source, groups: groups, constantWidth: 2, into: output)
  case 3: unpackGroups(source, groups: groups, constantWidth: 3, into: output)
  case 4: unpackGroups(source, groups: groups, constantWidth: 4, into: output)
  case 5: unpackGroups(source, groups: groups, constantWidth: 5, into: output)
  case 6: unpackGroups(source, groups: groups, constantWidth: 6, into: output)
  case 7: unpackGroups(source, groups: groups, constantWidth: 7, into: output)
  case 8: unpackGroups(source, groups: groups, constantWidth: 8, into: output)
  case 9: unpackGroups(source, groups: groups, constantWidth: 9, into: output)
  case 10: unpackGroups(source, groups: groups, constantWidth: 10, into: output)
  case 11: unpackGroups(source, groups: groups, constantWidth: 11, into: output)
  case 12: unpackGroups(source, groups: groups, constantWidth: 12, into: output)
  case 13: unpackGroups(source, groups: groups, constantWidth: 13, into: output)
  case 14: unpackGroups(source, groups: groups, constantWidth: 14, into: output)
  case 15: unpackGroups(source, groups: groups, constantWidth: 15, into: output)
  case 16: unpackGroups(source, groups: groups, constantWidth: 16, into: output)
  case 17: unpackGroups(source, groups: groups, constantWidth: 17, into: output)
  case 18: unpackGroups(source, groups: groups, constantWidth: 18, into: output)
  case 19: unpackGroups(source, groups: groups, constantWidth: 19, into: output)
  case 20: unpackGroups(source, groups: groups, constantWidth: 20, into: output)
  default: unpackGroups(source, groups: groups, constantWidth: width, into: output)
  }
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
