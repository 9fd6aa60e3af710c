import ApusCompression
import Testing

/// What a compressor makes, the decompressor of its codec undoes.
@Suite struct CompressorTests {
  static let compressions: [Compression] = [
    .uncompressed, .snappy, .gzip(), .gzip(level: 1), .gzip(level: 9), .zstandard(),
    .zstandard(level: 1), .zstandard(level: 22), .lz4Raw, .brotli(), .brotli(quality: 0),
  ]

  /// Nothing, little, much that repeats and much that does not.
  static let blocks: [[UInt8]] = {
    var random = SystemRandomNumberGenerator()
    return [
      [], [7], Array("Apus apus".utf8), [UInt8](repeating: 0, count: 100_000),
      (0..<100_000).map { _ in random.next() },
      (0..<100_000).map { UInt8(truncatingIfNeeded: $0 / 7) },
    ]
  }()

  @Test("blocks come back", arguments: compressions)
  func roundTrip(compression: Compression) throws {
    let compressor = Compressor(compression)
    let decompressor = Decompressor()
    for block in CompressorTests.blocks {
      var compressed = [UInt8](repeating: 0, count: compressor.bound(block.count))
      let count = try compressed.withUnsafeMutableBytes { output in
        try block.withUnsafeBytes { source in
          try compressor.compress(source, into: output)
        }
      }
      #expect(count <= compressed.count)
      #expect(compression.codec.canHold(block.count, in: count))
      var result = [UInt8](repeating: 1, count: block.count)
      try result.withUnsafeMutableBytes { output in
        try compressed[..<count].withUnsafeBytes { source in
          try decompressor.decompress(compression.codec, source: source, into: output)
        }
      }
      #expect(result == block)
    }
  }

  @Test("what repeats becomes smaller", arguments: compressions.dropFirst())
  func smaller(compression: Compression) throws {
    let compressor = Compressor(compression)
    var output = [UInt8](repeating: 0, count: compressor.bound(100_000))
    let count = try output.withUnsafeMutableBytes { output in
      try CompressorTests.blocks[3].withUnsafeBytes { source in
        try compressor.compress(source, into: output)
      }
    }
    #expect(count < 10_000)
  }

  @Test("too little room is refused", arguments: compressions)
  func room(compression: Compression) {
    let compressor = Compressor(compression)
    var output: [UInt8] = [0]
    #expect(throws: CompressionError.self) {
      try output.withUnsafeMutableBytes { output in
        try CompressorTests.blocks[4].withUnsafeBytes { source in
          try compressor.compress(source, into: output)
        }
      }
    }
  }
}
