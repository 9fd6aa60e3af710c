// Definition levels of a flat optional column are 1 for a value and 0 for NULL, which is a validity
// byte. Levels say how many values the page really holds.
//
// Safety: writes at most `count` bytes; the run reader checks its input.

extension RunLengthBitPacked {
  /// Reads levels as validity. A stretch without NULLs touches nothing.
  ///
  /// - Parameter validity: asked for once there may be a NULL; its bytes are 1 so far.
  /// - Returns: the number of values among `count` rows.
  mutating func readLevels(
    _ count: Int,
    at start: Int,
    validity: (Int) -> UnsafeMutablePointer<UInt8>
  ) throws(DecodingFailure) -> Int {
    var done = 0
    var valid = 0
    while done < count {
      if runCount == 0 { try nextRun() }
      let step = min(runCount, count - done)
      if isPacked {
        let output = validity(start + done)
        valid += unpackBooleans(packed, first: packedIndex, count: step, into: output)
      } else if runValue == 0 {
        validity(start + done).update(repeating: 0, count: step)
      } else if runValue == 1 {
        valid += step
      } else {
        throw DecodingFailure("definition level \(runValue) of a column that has but one")
      }
      consume(step)
      done += step
    }
    return valid
  }

  /// Steps over levels if they are one run of values, without NULLs.
  ///
  /// - Returns: whether they are; if not, none is stepped over.
  mutating func skipValues(_ count: Int) throws(DecodingFailure) -> Bool {
    if runCount == 0 { try nextRun() }
    guard !isPacked, runValue == 1, runCount >= count else { return false }
    consume(count)
    return true
  }

  /// Steps over levels.
  ///
  /// - Returns: the number of values among `count` rows.
  mutating func skipLevels(_ count: Int) throws(DecodingFailure) -> Int {
    var left = count
    var valid = 0
    while left > 0 {
      if runCount == 0 { try nextRun() }
      let step = min(runCount, left)
      if isPacked {
        valid += countOnes(packed, first: packedIndex, count: step)
      } else if runValue == 1 {
        valid += step
      } else if runValue != 0 {
        throw DecodingFailure("definition level \(runValue) of a column that has but one")
      }
      consume(step)
      left -= step
    }
    return valid
  }
}

/// Turns the deprecated BIT_PACKED levels, which start at the highest bit of a byte, into a packed
/// run of the hybrid: the bits of each byte are reversed.
func reverseBits(
  _ bytes: UnsafeRawBufferPointer,
  into output: UnsafeMutableRawPointer
) {
  for (index, byte) in bytes.enumerated() {
    var reversed = byte >> 4 | byte << 4
    reversed = (reversed & 0xcc) >> 2 | (reversed & 0x33) << 2
    reversed = (reversed & 0xaa) >> 1 | (reversed & 0x55) << 1
    output.storeBytes(of: reversed, toByteOffset: index, as: UInt8.self)
  }
}
