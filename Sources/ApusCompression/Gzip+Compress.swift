import CZlib

// Safety: the library is given the exact bounds of both buffers and writes nowhere else.

extension Gzip {
  /// The bound that zlib documents for its default window and memory, and the GZIP header's bytes.
  static func compressedBound(_ count: Int) -> Int {
    count + count >> 12 + count >> 14 + count >> 25 + 13 + 18
  }

  /// Writes one member.
  static func compress(
    _ source: UnsafeRawBufferPointer,
    level: Int,
    into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) -> Int {
    guard let inputCount = UInt32(exactly: source.count), let level = Int32(exactly: level),
      let target = output.bindMemory(to: UInt8.self).baseAddress
    else { throw CompressionError(.gzip, .notCompressed) }
    var stream = z_stream()
    // 15 is the largest window, 16 more asks for GZIP's header in place of zlib's.
    guard
      deflateInit2_(
        &stream,
        level,
        Z_DEFLATED,
        15 + 16,
        8,
        Z_DEFAULT_STRATEGY,
        zlibVersion(),
        Int32(MemoryLayout<z_stream>.size)
      ) == Z_OK
    else { throw CompressionError(.gzip, .notCompressed) }
    defer { deflateEnd(&stream) }
    stream.next_in = UnsafeMutablePointer(
      mutating: source.bindMemory(to: UInt8.self).baseAddress
    )
    stream.avail_in = inputCount
    stream.next_out = target
    let outputCount = UInt32(clamping: output.count)
    stream.avail_out = outputCount
    guard deflate(&stream, Z_FINISH) == Z_STREAM_END else {
      throw CompressionError(.gzip, .notCompressed)
    }
    return Int(outputCount - stream.avail_out)
  }
}
