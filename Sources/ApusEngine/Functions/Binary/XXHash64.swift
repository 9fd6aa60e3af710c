/// xxHash of 64 bits with seed 0.
///
/// - Source: Yann Collet, xxHash fast digest algorithm, `doc/xxhash_spec.md`.
enum XXHash64 {
  private static let prime1: UInt64 = 0x9e37_79b1_85eb_ca87
  private static let prime2: UInt64 = 0xc2b2_ae3d_27d4_eb4f
  private static let prime3: UInt64 = 0x1656_67b1_9e37_79f9
  private static let prime4: UInt64 = 0x85eb_ca77_c2b2_ae63
  private static let prime5: UInt64 = 0x27d4_eb2f_1656_67c5

  static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var offset = 0
    var value: UInt64
    if bytes.count >= 32 {
      var lanes = (prime1 &+ prime2, prime2, UInt64(0), 0 &- prime1)
      while bytes.count - offset >= 32 {
        lanes.0 = round(lanes.0, bytes.littleEndian(at: offset, as: UInt64.self))
        lanes.1 = round(lanes.1, bytes.littleEndian(at: offset + 8, as: UInt64.self))
        lanes.2 = round(lanes.2, bytes.littleEndian(at: offset + 16, as: UInt64.self))
        lanes.3 = round(lanes.3, bytes.littleEndian(at: offset + 24, as: UInt64.self))
        offset += 32
      }
      value =
        rotateLeft(lanes.0, 1) &+ rotateLeft(lanes.1, 7) &+ rotateLeft(lanes.2, 12)
        &+ rotateLeft(lanes.3, 18)
      value = merge(value, lanes.0)
      value = merge(value, lanes.1)
      value = merge(value, lanes.2)
      value = merge(value, lanes.3)
    } else {
      value = prime5
    }
    value &+= UInt64(bytes.count)
    while bytes.count - offset >= 8 {
      value ^= round(0, bytes.littleEndian(at: offset, as: UInt64.self))
      value = rotateLeft(value, 27) &* prime1 &+ prime4
      offset += 8
    }
    if bytes.count - offset >= 4 {
      value ^= UInt64(bytes.littleEndian(at: offset, as: UInt32.self)) &* prime1
      value = rotateLeft(value, 23) &* prime2 &+ prime3
      offset += 4
    }
    while offset < bytes.count {
      value ^= UInt64(bytes[offset]) &* prime5
      value = rotateLeft(value, 11) &* prime1
      offset += 1
    }
    value = (value ^ value >> 33) &* prime2
    value = (value ^ value >> 29) &* prime3
    return value ^ value >> 32
  }

  /// Hashes the eight bytes of a number, the lowest first.
  static func hash(_ number: UInt64) -> UInt64 {
    var value = prime5 &+ 8
    value ^= round(0, number)
    value = rotateLeft(value, 27) &* prime1 &+ prime4
    value = (value ^ value >> 33) &* prime2
    value = (value ^ value >> 29) &* prime3
    return value ^ value >> 32
  }

  private static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 {
    rotateLeft(lane &+ input &* prime2, 31) &* prime1
  }

  private static func merge(_ value: UInt64, _ lane: UInt64) -> UInt64 {
    (value ^ round(0, lane)) &* prime1 &+ prime4
  }
}
