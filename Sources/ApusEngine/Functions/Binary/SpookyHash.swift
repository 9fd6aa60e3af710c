/// SpookyHash V2 of 64 bits with seed 0; its low half is the one of 32 bits.
///
/// - Source: Bob Jenkins, SpookyHash: a 128-bit noncryptographic hash, `SpookyV2.cpp`.
enum SpookyHash {
  private static let constant: UInt64 = 0xdead_beef_dead_beef

  /// Texts below this size have a quicker way.
  private static let longByteCount = 192

  static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    bytes.count < longByteCount ? hashShort(bytes) : hashLong(bytes)
  }

  // MARK: Short

  private static let mixRotations: [UInt64] = [50, 52, 30, 41, 54, 48, 38, 37, 62, 34, 5, 36]
  private static let endRotations: [UInt64] = [15, 52, 26, 51, 28, 9, 47, 54, 32, 25, 63]

  private static func hashShort(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var state: [UInt64] = [0, 0, constant, constant]
    var offset = 0
    while bytes.count - offset >= 32 {
      state[2] &+= bytes.littleEndian(at: offset, as: UInt64.self)
      state[3] &+= bytes.littleEndian(at: offset + 8, as: UInt64.self)
      mixShort(&state)
      state[0] &+= bytes.littleEndian(at: offset + 16, as: UInt64.self)
      state[1] &+= bytes.littleEndian(at: offset + 24, as: UInt64.self)
      offset += 32
    }
    if bytes.count - offset >= 16 {
      state[2] &+= bytes.littleEndian(at: offset, as: UInt64.self)
      state[3] &+= bytes.littleEndian(at: offset + 8, as: UInt64.self)
      mixShort(&state)
      offset += 16
    }
    state[3] &+= UInt64(bytes.count) << 56
    if offset == bytes.count {
      state[2] &+= constant
      state[3] &+= constant
    } else {
      state[2] &+= bytes.littleEndianTail(at: offset)
      state[3] &+= bytes.littleEndianTail(at: offset + 8)
    }
    for (step, rotation) in endRotations.enumerated() {
      let target = (step + 3) % 4
      let source = (step + 2) % 4
      state[target] ^= state[source]
      state[source] = rotateLeft(state[source], rotation)
      state[target] &+= state[source]
    }
    return state[0]
  }

  private static func mixShort(_ state: inout [UInt64]) {
    for (step, rotation) in mixRotations.enumerated() {
      let target = (step + 2) % 4
      let next = (step + 3) % 4
      state[target] = rotateLeft(state[target], rotation) &+ state[next]
      state[step % 4] ^= state[target]
    }
  }

  // MARK: Long

  private static let blockWordCount = 12
  private static let blockByteCount = 96
  private static let longMixRotations: [UInt64] = [11, 32, 43, 31, 17, 28, 39, 57, 55, 54, 22, 46]
  private static let longEndRotations: [UInt64] = [44, 15, 34, 21, 38, 33, 10, 13, 38, 53, 42, 54]

  private static func hashLong(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var state = (0..<blockWordCount).map { $0 % 3 == 2 ? constant : 0 }
    var offset = 0
    while bytes.count - offset >= blockByteCount {
      for index in 0..<blockWordCount {
        state[index] &+= bytes.littleEndian(at: offset + 8 * index, as: UInt64.self)
        let next = (index + 1) % 12
        let previous = (index + 11) % 12
        state[(index + 2) % 12] ^= state[(index + 10) % 12]
        state[previous] ^= state[index]
        state[index] = rotateLeft(state[index], longMixRotations[index])
        state[previous] &+= state[next]
      }
      offset += blockByteCount
    }
    for index in 0..<blockWordCount {
      state[index] &+= bytes.littleEndianTail(at: offset + 8 * index)
    }
    // The last byte of the last block says how many of its bytes are there.
    state[11] &+= UInt64(bytes.count - offset) << 56
    for _ in 0..<3 {
      for (step, rotation) in longEndRotations.enumerated() {
        let target = (step + 11) % 12
        let source = (step + 1) % 12
        let other = (step + 2) % 12
        state[target] &+= state[source]
        state[other] ^= state[target]
        state[source] = rotateLeft(state[source], rotation)
      }
    }
    return state[0]
  }
}
