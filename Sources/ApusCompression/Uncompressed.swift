/// The codec that does nothing.
///
/// Safety: copies only where both sides have the same size.
enum Uncompressed {
  static func decompress(
    source: UnsafeRawBufferPointer,
    into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) {
    guard source.count == output.count else {
      throw CompressionError(.uncompressed, .sizeMismatch)
    }
    if !source.isEmpty { output.copyMemory(from: source) }
  }
}
