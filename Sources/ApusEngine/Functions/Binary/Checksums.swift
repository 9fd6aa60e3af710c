import ApusPlanner
import ApusValues
import ApusVectors

/// `crc32(binary)`, `xxhash64(binary)`, `murmur3(binary)`, `spooky_hash_v2_32(binary)`,
/// `spooky_hash_v2_64(binary)`: hashes that are quick and keep no secret.
enum Checksums: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("crc32(to_utf8('CRC me!'))", "38028046"),
      FunctionExample("xxhash64(to_utf8('hashme'))", "f9 d9 6e 0e 11 65 e8 92"),
      FunctionExample(
        "murmur3(to_utf8('hashme'))",
        "93 19 2f e8 05 be 23 04 1c 83 18 f6 7e c4 f2 bc"
      ),
      FunctionExample("spooky_hash_v2_32(to_utf8('hello'))", "d3 82 e6 ca"),
      FunctionExample("spooky_hash_v2_64(to_utf8('hello'))", "37 68 82 6a d3 82 e6 ca"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .rows(.bigint("crc32", [.type(.varbinary)], "Returns the CRC-32 of bytes.")) { arguments in
      let binary = arguments[0].texts
      return { row throws(SQLError) -> Int64? in Int64(CRC32.hash(binary.bytes(row))) }
    },
    overload("xxhash64", "Returns the xxHash64 of bytes.") { bigEndianBytes(XXHash64.hash($0)) },
    overload("murmur3", "Returns the 128-bit MurmurHash3 of bytes.") { Murmur3.hash($0) },
    overload("spooky_hash_v2_32", "Returns the 32-bit SpookyHash V2 of bytes.") {
      bigEndianBytes(UInt32(truncatingIfNeeded: SpookyHash.hash($0)))
    },
    overload("spooky_hash_v2_64", "Returns the 64-bit SpookyHash V2 of bytes.") {
      bigEndianBytes(SpookyHash.hash($0))
    },
  ]

  private static func overload(
    _ name: String,
    _ summary: String,
    _ hash: @escaping @Sendable (UnsafeRawBufferPointer) -> [UInt8]
  ) -> ScalarOverload {
    .text(.binary(name, [.type(.varbinary)], summary)) { arguments in
      let binary = arguments[0].texts
      return { row, heap throws(SQLError) -> StringView? in heap.store(hash(binary.bytes(row))) }
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Reads an integer in little-endian order; the caller knows that its bytes are there.
  @inline(__always)
  func littleEndian<Element: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int,
    as type: Element.Type
  ) -> Element {
    Element(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
  }

  /// Reads up to eight bytes in little-endian order; those past the end are zero.
  func littleEndianTail(at offset: Int) -> UInt64 {
    var word: UInt64 = 0
    for index in 0..<Swift.max(0, Swift.min(8, count - offset)) {
      word |= UInt64(self[offset + index]) << UInt64(8 * index)
    }
    return word
  }
}

@inline(__always)
func rotateLeft(_ value: UInt64, _ count: UInt64) -> UInt64 {
  value << count | value >> (64 - count)
}
