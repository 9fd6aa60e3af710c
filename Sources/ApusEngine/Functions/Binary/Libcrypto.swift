import ApusValues
import CLibcrypto

/// Hashes by OpenSSL, which is loaded by the first query that has one.
///
/// Safety: the pointers are to functions and constants of a library that is never unloaded.
struct Libcrypto: @unchecked Sendable {
  enum Algorithm: Int32, Sendable {
    case md5
    case sha1
    case sha256
    case sha512
  }

  /// The longest hash in bytes, that of SHA-512.
  private static let maximumByteCount = 64

  private static let loaded: Libcrypto? = Libcrypto()

  private let functions: apus_crypto

  /// Returns the library, loading it if it is not yet.
  static func load() throws(SQLError) -> Libcrypto {
    guard let loaded else { throw .notSupported("Hashing without libcrypto.so.3") }
    return loaded
  }

  private init?() {
    var functions = apus_crypto()
    guard apus_crypto_load(&functions) else { return nil }
    self.functions = functions
  }

  func hash(_ bytes: UnsafeRawBufferPointer, by algorithm: Algorithm) throws(SQLError) -> [UInt8] {
    let hash = collect { output in
      withUnsafePointer(to: functions) {
        apus_crypto_digest($0, algorithm.rawValue, bytes.baseAddress, bytes.count, output)
      }
    }
    return try checked(hash)
  }

  /// Hashes with a key (RFC 2104).
  func hash(
    _ bytes: UnsafeRawBufferPointer,
    key: UnsafeRawBufferPointer,
    by algorithm: Algorithm
  ) throws(SQLError) -> [UInt8] {
    guard let keyCount = Int32(exactly: key.count) else {
      throw invalidArgument("The key is too long")
    }
    // A key at no address would mean that of the call before.
    let substitute: [UInt8] = [0]
    let hash = substitute.withUnsafeBytes { substitute in
      collect { output in
        withUnsafePointer(to: functions) {
          apus_crypto_hmac(
            $0,
            algorithm.rawValue,
            key.baseAddress ?? substitute.baseAddress,
            keyCount,
            bytes.baseAddress ?? substitute.baseAddress,
            bytes.count,
            output
          )
        }
      }
    }
    return try checked(hash)
  }

  private func collect(_ write: (UnsafeMutablePointer<UInt8>?) -> UInt32) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Libcrypto.maximumByteCount) {
      $1 = Int(write($0.baseAddress))
    }
  }

  private func checked(_ hash: [UInt8]) throws(SQLError) -> [UInt8] {
    guard !hash.isEmpty else { throw .notSupported("A hash that libcrypto refuses to compute") }
    return hash
  }
}
