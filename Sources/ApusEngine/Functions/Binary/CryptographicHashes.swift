import ApusPlanner
import ApusValues
import ApusVectors

/// `md5(binary)`, `sha1`, `sha256`, `sha512`, and with a key `hmac_md5(binary, key)` and so on.
enum CryptographicHashes: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("to_hex(md5(to_utf8('apus')))", "4B3212896F204F467192A4FE5CA71380"),
      FunctionExample("to_hex(sha1(to_utf8('apus')))", "31CA2CFF1B99377EC12FA1C921558B07AFD89AE0"),
      FunctionExample("lower(substr(to_hex(sha256(to_utf8('apus'))), 1, 16))", "478ba9965f38aaad"),
      FunctionExample("length(sha512(to_utf8('apus')))", "64"),
      FunctionExample(
        "to_hex(hmac_md5(to_utf8('apus'), to_utf8('key')))",
        "705DCB0333077C1DC1D3A22CFDDC56F4"
      ),
      FunctionExample(
        "to_hex(hmac_sha1(to_utf8('apus'), to_utf8('key')))",
        "EBB1AE2CC5C4F8D68C38B1952C1697A59880E432"
      ),
      FunctionExample("length(hmac_sha256(to_utf8('apus'), to_utf8('key')))", "32"),
      FunctionExample("length(hmac_sha512(to_utf8('apus'), to_utf8('key')))", "64"),
    ]
  }

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
          "Returns the HMAC of bytes, the first, with a key by \(title)."
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
