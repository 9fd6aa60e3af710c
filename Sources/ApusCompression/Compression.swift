/// How blocks are compressed: a codec and how hard it tries.
public enum Compression: Sendable, Hashable {
  case uncompressed
  case snappy
  /// `level` is 1...9, quick to small.
  case gzip(level: Int = 6)
  /// `level` is 1...22, quick to small.
  case zstandard(level: Int = 3)
  case lz4Raw
  /// `quality` is 0...11, quick to small.
  case brotli(quality: Int = 5)

  /// What undoes it.
  public var codec: Codec {
    switch self {
    case .uncompressed: .uncompressed
    case .snappy: .snappy
    case .gzip: .gzip
    case .zstandard: .zstandard
    case .lz4Raw: .lz4Raw
    case .brotli: .brotli
    }
  }
}
