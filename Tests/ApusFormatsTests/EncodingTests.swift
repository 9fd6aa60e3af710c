import ApusVectors
import Testing

@testable import ApusFormats

/// What small encoders write, the decoders read, in pieces of any size.
@Suite struct EncodingTests {
  // MARK: Encoders

  static func pack(_ values: [UInt64], width: Int) -> [UInt8] {
    var bits: [UInt8] = []
    for value in values {
      for bit in 0..<width { bits.append(UInt8(value >> UInt64(bit) & 1)) }
    }
    while bits.count % 8 != 0 { bits.append(0) }
    return stride(from: 0, to: bits.count, by: 8).map { start in
      (0..<8).reduce(0) { $0 | bits[start + $1] << UInt8($1) }
    }
  }

  static func varint(_ value: UInt64) -> [UInt8] {
    var value = value
    var bytes: [UInt8] = []
    while value >= 0x80 {
      bytes.append(UInt8(value & 0x7f) | 0x80)
      value >>= 7
    }
    return bytes + [UInt8(value)]
  }

  static func zigzag(_ value: Int64) -> [UInt8] {
    varint(UInt64(bitPattern: value << 1 ^ value >> 63))
  }

  /// Writes runs of random kinds and lengths.
  static func hybrid(_ values: [UInt64], width: Int, _ generator: inout SplitMix) -> [UInt8] {
    var bytes: [UInt8] = []
    var position = 0
    while position < values.count {
      let left = values.count - position
      let same = values[position...].prefix { $0 == values[position] }.count
      if same >= 4 || Bool.random(using: &generator) {
        bytes += varint(UInt64(same) << 1)
        for byte in 0..<(width + 7) / 8 {
          bytes.append(UInt8(truncatingIfNeeded: values[position] >> UInt64(byte * 8)))
        }
        position += same
      } else {
        let groups = min((left + 7) / 8, Int.random(in: 1...9, using: &generator))
        var run = Array(values[position...].prefix(groups * 8))
        position += run.count
        run += [UInt64](repeating: 0, count: groups * 8 - run.count)
        bytes += varint(UInt64(groups) << 1 | 1) + pack(run, width: width)
      }
    }
    return bytes
  }

  static func deltas(_ values: [Int64], blockSize: Int, miniblocks: Int) -> [UInt8] {
    var bytes =
      varint(UInt64(blockSize)) + varint(UInt64(miniblocks)) + varint(UInt64(values.count))
    bytes += zigzag(values.first ?? 0)
    let differences = zip(values.dropFirst(), values).map { $0 &- $1 }
    let perMiniblock = blockSize / miniblocks
    for start in stride(from: 0, to: differences.count, by: blockSize) {
      let block = Array(differences[start..<min(start + blockSize, differences.count)])
      let least = block.min() ?? 0
      bytes += zigzag(least)
      var widths: [UInt8] = []
      var packed: [UInt8] = []
      for index in 0..<miniblocks {
        let rest = block.dropFirst(index * perMiniblock).prefix(perMiniblock)
        if rest.isEmpty {
          // The width of a miniblock that is not there means nothing.
          widths.append(77)
          continue
        }
        var numbers = rest.map { UInt64(bitPattern: $0 &- least) }
        let width = 64 - (numbers.map(\.leadingZeroBitCount).min() ?? 64)
        widths.append(UInt8(width))
        numbers += [UInt64](repeating: 0, count: perMiniblock - numbers.count)
        packed += pack(numbers, width: width)
      }
      bytes += widths + packed
    }
    return bytes
  }

  // MARK: Tests

  /// Calls `body` with the bytes and the slack that pages have.
  private func withPage<Result>(
    _ bytes: [UInt8],
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    let padded = bytes + [UInt8](repeating: 0xee, count: readableSlack)
    return try padded.withUnsafeBytes {
      try body(UnsafeRawBufferPointer(rebasing: $0[..<bytes.count]))
    }
  }

