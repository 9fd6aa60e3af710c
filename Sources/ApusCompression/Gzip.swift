import CZlib

/// GZIP members one after the other (RFC 1952), also a zlib stream (RFC 1950), which some writers
/// put in its place.
///
/// Safety: zlib is given the exact bounds of both buffers, in steps that its 32-bit counts can hold.
enum Gzip {
  static func decompress(
    source: UnsafeRawBufferPointer,
    into output: UnsafeMutableRawBufferPointer
  ) throws(CompressionError) {
    guard let input = source.bindMemory(to: UInt8.self).baseAddress else {
      throw CompressionError(.gzip, .corrupt)
    }
    var stream = z_stream()
    // 15 is the largest window, 32 more tells GZIP from zlib by the header.
    guard
      inflateInit2_(&stream, 15 + 32, zlibVersion(), Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw CompressionError(.gzip, .corrupt) }
    defer { inflateEnd(&stream) }

    var consumed = 0
    var produced = 0
    var spare: UInt8 = 0
    while true {
      let inputStep = min(source.count - consumed, 1 << 30)
      let outputStep = min(output.count - produced, 1 << 30)
      stream.next_in = UnsafeMutablePointer(mutating: input + consumed)
      stream.avail_in = UInt32(inputStep)
      // With the output full, one spare byte shows whether the stream would go on.
      let status = withUnsafeMutablePointer(to: &spare) { spare in
        let base = output.bindMemory(to: UInt8.self).baseAddress
        stream.next_out = outputStep > 0 ? base.map { $0 + produced } : spare
        stream.avail_out = outputStep > 0 ? UInt32(outputStep) : 1
        return inflate(&stream, Z_NO_FLUSH)
      }
      consumed += inputStep - Int(stream.avail_in)
      if outputStep > 0 {
        produced += outputStep - Int(stream.avail_out)
      } else if stream.avail_out == 0 {
        throw CompressionError(.gzip, .sizeMismatch)
      }
      switch status {
      case Z_STREAM_END:
        if consumed == source.count {
          guard produced == output.count else { throw CompressionError(.gzip, .sizeMismatch) }
          return
        }
        guard inflateReset(&stream) == Z_OK else { throw CompressionError(.gzip, .corrupt) }
      case Z_OK:
        // Progress was made; a stream that has no more input is cut short.
        if consumed == source.count, stream.avail_out > 0 {
          throw CompressionError(.gzip, .corrupt)
        }
      default:
        throw CompressionError(.gzip, .corrupt)
      }
    }
  }
}
