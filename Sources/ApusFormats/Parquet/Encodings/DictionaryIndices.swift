// Dictionary indices, as such or replaced by what they point to at once.
//
// Safety: every index is compared with the size of the dictionary before it is used: the value of
// a run once, packed ones by the greatest of each piece.

extension RunLengthBitPacked {
  /// Reads indices.
  ///
  /// - Throws: if one is not below `limit`.
  mutating func readIndices(
    _ count: Int,
    limit: Int,
    into output: UnsafeMutablePointer<UInt32>
  ) throws(DecodingFailure) {
    var done = 0
    while done < count {
      if runCount == 0 { try nextRun() }
      let step = min(runCount, count - done)
      if isPacked {
        unpackBits(packed, first: packedIndex, count: step, width: bitWidth, into: output + done)
        try checkIndices(output + done, count: step, limit: limit)
      } else {
        guard Int(runValue) < limit else { throw RunLengthBitPacked.outside(runValue, limit) }
        (output + done).update(repeating: runValue, count: step)
      }
      consume(step)
      done += step
    }
  }

  /// Reads indices and writes the values that they point to.
  ///
  /// - Parameter scratch: room for `gatherStep` indices.
  mutating func gather<Element: BitwiseCopyable>(
    _ count: Int,
    from dictionary: UnsafePointer<Element>,
    limit: Int,
    scratch: UnsafeMutablePointer<UInt32>,
    into output: UnsafeMutablePointer<Element>
  ) throws(DecodingFailure) {
    var done = 0
    while done < count {
      if runCount == 0 { try nextRun() }
      if isPacked {
        let step = min(runCount, count - done, RunLengthBitPacked.gatherStep)
        unpackBits(packed, first: packedIndex, count: step, width: bitWidth, into: scratch)
        try checkIndices(scratch, count: step, limit: limit)
        let target = output + done
        for index in 0..<step { target[index] = dictionary[Int(scratch[index])] }
        consume(step)
        done += step
      } else {
        let step = min(runCount, count - done)
        guard Int(runValue) < limit else { throw RunLengthBitPacked.outside(runValue, limit) }
        (output + done).update(repeating: dictionary[Int(runValue)], count: step)
        consume(step)
        done += step
      }
    }
  }

  /// Indices unpacked at a time before they are followed: 4 KiB, which stay in the nearest cache.
  static var gatherStep: Int { 1024 }

  private func checkIndices(
    _ indices: UnsafePointer<UInt32>,
    count: Int,
    limit: Int
  ) throws(DecodingFailure) {
    // Where all values of the width are indices there is nothing to find.
    if bitWidth < 32, 1 << bitWidth <= limit { return }
    var greatest: UInt32 = 0
    for index in 0..<count { greatest = max(greatest, indices[index]) }
    guard count == 0 || Int(greatest) < limit else {
      throw RunLengthBitPacked.outside(greatest, limit)
    }
  }

  private static func outside(_ index: UInt32, _ limit: Int) -> DecodingFailure {
    DecodingFailure("dictionary index \(index) is outside of a dictionary of \(limit)")
  }
}
