import CZlib

/// Checksums that formats carry.
public enum Checksum {
  /// The CRC-32 of GZIP and Parquet pages.
  public static func crc32(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var result = CZlib.crc32(0, nil, 0)
    var position = 0
    while position < bytes.count, let base = bytes.bindMemory(to: UInt8.self).baseAddress {
      let step = min(bytes.count - position, 1 << 30)
      result = CZlib.crc32(result, base + position, UInt32(step))
      position += step
    }
    return UInt32(truncatingIfNeeded: result)
  }
}
