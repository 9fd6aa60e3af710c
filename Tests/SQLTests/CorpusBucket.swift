import ApusTestSupport
import Glibc
import Testing

@testable import ApusStorage

/// A bucket on the tests' S3 server with the data that the SQL corpus reads, put there once.
enum CorpusBucket {
  static let isWanted =
    getenv("APUS_TEST_S3_ENDPOINT") != nil || getenv("APUS_TEST_S3_REQUIRED") != nil
  static let hint: Comment = "APUS_TEST_S3_ENDPOINT is not set: Tests/run starts a server"

  /// The bucket as `s3://name`.
  static let shared = Result<String, any Error> { try fill() }

  /// Names the server in the environment, where engines look for it, and copies the data.
  private static func fill() throws -> String {
    let variables = [
      "AWS_ENDPOINT_URL": "APUS_TEST_S3_ENDPOINT",
      "AWS_ACCESS_KEY_ID": "APUS_TEST_S3_ACCESS_KEY",
      "AWS_SECRET_ACCESS_KEY": "APUS_TEST_S3_SECRET_KEY",
    ]
    for (name, source) in variables {
      setenv(name, try #require(TestFiles.variable(source), "\(source)"), 1)
    }
    setenv("AWS_REGION", "us-east-1", 1)
    let bucket = ObjectPath("s3://apus-corpus-\(UInt64.random(in: 0 ... .max))")
    let client = try S3Configuration().makeClient(ProcessEnvironment())
    _ = try S3ObjectStore(client: client).perform(
      S3Request(operation: .put, method: .put, path: bucket, location: try S3Location(bucket))
    )
    let stores = ObjectStores()
    let disk = LocalObjectStore()
    for folder in ["samples/nycflights13", "Tests/data"] {
      for info in try disk.listAll(below: ObjectPath(TestFiles.root + "/" + folder)) {
        let reader = try disk.open(info.path)
        var bytes = [UInt8](repeating: 0, count: info.size)
        try bytes.withUnsafeMutableBytes { try reader.read(at: 0, into: $0) }
        let key = info.path.text.dropFirst(TestFiles.root.count + 1)
        try bytes.withUnsafeBytes {
          _ = try stores.put(bucket.appending(key), $0, replacing: true)
        }
      }
    }
    return bucket.text
  }
}
