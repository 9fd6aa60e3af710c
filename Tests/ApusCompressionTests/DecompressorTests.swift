import ApusCompression
import Testing

/// Every codec gives back the text, and only that.
@Suite struct DecompressorTests {
  static let text =
    String(repeating: "Apus apus, the common swift, sleeps on the wing. ", count: 4)
    + "end"

  /// Compressed by pyarrow's codecs; the Hadoop frames are two of its raw LZ4 blocks.
  static let samples: [(codec: Codec, name: String, bytes: [UInt8])] = [
    (
      .snappy, "snappy",
      bytes(
        "c701984170757320617075732c2074686520636f6d6d6f6e2073776966742c20736c65657073"
          + "206f6e20011c1477696e672e20fe3100fe31004a310008656e64"
      )
    ),
    (
      .gzip, "one member",
      bytes(
        "1f8b0800000000000203732c282d564804123a0a2519a90ac9f9b9b9f9790ac5e59969253a0a"
          + "c539a9a905c50a4001905c79665eba9e82e3e0d3909a970200f28bb26ac7000000"
      )
    ),
    (
      .gzip, "two members",
      bytes(
        "1f8b0800000000000203732c282d564804123a0a2519a90ac9f9b9b9f9790ac5e59969253a0a"
          + "c539a9a905c50a4001905c79665eba9e82230035d1bb8c320000001f8b08000000000002032b"
          + "282d56482c282dd65128c9485548cecfcdcdcf53282ecf4c2bd15128ce494d2d2856000a80e4"
          + "ca33f3d2f5141c0b68ad21352f05003e0893e695000000"
      )
    ),
    (
      .zstandard, "zstd",
      bytes(
        "28b52ffd20c7d50100f4024170757320617075732c2074686520636f6d6d6f6e207377696674"
          + "2c20736c65657073206f6e77696e672e20656e64020010aaa8f8dbf904"
      )
    ),
    (
      .brotli, "brotli",
      bytes(
        "1bc6000044dd96eae8e7a19ba2e094839cc394c3061cb82494d86203eb607a17d4b58a515f98"
          + "b4fd2e6217a8633f832e59c230fe351d791c91cc05"
      )
    ),
    (
      .lz4Raw, "raw",
      bytes(
        "f1174170757320617075732c2074686520636f6d6d6f6e2073776966742c20736c6565707320"
          + "6f6e1c006f77696e672e2031007e502e20656e64"
      )
    ),
    (
      .lz4Legacy, "raw",
      bytes(
        "f1174170757320617075732c2074686520636f6d6d6f6e2073776966742c20736c6565707320"
          + "6f6e1c006f77696e672e2031007e502e20656e64"
      )
    ),
    (
      .lz4Legacy, "frame",
      bytes(
        "04224d186040823a000000f1174170757320617075732c2074686520636f6d6d6f6e20737769"
          + "66742c20736c65657073206f6e1c006f77696e672e2031007e502e20656e6400000000"
      )
    ),
    (
      .lz4Legacy, "Hadoop frames",
      bytes(
        "000000640000003af1174170757320617075732c2074686520636f6d6d6f6e2073776966742c"
          + "20736c65657073206f6e1c006f77696e672e2031001b50672e204170000000630000003af115"
          + "757320617075732c2074686520636f6d6d6f6e2073776966742c20736c65657073206f6e1c00"
          + "8f77696e672e20417031001a502e20656e64"
      )
    ),
  ]

  @Test(arguments: samples.indices)
  func givesTheText(_ index: Int) throws {
    let (codec, _, bytes) = Self.samples[index]
    let decompressor = Decompressor()
    // Twice with one decompressor, as pages of a column are.
    for _ in 0..<2 {
      #expect(try decompress(decompressor, codec, bytes, count: Self.text.utf8.count) == Self.text)
    }
  }

  @Test(arguments: samples.indices)
  func refusesOtherSizes(_ index: Int) {
    let (codec, _, bytes) = Self.samples[index]
    for count in [0, 1, Self.text.utf8.count - 1, Self.text.utf8.count + 1, 100_000] {
      #expect(throws: CompressionError.self) {
        try decompress(Decompressor(), codec, bytes, count: count)
      }
    }
  }

  @Test(arguments: samples.indices)
  func refusesPrefixes(_ index: Int) {
    let (codec, _, bytes) = Self.samples[index]
    for count in 0..<bytes.count {
      // A member of GZIP may end where the first of two does, but then the text is too short.
      #expect(throws: CompressionError.self) {
        try decompress(Decompressor(), codec, Array(bytes[..<count]), count: Self.text.utf8.count)
      }
    }
  }

  @Test(arguments: samples.indices)
  func survivesChanges(_ index: Int) {
    let (codec, _, bytes) = Self.samples[index]
    for offset in bytes.indices {
      for bit in 0..<8 {
        var copy = bytes
        copy[offset] ^= 1 << bit
        // Not every codec notices; none may write elsewhere.
        _ = try? decompress(Decompressor(), codec, copy, count: Self.text.utf8.count)
      }
    }
  }

  @Test func uncompressedIsACopy() throws {
    let bytes = Array(Self.text.utf8)
    #expect(
      try decompress(Decompressor(), .uncompressed, bytes, count: bytes.count) == Self.text
    )
    #expect(throws: CompressionError.self) {
      try decompress(Decompressor(), .uncompressed, bytes, count: 3)
    }
    #expect(try decompress(Decompressor(), .uncompressed, [], count: 0) == "")
  }

  @Test func sizesThatCannotBeAreKnown() {
    #expect(Codec.snappy.canHold(1000, in: 60))
    #expect(!Codec.snappy.canHold(1_000_000, in: 60))
    #expect(!Codec.gzip.canHold(Int.max, in: 100))
    #expect(!Codec.zstandard.canHold(-1, in: 100))
    for (codec, _, bytes) in Self.samples {
      #expect(codec.canHold(Self.text.utf8.count, in: bytes.count))
    }
  }

  @Test func checksumIsTheOneOfGzip() {
    #expect(Array("123456789".utf8).withUnsafeBytes { Checksum.crc32($0) } == 0xcbf4_3926)
  }

  private func decompress(
    _ decompressor: Decompressor,
    _ codec: Codec,
    _ bytes: [UInt8],
    count: Int
  ) throws -> String {
    // Guards on both sides show writes outside of the output.
    var output = [UInt8](repeating: 0xa5, count: count + 64)
    defer {
      #expect(
        output[..<32].allSatisfy { $0 == 0xa5 } && output[(count + 32)...].allSatisfy { $0 == 0xa5 }
      )
    }
    try output.withUnsafeMutableBytes { output in
      try bytes.withUnsafeBytes { source in
        try decompressor.decompress(
          codec,
          source: source,
          into: UnsafeMutableRawBufferPointer(rebasing: output[32..<32 + count])
        )
      }
    }
    return String(decoding: output[32..<32 + count], as: UTF8.self)
  }
}

private func bytes(_ hexadecimal: String) -> [UInt8] {
  let digits = hexadecimal.utf8.map { UInt8($0 < 58 ? $0 - 48 : $0 - 87) }
  return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}
