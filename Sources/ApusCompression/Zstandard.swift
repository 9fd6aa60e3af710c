import CZstandard

/// Zstandard frames, decompressed with one context again and again.
///
/// Safety: the library is given the exact bounds of both buffers and writes nowhere else.
final class ZstandardContext {
  private let context: OpaquePointer

  init() throws(CompressionError) {
    guard let context = ZSTD_createDCtx() else { throw CompressionError(.zstandard, .corrupt) }
    self.context = context
  }

  deinit { ZSTD_freeDCtx(context) }

  func decompress(
    source: UnsafeRawBufferPointer,
    into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) {
    let count = ZSTD_decompressDCtx(
      context,
      output.baseAddress,
      output.count,
      source.baseAddress,
      source.count
    )
    guard ZSTD_isError(count) == 0 else { throw CompressionError(.zstandard, .corrupt) }
    guard count == output.count else { throw CompressionError(.zstandard, .sizeMismatch) }
  }
}
