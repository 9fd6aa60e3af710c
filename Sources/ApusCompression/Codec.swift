/// How a block of bytes is compressed.
public enum Codec: Sendable, Hashable, CaseIterable {
  case uncompressed
  case snappy
  /// RFC 1952, any number of members one after the other.
  case gzip
  case zstandard
  /// What Parquet calls LZ4 and writers understood in three ways; see `LZ4.swift`.
  case lz4Legacy
  /// One LZ4 block without a frame.
  case lz4Raw
  case brotli

  /// The most bytes that one compressed byte can become: what bounds a claimed size.
  ///
  /// Snappy's longest copy makes 64 bytes of 3, LZ4's length bytes 255 of 1, DEFLATE's 1032 of 1,
  /// a Zstandard run 128 KiB of 4. Brotli has no such bound that is of use; a generous one serves.
  public var greatestRatio: Int {
    switch self {
    case .uncompressed: 1
    case .snappy: 32
    case .lz4Legacy, .lz4Raw: 256
    case .gzip: 1040
    case .zstandard: 1 << 16
    case .brotli: 1 << 20
    }
  }

  /// Whether `compressedCount` bytes can hold `count` bytes, in good faith.
  ///
  /// Blocks of up to 64 MiB may be as dense as the codec allows. Larger ones may not be denser than
  /// DEFLATE's densest, so that a file asks for no more memory than some multiple of its size.
  public func canHold(_ count: Int, in compressedCount: Int) -> Bool {
    guard count >= 0, compressedCount >= 0 else { return false }
    let (bound, overflow) = (compressedCount + 16).multipliedReportingOverflow(by: greatestRatio)
    if !overflow, count > bound { return false }
    return count <= 64 << 20 || count / 1040 <= compressedCount
  }
}
