import CZstandard

/// Makes Zstandard frames with one context again and again.
///
/// Safety: the library is given the exact bounds of both buffers and writes nowhere else.
final class ZstandardCompressionContext {
  private let context: OpaquePointer

  init() throws(CompressionError) {
    guard let context = ZSTD_createCCtx() else {
      throw CompressionError(.zstandard, .notCompressed)
    }
    self.context = context
  }

  deinit { ZSTD_freeCCtx(context) }

  var byteCount: Int { ZSTD_sizeof_CCtx(context) }

  static func compressedBound(_ count: Int) -> Int { ZSTD_compressBound(count) }

  func compress(
    _ source: UnsafeRawBufferPointer,
    level: Int,
    into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) -> Int {
    guard let level = Int32(exactly: level) else {
      throw CompressionError(.zstandard, .notCompressed)
    }
    let count = ZSTD_compressCCtx(
      context,
      output.baseAddress,
      output.count,
      source.baseAddress,
      source.count,
      level
    )
    guard ZSTD_isError(count) == 0 else { throw CompressionError(.zstandard, .notCompressed) }
    return count
  }
}
