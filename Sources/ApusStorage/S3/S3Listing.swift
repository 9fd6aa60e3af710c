/// One page of what a bucket has under a prefix.
///
/// - Source: Amazon S3 API reference, "ListObjectsV2".
struct S3Listing: Sendable {
  struct Object: Hashable, Sendable {
    var key: String
    var size: Int
    /// In quotes, as in headers.
    var tag: String
    var modifiedMilliseconds: Int64?
  }

  var objects: [Object] = []
  /// What keys share up to the next delimiter, which it includes.
  var prefixes: [String] = []
  /// With what the next page is asked for; nil on the last.
  var continuation: String?

  /// Reads a page; nil if it is not one.
  init?(_ body: [UInt8]) {
    guard let root = XMLElement.parse(body), root.name == "ListBucketResult" else { return nil }
    let isEncoded = root["EncodingType"]?.text == "url"
    func decode(_ text: String) -> String? {
      isEncoded ? PercentEncoding.decode(text, plusIsSpace: true) : text
    }
    for child in root.children {
      switch child.name {
      case "Contents":
        guard let key = child["Key"].flatMap({ decode($0.text) }),
          let size = child["Size"].flatMap({ Int($0.text) }), size >= 0,
          let tag = child["ETag"]?.text
        else { return nil }
        objects.append(
          Object(
            key: key,
            size: size,
            tag: S3Listing.quoted(tag),
            modifiedMilliseconds: child["LastModified"].flatMap { milliseconds(isoDate: $0.text) }
          )
        )
      case "CommonPrefixes":
        guard let prefix = child["Prefix"].flatMap({ decode($0.text) }) else { return nil }
        prefixes.append(prefix)
      default: continue
      }
    }
    if root["IsTruncated"]?.text == "true" {
      guard let next = root["NextContinuationToken"]?.text, !next.isEmpty else { return nil }
      continuation = next
    }
  }

  /// Returns a tag in the quotes that headers want.
  static func quoted(_ tag: String) -> String { tag.hasPrefix("\"") ? tag : "\"\(tag)\"" }
}
