/// One operation on a bucket or an object, before it is addressed and signed.
struct S3Request: Sendable {
  /// How it is counted.
  var operation: StorageActivity.Operation
  var method: HTTPRequest.Method
  /// What it is about, for errors.
  var path: ObjectPath
  var location: S3Location
  var query: [(name: String, value: String)] = []
  var headers: [HTTPRequest.Header] = []
  var body: HTTPBody?
  /// Whether the body that is sent is bytes of an object.
  var sendsObject = false
  /// The element that the answer must be; nil if nothing or bytes are expected.
  var answerRoot: String?
}

/// A bucket and, unless the bucket itself is meant, a key.
struct S3Location: Hashable, Sendable {
  var bucket: String
  /// Without a slash in front of it; empty for the bucket.
  var key: String

  /// The schemes that mean S3; the last two come from Hadoop.
  static let schemes: Set<String> = ["s3", "s3a", "s3n"]

  init(bucket: String, key: String) {
    self.bucket = bucket
    self.key = key
  }

  init(_ path: ObjectPath) throws(StorageError) {
    guard let scheme = path.scheme, S3Location.schemes.contains(scheme) else {
      throw StorageError(.misconfigured("it is not an address as s3://bucket/key"), path)
    }
    let rest = path.text.dropFirst(scheme.count + 3)
    bucket = String(rest.prefix { $0 != "/" })
    key = String(rest.dropFirst(bucket.count + 1))
    // Whatever else a store allows, this keeps the bucket from becoming another part of an address.
    let isName = bucket.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard !bucket.isEmpty, isName, bucket != ".", bucket != ".." else {
      throw StorageError(.misconfigured("'\(bucket)' is not the name of a bucket"), path)
    }
  }

  /// The key as that of a directory: empty, or with a slash at its end.
  var directoryKey: String { key.isEmpty || key.hasSuffix("/") ? key : key + "/" }
}