  /// Splits a count at random.
  private func pieces(_ count: Int, _ generator: inout SplitMix) -> [Int] {
    var left = count
    var result: [Int] = []
    while left > 0 {
      let piece = Int.random(in: 1...min(left, 70), using: &generator)
      result.append(piece)
      left -= piece
    }
    return result
  }

  @Test(arguments: 0...32)
  func indicesOfEveryWidth(_ width: Int) throws {
    var generator = SplitMix(seed: UInt64(width) + 100)
    for _ in 0..<12 {
      let count = Int.random(in: 1...400, using: &generator)
      let mask: UInt64 = (1 << UInt64(width)) - 1
      var values: [UInt64] = []
      while values.count < count {
        let value = UInt64.random(in: 0...mask, using: &generator)
        let length = Bool.random(using: &generator) ? 1 : Int.random(in: 1...60, using: &generator)
        values += [UInt64](repeating: value, count: length)
      }
      values.removeLast(values.count - count)
      let bytes = Self.hybrid(values, width: width, &generator)
      let limit = Int(values.max() ?? 0) + 1
      try withPage(bytes) { page in
        guard let base = page.baseAddress else { return }
        var reader = RunLengthBitPacked(page, emptyAt: base, bitWidth: width)
        var output = [UInt32](repeating: 0, count: count)
        var done = 0
        for piece in pieces(count, &generator) {
          try output.withUnsafeMutableBufferPointer {
            guard let target = $0.baseAddress else { return }
            try reader.readIndices(piece, limit: limit, into: target + done)
          }
          done += piece
        }
        #expect(output.map { UInt64($0) } == values)
        // One index less is one too few.
        var strict = RunLengthBitPacked(page, emptyAt: base, bitWidth: width)
        #expect(throws: DecodingFailure.self) {
          try output.withUnsafeMutableBufferPointer {
            if let target = $0.baseAddress {
              try strict.readIndices(count, limit: limit - 1, into: target)
            }
          }
        }
      }
    }
  }

  @Test func levelsAreValidity() throws {
    var generator = SplitMix(seed: 5)
    for _ in 0..<60 {
      let count = Int.random(in: 1...300, using: &generator)
      var values: [UInt64] = []
      while values.count < count {
        let length = Int.random(in: 1...40, using: &generator)
        let isRun = Bool.random(using: &generator)
        for _ in 0..<length {
          values.append(isRun ? 1 : UInt64.random(in: 0...1, using: &generator))
        }
      }
      values.removeLast(values.count - count)
      let bytes = Self.hybrid(values, width: 1, &generator)
      try withPage(bytes) { page in
        guard let base = page.baseAddress else { return }
        var reader = RunLengthBitPacked(page, emptyAt: base, bitWidth: 1)
        let validity = UnsafeMutablePointer<UInt8>.allocate(capacity: count)
        validity.initialize(repeating: 1, count: count)
        defer { validity.deallocate() }
        var done = 0
        var valid = 0
        for piece in pieces(count, &generator) {
          valid += try reader.readLevels(piece, at: done) { validity + $0 }
          done += piece
        }
        #expect((0..<count).map { UInt64(validity[$0]) } == values)
        #expect(valid == values.reduce(0) { $0 + Int($1) })
      }
    }
  }

  @Test func spreadingPutsValuesAtTheirRows() {
    var generator = SplitMix(seed: 6)
    for _ in 0..<200 {
      let count = Int.random(in: 1...50, using: &generator)
      let validity = (0..<count).map { _ in UInt8.random(in: 0...1, using: &generator) }
      let validCount = validity.reduce(0) { $0 + Int($1) }
      var values = (0..<count).map { $0 < validCount ? Int32($0 + 1) : -99 }
      values.withUnsafeMutableBufferPointer { values in
        guard let base = values.baseAddress else { return }
        spreadValues(base, validity: validity, count: count, validCount: validCount, filler: 0)
      }
      var next: Int32 = 0
      let expected = validity.map { bit -> Int32 in
        if bit == 0 { return 0 }
        next += 1
        return next
      }
      #expect(values == expected)
    }
  }

  @Test(arguments: [(128, 4), (128, 1), (256, 8), (1024, 4), (8, 1)])
  func deltasOfEveryWidth(_ blockSize: Int, _ miniblocks: Int) throws {
    var generator = SplitMix(seed: UInt64(blockSize + miniblocks))
    for width in 0...64 {
      let count = Int.random(in: 1...700, using: &generator)
      let values = (0..<count).map { index -> Int64 in
        let random = generator.next()
        return Int64(bitPattern: width == 64 ? random : random & ((1 << UInt64(width)) - 1))
          &+ Int64(index)
      }
      let bytes = Self.deltas(values, blockSize: blockSize, miniblocks: miniblocks)
      try withPage(bytes + [1, 2, 3]) { page in
        guard let base = page.baseAddress else { return }
        var reader = try DeltaBinaryPacked(page, emptyAt: base)
        #expect(try reader.endOfValues() - base == bytes.count)
        var output = [Int64](repeating: 0, count: count)
        var done = 0
        for piece in pieces(count, &generator) {
          try output.withUnsafeMutableBufferPointer {
            if let target = $0.baseAddress { try reader.read(piece, into: target + done) }
          }
          done += piece
        }
        #expect(output == values)
        #expect(throws: DecodingFailure.self) {
          try output.withUnsafeMutableBufferPointer {
            if let target = $0.baseAddress { try reader.read(1, into: target) }
          }
        }
      }
    }
  }

  @Test func viewsOfWholeWordsAreViews() {
    let text = Array("abcdefghijklmnopqrstuvwxyz".utf8)
    withPage(text) { page in
      guard let base = page.baseAddress else { return }
      for start in 0...2 {
        for count in 0...20 {
          let view = makeView(base + start, count: count)
          let expected = StringView(base + start, count: count)
          #expect(view.low == expected.low && view.high == expected.high)
        }
      }
    }
  }

  @Test func reversedBitsAreOldLevels() {
    let bytes: [UInt8] = [0b1000_0000, 0b1010_0011]
    let output = UnsafeMutableRawPointer.allocate(byteCount: 2, alignment: 1)
    defer { output.deallocate() }
    bytes.withUnsafeBytes { reverseBits($0, into: output) }
    #expect(output.load(as: UInt8.self) == 0b0000_0001)
    #expect(output.load(fromByteOffset: 1, as: UInt8.self) == 0b1100_0101)
  }

  @Test func halvesAreFloats() {
    let cases: [(UInt16, Float)] = [
      (0x0000, 0), (0x3c00, 1), (0xc000, -2), (0x7bff, 65504), (0x0400, 0x1p-14), (0x0001, 0x1p-24),
      (0x03ff, 0x1.ff8p-15), (0x7c00, .infinity), (0xfc00, -.infinity), (0x8001, -0x1p-24),
    ]
    for (bits, value) in cases { #expect(floatFromHalf(bits) == value) }
    #expect(floatFromHalf(0x7e00).isNaN)
    #expect(floatFromHalf(0x8000).sign == .minus)
  }

  @Test func bigEndianNumbersOfAnyLength() {
    func number(_ bytes: [UInt8]) -> Int128? { bytes.withUnsafeBytes { bigEndianInteger($0) } }
    #expect(number([]) == nil)
    #expect(number([0x7f]) == 127)
    #expect(number([0xff]) == -1)
    #expect(number([0x01, 0x00]) == 256)
    #expect(number([0xff, 0x00]) == -256)
    #expect(number([UInt8](repeating: 0xff, count: 20)) == -1)
    #expect(number([UInt8](repeating: 0, count: 19) + [9]) == 9)
    #expect(number([1] + [UInt8](repeating: 0, count: 16)) == nil)
    #expect(number([0] + [0x80] + [UInt8](repeating: 0, count: 15)) == nil)
    #expect(number([0x80] + [UInt8](repeating: 0, count: 15)) == Int128.min)
  }
}
