/// Compresses blocks in one way, keeping what a codec can use again from block to block.
///
/// Owned by one writer at a time.
public final class Compressor {
  public let compression: Compression
  private var zstandard: ZstandardCompressionContext?

  public init(_ compression: Compression) { self.compression = compression }

  /// The memory that is kept from block to block, in bytes.
  public var allocatedByteCount: Int { zstandard?.byteCount ?? 0 }

  /// Returns the most bytes that a block of `count` bytes can become.
  public func bound(_ count: Int) -> Int {
    switch compression {
    case .uncompressed: count
    case .snappy: Snappy.compressedBound(count)
    case .gzip: Gzip.compressedBound(count)
    case .zstandard: ZstandardCompressionContext.compressedBound(count)
    case .lz4Raw: LZ4.compressedBound(count)
    case .brotli: Brotli.compressedBound(count)
    }
  }

  /// Compresses `source` to the front of `output`.
  ///
  /// Safety: each codec is told the room that `output` has and writes no further.
  ///
  /// - Parameter output: room for `bound(source.count)` bytes.
  /// - Returns: the number of bytes written.
  /// - Throws: `CompressionError` if the codec gets no memory or the block is too large for it.
  public func compress(
    _ source: UnsafeRawBufferPointer,
    into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) -> Int {
    guard output.count >= bound(source.count) else {
      throw CompressionError(compression.codec, .sizeMismatch)
    }
    switch compression {
    case .uncompressed:
      if !source.isEmpty { output.copyMemory(from: source) }
      return source.count
    case .snappy: return try Snappy.compress(source, into: output)
    case .gzip(let level): return try Gzip.compress(source, level: level, into: output)
    case .zstandard(let level):
      return try zstandardContext().compress(source, level: level, into: output)
    case .lz4Raw: return try LZ4.compressRaw(source, into: output)
    case .brotli(let quality): return try Brotli.compress(source, quality: quality, into: output)
    }
  }

  private func zstandardContext() throws(CompressionError) -> ZstandardCompressionContext {
    if let zstandard { return zstandard }
    let context = try ZstandardCompressionContext()
    zstandard = context
    return context
  }
}
