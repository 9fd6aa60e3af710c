/// SHA-256 and the keyed hash made of it.
///
/// - Source: FIPS 180-4; RFC 2104 for HMAC.
enum SHA256 {
  static let digestByteCount = 32

  static func hash(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var state = State()
    state.update(bytes)
    return state.finish()
  }

  static func hash(_ text: String) -> [UInt8] {
    Array(text.utf8).withUnsafeBytes { hash($0) }
  }

  /// Returns the keyed hash of `message`.
  static func authenticationCode(_ message: String, key: [UInt8]) -> [UInt8] {
    let blockKey = key.count > 64 ? key.withUnsafeBytes { hash($0) } : key
    func padded(_ pad: UInt8) -> [UInt8] {
      (0..<64).map { ($0 < blockKey.count ? blockKey[$0] : 0) ^ pad }
    }
    let inner = (padded(0x36) + Array(message.utf8)).withUnsafeBytes { hash($0) }
    return (padded(0x5c) + inner).withUnsafeBytes { hash($0) }
  }

  /// Writes bytes as hexadecimal digits in lower case.
  static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(2 * bytes.count)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  private static let roundConstants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
    0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
    0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
    0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
    0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
    0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
    0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
    0xc671_78f2,
  ]

  private struct State {
    private var words: [UInt32] = [
      0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
      0x5be0_cd19,
    ]
    private var schedule = [UInt32](repeating: 0, count: 64)
    private var tail: [UInt8] = []
    private var byteCount = 0

    /// Takes all bytes of the message; called once.
    mutating func update(_ bytes: UnsafeRawBufferPointer) {
      byteCount = bytes.count
      let whole = bytes.count & ~63
      compress(UnsafeRawBufferPointer(rebasing: bytes[..<whole]))
      tail = Array(bytes[whole...])
    }

    mutating func finish() -> [UInt8] {
      tail.append(0x80)
      while tail.count % 64 != 56 { tail.append(0) }
      for shift in stride(from: 56, through: 0, by: -8) {
        tail.append(UInt8(truncatingIfNeeded: (byteCount &* 8) >> shift))
      }
      let last = tail
      last.withUnsafeBytes { compress($0) }
      return words.flatMap { word in
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
      }
    }

    /// Mixes in blocks of 64 bytes.
    private mutating func compress(_ bytes: UnsafeRawBufferPointer) {
      words.withUnsafeMutableBufferPointer { words in
        schedule.withUnsafeMutableBufferPointer { schedule in
          SHA256.roundConstants.withUnsafeBufferPointer { constants in
            for block in stride(from: 0, to: bytes.count, by: 64) {
              SHA256.compress(
                UnsafeRawBufferPointer(rebasing: bytes[block..<block + 64]),
                words,
                schedule,
                constants
              )
            }
          }
        }
      }
    }
  }

  @inline(__always)
  private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
    (word &>> count) | (word &<< (32 &- count))
  }

  /// Mixes one block into the eight words.
  private static func compress(
    _ block: UnsafeRawBufferPointer,
    _ words: UnsafeMutableBufferPointer<UInt32>,
    _ schedule: UnsafeMutableBufferPointer<UInt32>,
    _ constants: UnsafeBufferPointer<UInt32>
  ) {
    for index in 0..<16 {
      schedule[index] = UInt32(
        bigEndian: block.loadUnaligned(fromByteOffset: index &* 4, as: UInt32.self)
      )
    }
    for index in 16..<64 {
      let early = schedule[index &- 15]
      let late = schedule[index &- 2]
      let first = rotate(early, 7) ^ rotate(early, 18) ^ (early &>> 3)
      let second = rotate(late, 17) ^ rotate(late, 19) ^ (late &>> 10)
      schedule[index] = schedule[index &- 16] &+ first &+ schedule[index &- 7] &+ second
    }
    var (a, b, c, d) = (words[0], words[1], words[2], words[3])
    var (e, f, g, h) = (words[4], words[5], words[6], words[7])
    for index in 0..<64 {
      let choice = (e & f) ^ (~e & g)
      let majority = (a & b) ^ (a & c) ^ (b & c)
      let mixedE = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      let mixedA = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
      let first = h &+ mixedE &+ choice &+ constants[index] &+ schedule[index]
      (h, g, f, e) = (g, f, e, d &+ first)
      (d, c, b, a) = (c, b, a, first &+ mixedA &+ majority)
    }
    words[0] &+= a
    words[1] &+= b
    words[2] &+= c
    words[3] &+= d
    words[4] &+= e
    words[5] &+= f
    words[6] &+= g
    words[7] &+= h
  }
}
