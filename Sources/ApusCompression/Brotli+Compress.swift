import CBrotli

// Safety: the library is given the exact bounds of both buffers and writes nowhere else.

extension Brotli {
  static func compressedBound(_ count: Int) -> Int {
    // The library says 0 for what it cannot bound.
    max(BrotliEncoderMaxCompressedSize(count), 16)
  }

  /// Writes one stream.
  static func compress(
    _ source: UnsafeRawBufferPointer,
    quality: Int,
    into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) -> Int {
    guard let quality = Int32(exactly: quality),
      let target = output.bindMemory(to: UInt8.self).baseAddress
    else { throw CompressionError(.brotli, .notCompressed) }
    var count = output.count
    var nothing: UInt8 = 0
    let isDone = withUnsafeMutablePointer(to: &nothing) { nothing in
      BrotliEncoderCompress(
        quality,
        BROTLI_DEFAULT_WINDOW,
        BROTLI_MODE_GENERIC,
        source.count,
        source.bindMemory(to: UInt8.self).baseAddress ?? UnsafePointer(nothing),
        &count,
        target
      )
    }
    guard isDone == BROTLI_TRUE else { throw CompressionError(.brotli, .notCompressed) }
    return count
  }
}
