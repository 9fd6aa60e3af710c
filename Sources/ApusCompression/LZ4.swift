import CLZ4

// Parquet's LZ4 codec was never specified, and writers did three things with it:
//
//   Hadoop      [uncompressed size, 4 bytes big-endian][compressed size, same][block] …
//   raw         [block]
//   frame       [04 22 4d 18 …]   as the lz4 command writes
//
// A Hadoop frame states both sizes, so it is recognized best and tried first. LZ4_RAW is the raw
// block and nothing else.

/// LZ4 blocks and frames.
///
/// Safety: every size read from the data is compared with both buffers before use; the library's
/// safe entry points check the rest.
enum LZ4 {
  static func decompressRaw(
    source: UnsafeRawBufferPointer,
    into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) {
    guard let count = block(source, into: output) else {
      throw CompressionError(.lz4Raw, .corrupt)
    }
    guard count == output.count else { throw CompressionError(.lz4Raw, .sizeMismatch) }
  }

  static func decompressLegacy(
    source: UnsafeRawBufferPointer,
    into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) {
    if hadoopFrames(source, into: output) { return }
    if let count = block(source, into: output), count == output.count { return }
    if frame(source, into: output) { return }
    throw CompressionError(.lz4Legacy, .corrupt)
  }

  /// Decompresses one block; nil if it is damaged.
  private static func block(
    _ source: UnsafeRawBufferPointer,
    into output: UnsafeMutableRawBufferPointer
  ) -> Int? {
    guard let input = source.bindMemory(to: CChar.self).baseAddress,
      let inputCount = Int32(exactly: source.count), let outputCount = Int32(exactly: output.count)
    else { return nil }
    var nothing: CChar = 0
    let count = withUnsafeMutablePointer(to: &nothing) { nothing in
      let target = output.bindMemory(to: CChar.self).baseAddress ?? nothing
      return LZ4_decompress_safe(input, target, inputCount, outputCount)
    }
    return count >= 0 ? Int(count) : nil
  }

  /// Whether the source is a series of Hadoop frames that fill the output exactly.
  private static func hadoopFrames(
    _ source: UnsafeRawBufferPointer,
    into output: UnsafeMutableRawBufferPointer
  ) -> Bool {
    var position = 0
    var produced = 0
    while source.count - position >= 8 {
      let outputCount = bigEndian(source, at: position)
      let inputCount = bigEndian(source, at: position + 4)
      position += 8
      guard inputCount <= source.count - position, outputCount <= output.count - produced else {
        return false
      }
      let input = UnsafeRawBufferPointer(rebasing: source[position..<position + inputCount])
      let target = UnsafeMutableRawBufferPointer(
        rebasing: output[produced..<produced + outputCount]
      )
      guard block(input, into: target) == outputCount else { return false }
      position += inputCount
      produced += outputCount
    }
    return position == source.count && produced == output.count
  }

  private static func bigEndian(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int {
    Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
  }

  /// Whether the source is one or more LZ4 frames that fill the output exactly.
  private static func frame(
    _ source: UnsafeRawBufferPointer,
    into output: UnsafeMutableRawBufferPointer
  ) -> Bool {
    guard let input = source.baseAddress else { return false }
    var context: OpaquePointer?
    guard LZ4F_isError(LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))) == 0,
      let context
    else { return false }
    defer { LZ4F_freeDecompressionContext(context) }
    var consumed = 0
    var produced = 0
    while consumed < source.count {
      var inputCount = source.count - consumed
      var outputCount = output.count - produced
      let target = output.baseAddress.map { $0 + produced }
      let status = LZ4F_decompress(
        context,
        target,
        &outputCount,
        input + consumed,
        &inputCount,
        nil
      )
      guard LZ4F_isError(status) == 0, inputCount > 0 || outputCount > 0 else { return false }
      consumed += inputCount
      produced += outputCount
      if status == 0, consumed == source.count { return produced == output.count }
    }
    return false
  }
}
