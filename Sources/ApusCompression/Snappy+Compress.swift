import CSnappy

// Safety: snappy trusts that the output has room for its bound, which `Compressor` has checked.

extension Snappy {
  static func compressedBound(_ count: Int) -> Int { snappy_max_compressed_length(count) }

  static func compress(
    _ source: UnsafeRawBufferPointer,
    into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) -> Int {
    // An empty source is a stream, too; the library wants a place for it.
    var nothing: CChar = 0
    var length = output.count
    let status = withUnsafeMutablePointer(to: &nothing) { nothing in
      snappy_compress(
        source.bindMemory(to: CChar.self).baseAddress ?? UnsafePointer(nothing),
        source.count,
        output.bindMemory(to: CChar.self).baseAddress ?? nothing,
        &length
      )
    }
    guard status == SNAPPY_OK else { throw CompressionError(.snappy, .notCompressed) }
    return length
  }
}
