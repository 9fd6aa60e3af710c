import ApusTestSupport
import Testing

@testable import ApusStorage

/// Connections that are encrypted, to a real server behind a certificate of our own.
@Suite(.enabled(if: S3Server.isThere, S3Server.hint))
struct EncryptionTests {
  private let server: S3Server
  private let folder = TemporaryDirectory()
  private let encryption: PythonServer
  private let bucket: String

  init() throws {
    server = try S3Server()
    bucket = try server.makeBucket()
    encryption = try PythonServer("tls.py", server.endpoint, folder.path)
  }

  private func store(certificates: String?) -> ObjectStores {
    var variables = [
      "AWS_ENDPOINT_URL": "https://127.0.0.1:\(encryption.ports[0])",
      "AWS_ACCESS_KEY_ID": server.credentials.accessKey,
      "AWS_SECRET_ACCESS_KEY": server.credentials.secretKey,
    ]
    variables["AWS_CA_BUNDLE"] = certificates
    return ObjectStores(
      [],
      environment: ProcessEnvironment(variable: { [variables] in variables[$0] })
    )
  }

  /// The large object goes without a hash of its bytes, the small one with it.
  @Test(arguments: [1_000, 3 << 20]) func bytesGoThere(_ count: Int) throws {
    let store = store(certificates: folder.path + "/certificate.pem")
    let path = ObjectPath("s3://\(bucket)/x")
    let bytes = patternedBytes(count)
    try bytes.withUnsafeBytes { _ = try store.put(path, $0, replacing: true) }
    var read = [UInt8](repeating: 0, count: count)
    try read.withUnsafeMutableBytes { try store.open(path).read(at: 0, into: $0) }
    #expect(read == bytes)
  }

  @Test func anUnknownCertificateIsNotTrusted() throws {
    let path = ObjectPath("s3://\(bucket)/x")
    let activity = StorageActivity()
    let error = #expect(throws: StorageError.self) {
      try store(certificates: nil).counting(in: activity).list(path)
    }
    guard case .unavailable(let text)? = error?.reason else {
      Issue.record("\(error as Any)")
      return
    }
    #expect(text.contains("AWS_CA_BUNDLE"))
    #expect(activity.count(of: .list) == 0)
    let missing = #expect(throws: StorageError.self) {
      try store(certificates: "/not/there.pem").list(path)
    }
    #expect("\(missing as Any)".contains("/not/there.pem"))
  }
}
