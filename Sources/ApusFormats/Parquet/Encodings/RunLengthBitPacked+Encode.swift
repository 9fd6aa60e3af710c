// The other direction of `RunLengthBitPacked`: eight or more equal values become a run, all between
// such runs is packed in groups of eight, which only the last may leave unfilled.
//
// Safety: `values` has `count` elements; room is reserved for all that is written.

/// Appends values as a hybrid of runs and packed bits.
///
/// - Parameter bitWidth: 1...32; every value fits.
func appendRunLengthBitPacked(
  _ values: UnsafePointer<UInt32>,
  count: Int,
  bitWidth: Int,
  to output: GrowableBytes
) {
  var position = 0
  var packedStart = 0
  while position < count {
    let value = values[position]
    var run = 1
    while position + run < count, values[position + run] == value { run += 1 }
    if run >= 8 {
      appendPacked(values + packedStart, position - packedStart, bitWidth, to: output)
      appendRun(of: value, count: run, bitWidth, to: output)
      position += run
      packedStart = position
    } else {
      position += min(8, count - position)
    }
  }
  appendPacked(values + packedStart, count - packedStart, bitWidth, to: output)
}

/// Appends levels of 0 and 1 as such a hybrid.
func appendRunLengthBitPacked(
  levels: UnsafePointer<UInt8>,
  count: Int,
  to output: GrowableBytes
) {
  var position = 0
  var packedStart = 0
  while position < count {
    let level = levels[position]
    var run = 1
    while position + run < count, levels[position + run] == level { run += 1 }
    if run >= 8 {
      appendPackedLevels(levels + packedStart, position - packedStart, to: output)
      appendRun(of: UInt32(level), count: run, 1, to: output)
      position += run
      packedStart = position
    } else {
      position += min(8, count - position)
    }
  }
  appendPackedLevels(levels + packedStart, count - packedStart, to: output)
}

private func appendRun(of value: UInt32, count: Int, _ bitWidth: Int, to output: GrowableBytes) {
  output.appendVarint(UInt64(count) << 1)
  var rest = value
  for _ in 0..<(bitWidth + 7) / 8 {
    output.append(byte: UInt8(truncatingIfNeeded: rest))
    rest >>= 8
  }
}

private func appendPacked(
  _ values: UnsafePointer<UInt32>,
  _ count: Int,
  _ bitWidth: Int,
  to output: GrowableBytes
) {
  if count == 0 { return }
  let groups = (count + 7) / 8
  output.appendVarint(UInt64(groups) << 1 | 1)
  let byteCount = groups * bitWidth
  output.reserve(byteCount + 8)
  let target = output.end
  let width = UInt64(bitWidth)
  var accumulated: UInt64 = 0
  var bits: UInt64 = 0
  var written = 0
  for index in 0..<count {
    accumulated |= UInt64(values[index]) &<< bits
    bits += width
    if bits >= 32 {
      target.storeBytes(
        of: UInt32(truncatingIfNeeded: accumulated).littleEndian,
        toByteOffset: written,
        as: UInt32.self
      )
      written += 4
      accumulated >>= 32
      bits -= 32
    }
  }
  // What is left, and zeros up to the end of the group.
  while written < byteCount {
    target.storeBytes(
      of: UInt8(truncatingIfNeeded: accumulated),
      toByteOffset: written,
      as: UInt8.self
    )
    accumulated >>= 8
    written += 1
  }
  output.advance(byteCount)
}

private func appendPackedLevels(
  _ levels: UnsafePointer<UInt8>,
  _ count: Int,
  to output: GrowableBytes
) {
  if count == 0 { return }
  output.appendVarint(UInt64((count + 7) / 8) << 1 | 1)
  appendBits(levels, count: count, to: output)
}

/// Appends bytes of 0 and 1 as bits, the first in the lowest bit, filling the last byte with zeros.
func appendBits(_ values: UnsafePointer<UInt8>, count: Int, to output: GrowableBytes) {
  output.reserve((count + 7) / 8)
  let target = output.end.assumingMemoryBound(to: UInt8.self)
  let wholeBytes = count / 8
  for index in 0..<wholeBytes {
    var byte: UInt8 = 0
    for bit in 0..<8 { byte |= values[index * 8 + bit] &<< UInt8(bit) }
    target[index] = byte
  }
  if count % 8 > 0 {
    var byte: UInt8 = 0
    for bit in 0..<count % 8 { byte |= values[wholeBytes * 8 + bit] &<< UInt8(bit) }
    target[wholeBytes] = byte
  }
  output.advance((count + 7) / 8)
}
