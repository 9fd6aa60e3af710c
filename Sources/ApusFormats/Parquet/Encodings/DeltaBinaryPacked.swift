// Integers as differences, packed by blocks:
//
//   header   values per block, miniblocks per block, value count, first value (zigzag)
//   block    smallest difference (zigzag), a bit width for each miniblock, the miniblocks
//
// A value is the one before plus the smallest difference plus the packed number; sums wrap around.
// Miniblocks after the last value may be missing, and their widths mean nothing.
//
// Source: parquet-format, Encodings.md, "Delta Encoding (DELTA_BINARY_PACKED = 5)".
//
// Safety: a miniblock's bytes are checked to be there before it is unpacked; loads reach up to 15
// bytes further, for which pages have `readableSlack`.

/// Reads differences piece by piece.
struct DeltaBinaryPacked {
  private var position: UnsafeRawPointer
  private let end: UnsafeRawPointer
  private let miniblocksPerBlock: Int
  private let valuesPerMiniblock: Int
  /// Values not yet read, of those the header states.
  private(set) var remaining: Int
  private var current: Int64
  private var isFirst = true
  private var smallestDifference: Int64 = 0
  private var widths: UnsafeRawPointer
  /// Miniblocks of the block that have been begun.
  private var miniblock: Int
  private var width = 0
  private var packed: UnsafeRawPointer
  private var packedIndex = 0
  private var packedCount = 0

  init(_ bytes: UnsafeRawBufferPointer, emptyAt fallback: UnsafeRawPointer) throws(DecodingFailure)
  {
    position = bytes.baseAddress ?? fallback
    end = position + bytes.count
    widths = position
    packed = position
    let blockSize = try DeltaBinaryPacked.varint(&position, end)
    let miniblocks = try DeltaBinaryPacked.varint(&position, end)
    let count = try DeltaBinaryPacked.varint(&position, end)
    current = DeltaBinaryPacked.zigzag(try DeltaBinaryPacked.varint(&position, end))
    guard blockSize > 0, blockSize <= 1 << 31, miniblocks > 0, miniblocks <= blockSize,
      blockSize % miniblocks == 0, (blockSize / miniblocks) % 8 == 0, count <= 1 << 31
    else { throw DecodingFailure("a page of differences has an impossible header") }
    miniblocksPerBlock = Int(miniblocks)
    valuesPerMiniblock = Int(blockSize / miniblocks)
    miniblock = miniblocksPerBlock
    remaining = Int(count)
  }

  private static func varint(
    _ position: inout UnsafeRawPointer,
    _ end: UnsafeRawPointer
  ) throws(DecodingFailure) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      guard position < end, shift < 64 else { throw .truncated }
      let byte = position.load(as: UInt8.self)
      position += 1
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
  }

  private static func zigzag(_ raw: UInt64) -> Int64 {
    Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
  }

  /// Reads `count` values.
  mutating func read(
    _ count: Int,
    into output: UnsafeMutablePointer<Int64>
  ) throws(DecodingFailure) {
    guard count <= remaining else { throw .truncated }
    var done = 0
    if isFirst, count > 0 {
      output[0] = current
      isFirst = false
      done = 1
    }
    while done < count {
      if packedIndex == packedCount { try nextMiniblock(left: remaining - done) }
      let step = min(packedCount - packedIndex, count - done)
      unpack(step, into: output + done)
      packedIndex += step
      done += step
    }
    remaining -= count
  }

  /// Steps over all values and returns where the bytes after them start.
  func endOfValues() throws(DecodingFailure) -> UnsafeRawPointer {
    var copy = self
    // The first value is in the header.
    var left = copy.isFirst ? copy.remaining - 1 : copy.remaining
    while left > 0 {
      try copy.nextMiniblock(left: left)
      left -= copy.packedCount
    }
    return copy.position
  }

  /// - Parameter left: values that the miniblock and those after it hold.
  private mutating func nextMiniblock(left: Int) throws(DecodingFailure) {
    if miniblock == miniblocksPerBlock {
      smallestDifference = DeltaBinaryPacked.zigzag(try DeltaBinaryPacked.varint(&position, end))
      guard end - position >= miniblocksPerBlock else { throw .truncated }
      widths = position
      position += miniblocksPerBlock
      miniblock = 0
    }
    width = Int(widths.load(fromByteOffset: miniblock, as: UInt8.self))
    guard width <= 64 else { throw DecodingFailure("differences of \(width) bits") }
    miniblock += 1
    packed = position
    packedIndex = 0
    packedCount = min(valuesPerMiniblock, left)
    guard (packedCount * width + 7) / 8 <= end - position else { throw .truncated }
    // The last miniblock is padded to its full size, but not by all writers.
    position += min(valuesPerMiniblock / 8 * width, end - position)
  }

  /// Steps over values, which must be added up for those that follow.
  mutating func skip(_ count: Int) throws(DecodingFailure) {
    guard count <= remaining else { throw .truncated }
    var done = 0
    if isFirst, count > 0 {
      isFirst = false
      done = 1
    }
    while done < count {
      if packedIndex == packedCount { try nextMiniblock(left: remaining - done) }
      let step = min(packedCount - packedIndex, count - done)
      addUp(step)
      packedIndex += step
      done += step
    }
    remaining -= count
  }

  private mutating func addUp(_ count: Int) {
    var value = current &+ smallestDifference &* Int64(count)
    let mask: UInt128 = (1 << UInt128(width)) - 1
    var bit = packedIndex * width
    if width > 0 {
      for _ in 0..<count {
        let word = packed.loadUnaligned(fromByteOffset: bit >> 3, as: UInt128.self)
        let difference = UInt64(truncatingIfNeeded: word >> UInt128(bit & 7) & mask)
        value = value &+ Int64(bitPattern: difference)
        bit += width
      }
    }
    current = value
  }

  private mutating func unpack(_ count: Int, into output: UnsafeMutablePointer<Int64>) {
    var value = current
    let base = smallestDifference
    if width == 0 {
      for index in 0..<count {
        value &+= base
        output[index] = value
      }
    } else if width <= 56 {
      let mask: UInt64 = (1 << UInt64(width)) - 1
      var bit = packedIndex * width
      for index in 0..<count {
        let word = packed.loadUnaligned(fromByteOffset: bit >> 3, as: UInt64.self)
        value = value &+ base &+ Int64(bitPattern: word >> UInt64(bit & 7) & mask)
        output[index] = value
        bit += width
      }
    } else {
      let mask: UInt128 = (1 << UInt128(width)) - 1
      var bit = packedIndex * width
      for index in 0..<count {
        let word = packed.loadUnaligned(fromByteOffset: bit >> 3, as: UInt128.self)
        let difference = UInt64(truncatingIfNeeded: word >> UInt128(bit & 7) & mask)
        value = value &+ base &+ Int64(bitPattern: difference)
        output[index] = value
        bit += width
      }
    }
    current = value
  }
}
