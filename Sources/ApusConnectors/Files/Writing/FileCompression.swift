import ApusCompression

/// How the files of a table are compressed, by Athena's names.
public enum FileCompression: String, Sendable, CaseIterable {
  case none = "NONE"
  case snappy = "SNAPPY"
  case gzip = "GZIP"
  case zstandard = "ZSTD"
  case lz4 = "LZ4"
  case brotli = "BROTLI"

  /// Reads a name in any letter case, as table properties have it.
  public init?(athenaName: String) {
    let name = athenaName.uppercased()
    self.init(rawValue: name == "UNCOMPRESSED" ? "NONE" : name)
  }

  var parquet: Compression {
    switch self {
    case .none: .uncompressed
    case .snappy: .snappy
    case .gzip: .gzip()
    case .zstandard: .zstandard()
    case .lz4: .lz4Raw
    case .brotli: .brotli()
    }
  }
}
