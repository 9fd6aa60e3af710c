/// Decompresses blocks, keeping what a codec can use again from block to block.
///
/// Owned by one reader at a time.
public final class Decompressor {
  private var zstandard: ZstandardContext?

  public init() {}

  /// Decompresses `source` so that it fills `output` exactly.
  ///
  /// Safety: each codec is told the room that `output` has and writes no further.
  ///
  /// - Throws: `CompressionError` if the bytes are damaged or are more or fewer than `output`.
  public func decompress(
    _ codec: Codec,
    source: UnsafeRawBufferPointer,
    into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) {
    switch codec {
    case .uncompressed: try Uncompressed.decompress(source: source, into: output)
    case .snappy: try Snappy.decompress(source: source, into: output)
    case .gzip: try Gzip.decompress(source: source, into: output)
    case .zstandard: try zstandardContext().decompress(source: source, into: output)
    case .lz4Legacy: try LZ4.decompressLegacy(source: source, into: output)
    case .lz4Raw: try LZ4.decompressRaw(source: source, into: output)
    case .brotli: try Brotli.decompress(source: source, into: output)
    }
  }

  private func zstandardContext() throws(CompressionError) -> ZstandardContext {
    if let zstandard { return zstandard }
    let context = try ZstandardContext()
    zstandard = context
    return context
  }
}
