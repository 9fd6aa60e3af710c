import ApusTestSupport
import Testing

@testable import ApusStorage

/// One store for all paths.
@Suite struct ObjectStoresTests {
  private let directory = TemporaryDirectory()

  @Test func pathsWithoutASchemeAreOnTheDisk() throws {
    directory.write("a/x", [1, 2, 3])
    let stores = ObjectStores([], environment: ProcessEnvironment(variable: { _ in nil }))
    #expect(try stores.open(ObjectPath(directory.path + "/a/x")).info.size == 3)
    #expect(try stores.open(ObjectPath("file://" + directory.path + "/a/x")).info.size == 3)
    let error = #expect(throws: StorageError.self) { try stores.list(ObjectPath("gs://lake/x")) }
    guard case .misconfigured(let text)? = error?.reason else {
      Issue.record("\(error as Any)")
      return
    }
    #expect(text.contains("gs"))
  }

  @Test func aBadConfigurationIsSaidWhenItIsNeeded() throws {
    let stores = ObjectStores(
      [S3Configuration(prefix: "s3://lake", endpoint: "lake")],
      environment: ProcessEnvironment(variable: { _ in nil }, text: { _ in nil })
    )
    let error = #expect(throws: StorageError.self) { try stores.list(ObjectPath("s3://lake/x")) }
    #expect(
      error?.reason == .misconfigured("the endpoint 'lake' is not an address as https://host:9000")
    )
  }

  @Test(.enabled(if: S3Server.isThere, S3Server.hint))
  func theLongestPrefixCounts() throws {
    let server = try S3Server()
    let bucket = try server.makeBucket()
    let good = S3Configuration.Keys.given(server.credentials)
    let wrong = S3Configuration.Keys.given(S3Credentials(accessKey: "no", secretKey: "no"))
    let stores = ObjectStores([
      S3Configuration(prefix: "s3a://\(bucket)/open/", endpoint: server.endpoint, keys: good),
      S3Configuration(prefix: "s3://\(bucket)", endpoint: server.endpoint, keys: wrong),
      S3Configuration(prefix: "s3://", endpoint: "nowhere"),
    ])
    for scheme in ["s3", "s3a", "S3n"] {
      let place = ObjectPath("\(scheme)://\(bucket)/open/x-\(scheme)")
      try [7].withUnsafeBytes { _ = try stores.put(place, $0, replacing: false) }
      #expect(try stores.open(place).info.path == place)
      #expect(try stores.entry(at: ObjectPath("\(scheme)://\(bucket)/open")) == .directory)
    }
    func reason(_ path: String) -> StorageError.Reason? {
      #expect(throws: StorageError.self) { try stores.list(ObjectPath(path)) }?.reason
    }
    guard case .unauthorized? = reason("s3://\(bucket)/closed"),
      case .misconfigured? = reason("s3://other/open")
    else {
      Issue.record("another prefix was chosen")
      return
    }
  }

  @Test(.enabled(if: S3Server.isThere, S3Server.hint))
  func theEnvironmentIsTheDefault() throws {
    let server = try S3Server()
    let bucket = try server.makeBucket()
    let variables = [
      "AWS_ENDPOINT_URL": server.endpoint, "AWS_ACCESS_KEY_ID": server.credentials.accessKey,
      "AWS_SECRET_ACCESS_KEY": server.credentials.secretKey,
    ]
    let stores = ObjectStores([], environment: ProcessEnvironment(variable: { variables[$0] }))
    let activity = StorageActivity()
    let counting = stores.counting(in: activity)
    let place = ObjectPath("s3://\(bucket)/x")
    try patternedBytes(100).withUnsafeBytes { _ = try counting.put(place, $0, replacing: true) }
    #expect(try counting.list(ObjectPath("s3://\(bucket)")).map(\.name) == ["x"])
    #expect(activity.count(of: .put) == 1)
    #expect(activity.count(of: .list) == 1)
    #expect(activity.sentByteCount == 100)
    #expect(activity.receivedByteCount == 0)
    let opened = try counting.open(
      place,
      expecting: counting.listAll(below: ObjectPath("s3://\(bucket)")).first
    )
    var bytes = [UInt8](repeating: 0, count: 60)
    try bytes.withUnsafeMutableBytes { try opened.read(at: 40, into: $0) }
    #expect(activity.count(of: .head) == 0)
    #expect(activity.count(of: .get) == 1)
    #expect(activity.receivedByteCount == 60)
  }

  /// The bucket in the host's name, which the system finds at home for `localhost`.
  @Test(.enabled(if: S3Server.isThere, S3Server.hint))
  func bucketsMayBeHosts() throws {
    let server = try S3Server()
    let bucket = try server.makeBucket()
    let port = try #require(server.endpoint.split(separator: ":").last)
    let stores = ObjectStores([
      S3Configuration(
        endpoint: "http://localhost:\(port)",
        addressing: .virtualHost,
        keys: .given(server.credentials)
      )
    ])
    let place = ObjectPath("s3://\(bucket)/a b+c/ü=1")
    try [UInt8]([1, 2]).withUnsafeBytes { _ = try stores.put(place, $0, replacing: false) }
    #expect(try stores.list(ObjectPath("s3://\(bucket)")).map(\.name) == ["a b+c"])
    #expect(try stores.listAll(below: ObjectPath("s3://\(bucket)")).map(\.path) == [place])
    #expect(try server.store().open(place).info == stores.open(place).info)
  }
}
