import CSnappy

/// Snappy's raw format: a length, then literals and copies.
///
/// Safety: the length in the stream is compared with the output before anything is written.
enum Snappy {
  static func decompress(
    source: UnsafeRawBufferPointer,
    into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) {
    guard let input = source.bindMemory(to: CChar.self).baseAddress else {
      throw CompressionError(.snappy, .corrupt)
    }
    var length = 0
    guard snappy_uncompressed_length(input, source.count, &length) == SNAPPY_OK else {
      throw CompressionError(.snappy, .corrupt)
    }
    guard length == output.count else { throw CompressionError(.snappy, .sizeMismatch) }
    // An empty output still has a stream to check; the library wants a place for it.
    var nothing: CChar = 0
    let status = withUnsafeMutablePointer(to: &nothing) { nothing in
      snappy_uncompress(
        input,
        source.count,
        output.bindMemory(to: CChar.self).baseAddress ?? nothing,
        &length
      )
    }
    guard status == SNAPPY_OK, length == output.count else {
      throw CompressionError(.snappy, .corrupt)
    }
  }
}
