// Parquet's hybrid of runs and packed bits, which holds levels, booleans and dictionary indices:
//
//   run      [count << 1]       [value, in as many whole bytes as the width needs]
//   packed   [groups << 1 | 1]  [groups × 8 values of `bitWidth` bits]
//
// Source: parquet-format, Encodings.md, "RLE / Bit-Packing Hybrid (RLE = 3)".
//
// Safety: a run's bytes are checked to be there when its header is read; reading the packed ones
// may reach `readableSlack` bytes further. Whoever makes a reader keeps the bytes alive.

/// Reads a hybrid stream piece by piece.
struct RunLengthBitPacked {
  private var position: UnsafeRawPointer
  private let end: UnsafeRawPointer
  let bitWidth: Int
  /// Values left in the current run.
  private(set) var runCount = 0
  private(set) var isPacked = false
  /// The value of a run that is not packed.
  private(set) var runValue: UInt32 = 0
  private(set) var packed: UnsafeRawPointer
  /// The first value left of a packed run.
  private(set) var packedIndex = 0

  /// - Parameter bitWidth: 0...32.
  init(_ bytes: UnsafeRawBufferPointer, emptyAt fallback: UnsafeRawPointer, bitWidth: Int) {
    position = bytes.baseAddress ?? fallback
    end = position + bytes.count
    packed = position
    self.bitWidth = bitWidth
  }

  /// A single packed run of `count` values.
  init(packed bytes: UnsafeRawPointer, count: Int, bitWidth: Int) {
    position = bytes
    end = bytes
    packed = bytes
    self.bitWidth = bitWidth
    isPacked = true
    runCount = count
  }

  /// Reads headers until there is a run with values.
  mutating func nextRun() throws(DecodingFailure) {
    repeat {
      var header: UInt64 = 0
      var shift: UInt64 = 0
      while true {
        guard position < end, shift < 35 else { throw .truncated }
        let byte = position.load(as: UInt8.self)
        position += 1
        header |= UInt64(byte & 0x7f) << shift
        if byte < 0x80 { break }
        shift += 7
      }
      let available = end - position
      if header & 1 == 1 {
        isPacked = true
        packed = position
        packedIndex = 0
        let groups = Int(header >> 1)
        runCount = groups * 8
        if groups * bitWidth > available {
          // Some writers leave out the padding of the last group.
          runCount = available * 8 / bitWidth
          guard runCount > 0 else { throw .truncated }
          position = end
        } else {
          position += groups * bitWidth
        }
      } else {
        isPacked = false
        runCount = Int(header >> 1)
        let byteCount = (bitWidth + 7) / 8
        guard byteCount <= available else { throw .truncated }
        var value: UInt32 = 0
        for index in 0..<byteCount {
          value |= UInt32(position.load(fromByteOffset: index, as: UInt8.self)) << UInt32(index * 8)
        }
        runValue = value
        position += byteCount
      }
    } while runCount == 0
  }

  /// Marks values of the current run as read.
  mutating func consume(_ count: Int) {
    runCount -= count
    packedIndex += count
  }

  /// Steps over values.
  mutating func skip(_ count: Int) throws(DecodingFailure) {
    var left = count
    while left > 0 {
      if runCount == 0 { try nextRun() }
      let step = min(runCount, left)
      consume(step)
      left -= step
    }
  }

  /// Reads booleans into bytes of 0 and 1; the bit width must be 1.
  mutating func readBooleans(
    _ count: Int,
    into output: UnsafeMutablePointer<UInt8>
  ) throws(DecodingFailure) {
    var done = 0
    while done < count {
      if runCount == 0 { try nextRun() }
      let step = min(runCount, count - done)
      if isPacked {
        unpackBooleans(packed, first: packedIndex, count: step, into: output + done)
      } else {
        (output + done).update(repeating: runValue == 0 ? 0 : 1, count: step)
      }
      consume(step)
      done += step
    }
  }
}
