import ApusPlanner
import ApusValues
import ApusVectors

/// `md5(binary)`, `sha1`, `sha256`, `sha512`, and with a key `hmac_md5(binary, key)` and so on.
enum CryptographicHashes: ScalarFunction {
  static let overloads: [ScalarOverload] =
    overloads("md5", .md5, "MD5") + overloads("sha1", .sha1, "SHA-1")
    + overloads("sha256", .sha256, "SHA-256") + overloads("sha512", .sha512, "SHA-512")

  private static func overloads(_ name: String, _ algorithm: Libcrypto.Algorithm, _ title: String)
    -> [ScalarOverload]
  {
    [
      .text(.binary(name, [.type(.varbinary)], "Returns the \(title) hash of bytes.")) {
        arguments in
        let binary = arguments[0].texts
        return { row, heap throws(SQLError) -> StringView? in
          heap.store(try Libcrypto.load().hash(binary.bytes(row), by: algorithm))
        }
      },
      .text(
        .binary(
          "hmac_\(name)",
          [.type(.varbinary), .type(.varbinary)],
          "Returns the \(title) hash of bytes with a key."
        )
      ) { arguments in
        let binary = arguments[0].texts
        let key = arguments[1].texts
        return { row, heap throws(SQLError) -> StringView? in
          heap.store(
            try Libcrypto.load().hash(binary.bytes(row), key: key.bytes(row), by: algorithm)
          )
        }
      },
    ]
  }
}
