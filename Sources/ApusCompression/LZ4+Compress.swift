import CLZ4

// Safety: the library is given the exact bounds of both buffers and writes nowhere else.

extension LZ4 {
  static func compressedBound(_ count: Int) -> Int {
    // LZ4_compressBound in 64 bits; a block that is too large is refused when it comes.
    count + count / 255 + 16
  }

  /// Writes one block.
  static func compressRaw(
    _ source: UnsafeRawBufferPointer,
    into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) -> Int {
    guard let inputCount = Int32(exactly: source.count),
      let target = output.bindMemory(to: CChar.self).baseAddress
    else { throw CompressionError(.lz4Raw, .notCompressed) }
    var nothing: CChar = 0
    let count = withUnsafeMutablePointer(to: &nothing) { nothing in
      LZ4_compress_default(
        source.bindMemory(to: CChar.self).baseAddress ?? UnsafePointer(nothing),
        target,
        inputCount,
        Int32(clamping: output.count)
      )
    }
    guard count > 0 else { throw CompressionError(.lz4Raw, .notCompressed) }
    return Int(count)
  }
}
