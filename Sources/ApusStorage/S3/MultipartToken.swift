/// What completes an upload: its number and the tags of its parts, as text without spaces within.
struct MultipartToken: Hashable, Sendable {
  var uploadID: String
  /// Of part 1, part 2, and so on.
  var tags: [String]

  init(uploadID: String, tags: [String]) {
    self.uploadID = uploadID
    self.tags = tags
  }

  init(_ prepared: PreparedObject) throws(StorageError) {
    let words = prepared.token.split(separator: " ").map { PercentEncoding.decode($0) }
    guard let first = words.first, let uploadID = first else {
      throw StorageError(.misconfigured("the upload has no number"), prepared.path)
    }
    self.uploadID = uploadID
    tags = words.dropFirst().compactMap { $0 }
  }

  var text: String {
    ([uploadID] + tags).map { PercentEncoding.encode($0) }.joined(separator: " ")
  }

  /// The body of CompleteMultipartUpload.
  var completionDocument: String {
    let parts = tags.enumerated().map { index, tag in
      "<Part><PartNumber>\(index + 1)</PartNumber><ETag>\(XMLElement.escape(tag))</ETag></Part>"
    }
    return "<CompleteMultipartUpload>\(parts.joined())</CompleteMultipartUpload>"
  }
}
