/// An answer of S3 that says no.
///
/// - Source: Amazon S3 API reference, "Error responses".
struct S3ErrorResponse: Hashable, Sendable {
  var status: Int
  /// As `NoSuchKey`; empty where the answer has no body, as to HEAD.
  var code = ""
  var message = ""
  /// Where the bucket is, if the answer says so.
  var region: String?
  /// What the operator of the store finds the request by.
  var requestID: String?

  init(_ response: HTTPResponse) {
    status = response.status
    region = response.head.headers["x-amz-bucket-region"]
    requestID = response.head.headers["x-amz-request-id"]
    guard let error = XMLElement.parse(response.body), error.name == "Error" else { return }
    code = error["Code"]?.text ?? ""
    message = error["Message"]?.text ?? ""
    region = region ?? error["Region"]?.text
  }

  /// Whether the same request may succeed a moment later.
  var isTransient: Bool {
    switch code {
    case "RequestTimeout", "SlowDown", "InternalError", "ServiceUnavailable", "Throttling",
      "BadDigest", "XAmzContentSHA256Mismatch", "OperationAborted", "ConditionalRequestConflict":
      true
    default: [429, 500, 502, 503, 504].contains(status)
    }
  }

  /// Whether other keys might do: those that were lent have run out.
  var isAboutKeys: Bool {
    switch code {
    case "ExpiredToken", "ExpiredTokenException", "InvalidToken", "TokenRefreshRequired",
      "InvalidAccessKeyId":
      true
    // HEAD has no body that would say why.
    case "": status == 400 || status == 401 || status == 403
    default: false
    }
  }

  /// Puts the refusal into words for whoever asked for `path`.
  func reason(bucket: String, endpoint: S3Endpoint, keySource: String) -> StorageError.Reason {
    switch code {
    case "NoSuchBucket":
      return .bucketNotFound("there is no bucket '\(bucket)' at \(endpoint.description)")
    case "NoSuchKey", "NoSuchUpload": return .notFound
    case "InvalidAccessKeyId", "InvalidToken":
      return .unauthorized(
        "\(endpoint.description) does not know the access key (from \(keySource))"
      )
    case "SignatureDoesNotMatch":
      return .unauthorized(
        "the secret key (from \(keySource)) does not fit the access key, "
          + "or something between here and \(endpoint.description) changes requests"
      )
    case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired":
      return .unauthorized("the session of the keys (from \(keySource)) has expired")
    case "RequestTimeTooSkewed":
      return .unauthorized("the clock of this machine differs too much from the server's")
    case "PermanentRedirect", "AuthorizationHeaderMalformed", "TemporaryRedirect",
      "IllegalLocationConstraintException":
      let hint = region.map { "in the region \($0); set AWS_REGION=\($0)" }
      return .misconfigured(
        "the bucket '\(bucket)' is \(hint ?? "elsewhere than \(endpoint.description)")"
      )
    case "AccessDenied", "AllAccessDisabled", "AccountProblem":
      return .unauthorized(
        "\(endpoint.description) denies access with the keys from \(keySource)"
      )
    case "PreconditionFailed": return .changed
    default: break
    }
    switch status {
    case 301, 307:
      let hint = region.map { "in the region \($0); set AWS_REGION=\($0)" }
      return .misconfigured(
        "the bucket '\(bucket)' is \(hint ?? "elsewhere than \(endpoint.description)")"
      )
    case 401, 403: return .permissionDenied
    case 404: return .notFound
    case 412: return .changed
    default:
      return isTransient ? .unavailable(text(endpoint)) : .failed(text(endpoint))
    }
  }

  private func text(_ endpoint: S3Endpoint) -> String {
    var text = "\(endpoint.description) answered \(status)"
    if !code.isEmpty { text += " \(code)" }
    if !message.isEmpty { text += ": \(message)" }
    if let requestID { text += " (request \(requestID))" }
    return text
  }
}

/// Why an exchange with S3 came to nothing, after all tries.
enum S3Failure: Error, Sendable {
  /// The store said no.
  case refused(S3ErrorResponse)
  /// There was no answer.
  case unanswered(HTTPError, tryCount: Int)
  /// There are no keys to ask with.
  case withoutKeys(StorageError.Reason)

  /// Whether another try may end better.
  var isTransient: Bool {
    switch self {
    case .refused(let response): response.isTransient
    case .unanswered(.unreachable, _), .unanswered(.interrupted, _), .unanswered(.truncated, _),
      .unanswered(.unexpected, _):
      true
    case .unanswered(.cancelled, _), .unanswered(.untrusted, _), .unanswered(.failed, _),
      .withoutKeys:
      false
    }
  }

  var isCancellation: Bool {
    if case .unanswered(.cancelled, _) = self { true } else { false }
  }

  var response: S3ErrorResponse? { if case .refused(let response) = self { response } else { nil } }
}
