import Glibc
import Testing

@testable import ApusStorage

/// The S3 server of the tests, which `Tests/s3/ceph` starts and `Tests/run` names in the
/// environment.
struct S3Server {
  /// Where `Tests/run` promises a server, its absence is an error and nothing is skipped.
  static let isThere =
    getenv("APUS_TEST_S3_ENDPOINT") != nil || getenv("APUS_TEST_S3_REQUIRED") != nil
  static let hint: Comment =
    "APUS_TEST_S3_ENDPOINT is not set: Tests/run starts a server, Tests/s3/ceph does so by hand"

  let endpoint: String
  let credentials: S3Credentials
  /// Keys that are known and own nothing.
  let stranger: S3Credentials

  init() throws {
    func variable(_ name: String) throws -> String {
      String(cString: try #require(getenv(name), "\(name)"))
    }
    endpoint = try variable("APUS_TEST_S3_ENDPOINT")
    credentials = S3Credentials(
      accessKey: try variable("APUS_TEST_S3_ACCESS_KEY"),
      secretKey: try variable("APUS_TEST_S3_SECRET_KEY")
    )
    stranger = S3Credentials(
      accessKey: try variable("APUS_TEST_S3_STRANGER_ACCESS_KEY"),
      secretKey: try variable("APUS_TEST_S3_STRANGER_SECRET_KEY")
    )
  }

  /// A client of the server, or of something between it and here.
  func client(
    endpoint other: String? = nil,
    sources: [any CredentialSource]? = nil,
    limits: HTTPLimits = HTTPLimits(),
    retries: RetryPolicy = RetryPolicy(),
    clock: any StorageClock = SystemClock()
  ) throws -> S3Client {
    S3Client(
      endpoint: try S3Endpoint(url: other ?? endpoint, region: "us-east-1", style: .automatic),
      credentials: CredentialProvider(sources ?? [GivenCredentials(credentials)], clock: clock),
      retries: retries,
      limits: limits,
      clock: clock
    )
  }

  func store() throws -> S3ObjectStore { S3ObjectStore(client: try client()) }

  /// Makes a bucket that no other test uses.
  func makeBucket() throws -> String {
    let bucket = "apus-\(UInt64.random(in: 0 ... .max))"
    let path = ObjectPath("s3://\(bucket)")
    _ = try store().perform(
      S3Request(operation: .put, method: .put, path: path, location: try S3Location(path))
    )
    return bucket
  }
}
