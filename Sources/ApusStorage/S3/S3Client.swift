import Synchronization

/// One endpoint with its connections and keys, shared by all stores and readers of it.
final class S3Client: Sendable {
  let endpoint: S3Endpoint
  let credentials: CredentialProvider
  let retries: RetryPolicy
  let clock: any StorageClock
  let http: HTTPClient
  private let certificateFile: String?
  private let limits: HTTPLimits
  /// How to stop the uploads that are being written, by their number.
  let uploads = Mutex<[String: @Sendable () -> Void]>([:])

  init(
    endpoint: S3Endpoint,
    credentials: CredentialProvider,
    retries: RetryPolicy = RetryPolicy(),
    maximumRequestCount: Int = 32,
    certificateFile: String? = nil,
    limits: HTTPLimits = HTTPLimits(),
    clock: any StorageClock = SystemClock()
  ) {
    self.endpoint = endpoint
    self.credentials = credentials
    self.retries = retries
    self.certificateFile = certificateFile
    self.limits = limits
    self.clock = clock
    http = HTTPClient(maximumRequestCount: maximumRequestCount)
  }

  /// Addresses and signs a request.
  func sign(_ request: S3Request, with credentials: S3Credentials?) -> HTTPRequest {
    let (host, basePath) = endpoint.address(of: request.location.bucket)
    let key = PercentEncoding.encode(request.location.key, keepingSlashes: true)
    let path = key.isEmpty && !basePath.isEmpty ? basePath : basePath + "/" + key
    var headers = request.headers
    headers.append(HTTPRequest.Header(name: "Host", value: host))
    headers.append(HTTPRequest.Header(name: "User-Agent", value: "apus"))
    if let credentials {
      let time = SignatureV4.timeText(clock.now)
      let hash = bodyHash(request)
      headers.append(HTTPRequest.Header(name: "X-Amz-Content-Sha256", value: hash))
      headers.append(HTTPRequest.Header(name: "X-Amz-Date", value: time))
      if let token = credentials.sessionToken {
        headers.append(HTTPRequest.Header(name: "X-Amz-Security-Token", value: token))
      }
      let subject = SignatureV4.Subject(
        method: request.method.rawValue,
        path: path,
        query: request.query,
        // What proxies may change is not signed.
        headers: headers.filter { $0.name != "User-Agent" },
        bodyHash: hash
      )
      let signature = SignatureV4(credentials: credentials, region: endpoint.region)
        .authorization(for: subject, at: time)
      headers.append(HTTPRequest.Header(name: "Authorization", value: signature))
    }
    let query = SignatureV4.canonicalQuery(request.query)
    var result = HTTPRequest(
      method: request.method,
      url: "\(endpoint.scheme)://\(host)\(path)" + (query.isEmpty ? "" : "?\(query)"),
      headers: headers
    )
    result.body = request.body
    result.certificateFile = certificateFile
    result.limits = limits
    return result
  }

  /// Small bodies are always hashed. Large ones go unhashed where the connection guards them.
  private func bodyHash(_ request: S3Request) -> String {
    guard let body = request.body, body.count > 0 else { return SignatureV4.emptyBodyHash }
    if body.count > 1 << 20, endpoint.scheme == "https" { return SignatureV4.unsignedBody }
    return SHA256.hexadecimal(SHA256.hash(body.bytes))
  }

  /// Returns the error for whoever asked.
  func storageError(_ failure: S3Failure, _ request: S3Request) -> StorageError {
    let reason: StorageError.Reason
    switch failure {
    case .refused(let response):
      reason = response.reason(
        bucket: request.location.bucket,
        endpoint: endpoint,
        keySource: credentials.sourceText
      )
    case .withoutKeys(let cause): reason = cause
    case .unanswered(let error, let tryCount):
      let tries = tryCount > 1 ? " (\(tryCount) tries)" : ""
      switch error {
      case .cancelled: reason = .cancelled
      case .truncated: reason = .truncated
      case .unreachable(let text), .interrupted(let text), .unexpected(let text),
        .failed(let text):
        reason = .unavailable("\(endpoint.description): \(text)\(tries)")
      case .untrusted(let text):
        reason = .unavailable(
          "\(endpoint.description) is not trusted: \(text); "
            + "AWS_CA_BUNDLE names a file with further certificates"
        )
      }
    }
    return StorageError(reason, request.path)
  }
}
