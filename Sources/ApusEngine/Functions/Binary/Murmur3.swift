/// MurmurHash3 of 128 bits for 64-bit machines, with seed 0.
///
/// - Source: Austin Appleby, SMHasher, `MurmurHash3_x64_128`.
enum Murmur3 {
  private static let constant1: UInt64 = 0x87c3_7b91_1142_53d5
  private static let constant2: UInt64 = 0x4cf5_ad43_2745_937f

  /// The sixteen bytes of the hash.
  static func hash(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    let (first, second) = words(bytes)
    return bigEndianBytes(first.byteSwapped) + bigEndianBytes(second.byteSwapped)
  }

  /// The first eight bytes of the hash, as a number.
  static func hash64(_ bytes: UnsafeRawBufferPointer) -> UInt64 { words(bytes).0 }

  /// The first eight bytes of the hash of a number's own eight, the lowest first.
  static func hash64(_ number: Int64) -> UInt64 {
    let length: UInt64 = 8
    let mixed = length ^ mixFirst(UInt64(bitPattern: number))
    let first = length &+ mixed
    return avalanche(first) &+ avalanche(first &+ length)
  }

  private static func words(_ bytes: UnsafeRawBufferPointer) -> (UInt64, UInt64) {
    var first: UInt64 = 0
    var second: UInt64 = 0
    var offset = 0
    while bytes.count - offset >= 16 {
      first ^= mixFirst(bytes.littleEndian(at: offset, as: UInt64.self))
      first = (rotateLeft(first, 27) &+ second) &* 5 &+ 0x52dc_e729
      second ^= mixSecond(bytes.littleEndian(at: offset + 8, as: UInt64.self))
      second = (rotateLeft(second, 31) &+ first) &* 5 &+ 0x3849_5ab5
      offset += 16
    }
    first ^= mixFirst(bytes.littleEndianTail(at: offset))
    second ^= mixSecond(bytes.littleEndianTail(at: offset + 8))
    first ^= UInt64(bytes.count)
    second ^= UInt64(bytes.count)
    first &+= second
    second &+= first
    first = avalanche(first)
    second = avalanche(second)
    first &+= second
    second &+= first
    return (first, second)
  }

  private static func mixFirst(_ word: UInt64) -> UInt64 {
    rotateLeft(word &* constant1, 31) &* constant2
  }

  private static func mixSecond(_ word: UInt64) -> UInt64 {
    rotateLeft(word &* constant2, 33) &* constant1
  }

  private static func avalanche(_ word: UInt64) -> UInt64 {
    var word = (word ^ word >> 33) &* 0xff51_afd7_ed55_8ccd
    word = (word ^ word >> 33) &* 0xc4ce_b9fe_1a85_ec53
    return word ^ word >> 33
  }
}
