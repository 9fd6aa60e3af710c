import ApusTestSupport
import Testing

@testable import ApusStorage

/// Mistakes of those who set up a store, told by a real server.
@Suite(.enabled(if: S3Server.isThere, S3Server.hint))
struct S3ErrorTests {
  private let server: S3Server
  private let bucket: String

  init() throws {
    server = try S3Server()
    bucket = try server.makeBucket()
  }

  private func path(_ key: String) -> ObjectPath { ObjectPath("s3://\(bucket)/\(key)") }

  /// What each operation says with these keys.
  private func reasons(_ keys: S3Credentials, at place: ObjectPath) throws
    -> [StorageError.Reason?]
  {
    let client = try server.client(sources: [GivenCredentials(keys)])
    let store = S3ObjectStore(client: client)
    let bytes: [UInt8] = [1]
    let calls: [() throws -> Void] = [
      { _ = try store.open(place) },
      { _ = try store.list(place) },
      { _ = try store.entry(at: ObjectPath(place.text + "/")) },
      { _ = try bytes.withUnsafeBytes { try store.put(place, $0, replacing: true) } },
      { _ = try store.upload(to: place) },
    ]
    return calls.map { call in #expect(throws: StorageError.self) { try call() }?.reason }
  }

  @Test func wrongKeysAreSaid() throws {
    let good = server.credentials
    var wrongSecret = good
    wrongSecret.secretKey = "another"
    for reason in try reasons(wrongSecret, at: path("x")) {
      guard case .unauthorized(let text)? = reason else {
        Issue.record("\(reason as Any)")
        continue
      }
      #expect(text.contains("secret key") && !text.contains("another"))
    }
    for reason in try reasons(S3Credentials(accessKey: "AKnobody", secretKey: "x"), at: path("x")) {
      guard case .unauthorized(let text)? = reason else {
        Issue.record("\(reason as Any)")
        continue
      }
      #expect(text.contains("does not know the access key"))
    }
    for reason in try reasons(server.stranger, at: path("x")) {
      guard case .unauthorized(let text)? = reason else {
        Issue.record("\(reason as Any)")
        continue
      }
      #expect(text.contains("denies access"))
    }
  }

  @Test func aMissingBucketIsNoMissingKey() throws {
    let nowhere = ObjectPath("s3://\(bucket)-not/x")
    for reason in try reasons(server.credentials, at: nowhere) {
      guard case .bucketNotFound(let text)? = reason else {
        Issue.record("\(reason as Any)")
        continue
      }
      #expect(text.contains("\(bucket)-not"))
    }
    let error = #expect(throws: StorageError.self) { try server.store().open(path("x")) }
    #expect(error?.reason == .notFound)
  }

  @Test func anUnreachableEndpointIsSaid() throws {
    let clock = InstantClock()
    // Port 9 of this machine discards, if anybody listens at all.
    let client = try server.client(endpoint: "http://127.0.0.1:9", clock: clock)
    let error = #expect(throws: StorageError.self) {
      try S3ObjectStore(client: client).list(path("x"))
    }
    guard case .unavailable(let text)? = error?.reason else {
      Issue.record("\(error as Any)")
      return
    }
    #expect(text.contains("http://127.0.0.1:9") && text.contains("5 tries"))
    #expect(clock.pauseCount == 4)
  }

  @Test(arguments: ["s3://", "s3:///x", "s3://a b/x", "s3://../x"])
  func namesThatAreNoneAreRefused(_ text: String) throws {
    let error = #expect(throws: StorageError.self) { try server.store().list(ObjectPath(text)) }
    guard case .misconfigured? = error?.reason else {
      Issue.record("\(error as Any)")
      return
    }
  }

  /// Keys that run out while they are used: the container lends others, and nobody notices.
  @Test func lentKeysAreRenewedInTheMiddle() throws {
    let metadata = try PythonServer("metadata.py")
    let proxy = try PythonServer("faults.py", server.endpoint)
    let good = server.credentials
    let answer = """
      {"AccessKeyId": "\(good.accessKey)", "SecretAccessKey": "\(good.secretKey)",
       "Expiration": "2999-01-01T00:00:00Z"}
      """
    try metadata.post(#"{"authorization": "a", "answers": [\#(answer)]}"#, to: "/answers")
    let variables = [
      "AWS_CONTAINER_CREDENTIALS_FULL_URI": metadata.url(0, "/container"),
      "AWS_CONTAINER_AUTHORIZATION_TOKEN": "a",
    ]
    let environment = ProcessEnvironment(variable: { variables[$0] }, text: { _ in nil })
    let client = try server.client(
      endpoint: proxy.url(),
      sources: [ContainerCredentials(environment: environment)]
    )
    let store = S3ObjectStore(client: client)
    let bytes = patternedBytes(1_000)
    try bytes.withUnsafeBytes { _ = try server.store().put(path("x"), $0, replacing: true) }
    let reader = try store.open(path("x"))
    #expect(try metadata.get("/count") == "1")

    let expired = #"{"fault": "status", "status": 400, "code": "ExpiredToken", "times": 1}"#
    try proxy.post("[\(expired)]", to: "/rules", port: 1)
    var read = [UInt8](repeating: 0, count: 1_000)
    try read.withUnsafeMutableBytes { try reader.read(at: 0, into: $0) }
    #expect(read == bytes)
    #expect(try metadata.get("/count") == "2")

    // HEAD cannot say why.
    try proxy.post("[\(expired)]", to: "/rules", port: 1)
    #expect(try store.open(path("x")).info.size == 1_000)
    #expect(try metadata.get("/count") == "3")

    let always = #"{"fault": "status", "status": 400, "code": "ExpiredToken"}"#
    try proxy.post("[\(always)]", to: "/rules", port: 1)
    let error = #expect(throws: StorageError.self) { try store.list(path("x")) }
    guard case .unauthorized(let text)? = error?.reason else {
      Issue.record("\(error as Any)")
      return
    }
    #expect(text.contains("expired") && text.contains("the container"))
    #expect(try metadata.get("/count") == "4")
  }
}
