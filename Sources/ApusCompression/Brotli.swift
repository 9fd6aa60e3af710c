import CBrotli

/// Brotli (RFC 7932), one stream.
///
/// Safety: the library is given the exact bounds of both buffers.
enum Brotli {
  static func decompress(
    source: UnsafeRawBufferPointer,
    into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) {
    guard let input = source.bindMemory(to: UInt8.self).baseAddress else {
      throw CompressionError(.brotli, .corrupt)
    }
    var count = output.count
    var nothing: UInt8 = 0
    let result = withUnsafeMutablePointer(to: &nothing) { nothing in
      let target = output.bindMemory(to: UInt8.self).baseAddress ?? nothing
      return BrotliDecoderDecompress(source.count, input, &count, target)
    }
    guard result == BROTLI_DECODER_RESULT_SUCCESS else { throw CompressionError(.brotli, .corrupt) }
    guard count == output.count else { throw CompressionError(.brotli, .sizeMismatch) }
  }
}
