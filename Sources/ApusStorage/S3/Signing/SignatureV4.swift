import Glibc

/// AWS Signature Version 4: proves that a request comes from the holder of a key, without it.
///
/// - Source: AWS General Reference, "Create a signed AWS API request". As S3 wants it, paths are
///   encoded once and not normalized.
struct SignatureV4: Sendable {
  /// What is signed of a request. Queries and headers come unsorted and unencoded.
  struct Subject: Sendable {
    var method: String
    /// Encoded, with its leading slash.
    var path: String
    var query: [(name: String, value: String)] = []
    /// Includes `Host` and all `X-Amz-…`.
    var headers: [HTTPRequest.Header]
    /// Of the body, in hexadecimal digits, or a word that stands for it.
    var bodyHash: String
  }

  var credentials: S3Credentials
  var region: String
  var service = "s3"

  /// The hash of no bytes.
  static let emptyBodyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
  /// Leaves the body to the encrypted connection.
  static let unsignedBody = "UNSIGNED-PAYLOAD"

  /// Returns the value of the header `Authorization`.
  ///
  /// - Parameter time: as in the header `X-Amz-Date`, `20130524T000000Z`.
  func authorization(for subject: Subject, at time: String) -> String {
    let scope = "\(time.prefix(8))/\(region)/\(service)/aws4_request"
    let (text, signedHeaders) = SignatureV4.canonicalRequest(subject)
    let stringToSign = """
      AWS4-HMAC-SHA256
      \(time)
      \(scope)
      \(SHA256.hexadecimal(SHA256.hash(text)))
      """
    var key = Array("AWS4\(credentials.secretKey)".utf8)
    for part in [String(time.prefix(8)), region, service, "aws4_request"] {
      key = SHA256.authenticationCode(part, key: key)
    }
    let signature = SHA256.hexadecimal(SHA256.authenticationCode(stringToSign, key: key))
    return "AWS4-HMAC-SHA256 Credential=\(credentials.accessKey)/\(scope), "
      + "SignedHeaders=\(signedHeaders), Signature=\(signature)"
  }

  /// Returns the one text that client and server derive from the same request.
  static func canonicalRequest(_ subject: Subject) -> (text: String, signedHeaders: String) {
    let headers = subject.headers
      .map { ($0.name.lowercased(), collapseSpaces($0.value)) }
      .sorted { $0 < $1 }
    let signedHeaders = headers.map(\.0).joined(separator: ";")
    let text = """
      \(subject.method)
      \(subject.path)
      \(canonicalQuery(subject.query))
      \(headers.map { "\($0.0):\($0.1)\n" }.joined())
      \(signedHeaders)
      \(subject.bodyHash)
      """
    return (text, signedHeaders)
  }

  /// Encodes a query, sorted; the same text goes into the address.
  static func canonicalQuery(_ query: [(name: String, value: String)]) -> String {
    query
      .map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
      .sorted { $0 < $1 }
      .map { "\($0.0)=\($0.1)" }
      .joined(separator: "&")
  }

  /// Takes spaces from both ends and makes several within one.
  private static func collapseSpaces(_ value: String) -> String {
    value.split(separator: " ").joined(separator: " ")
  }

  /// Returns the time of the header `X-Amz-Date`.
  ///
  /// - Parameter seconds: since 1970 UTC.
  static func timeText(_ seconds: Int) -> String {
    var time = time_t(seconds)
    var parts = tm()
    gmtime_r(&time, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let count = strftime(&text, text.count, "%Y%m%dT%H%M%SZ", &parts)
    return String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
