import ApusTestSupport
import Glibc
import Testing

@testable import ApusStorage

/// The laws of a store, on disk and in a bucket of a real server.
@Suite struct ObjectStoreConformanceTests {
  @Test func theLocalDiskKeepsTheLaws() throws {
    let directory = TemporaryDirectory()
    try checkObjectStore(LocalObjectStore(), at: ObjectPath(directory.path + "/laws"))
  }

  @Test(.enabled(if: S3Server.isThere, S3Server.hint))
  func aBucketKeepsTheLaws() throws {
    let server = try S3Server()
    try checkObjectStore(server.store(), at: ObjectPath("s3://\(try server.makeBucket())/laws"))
  }
}
