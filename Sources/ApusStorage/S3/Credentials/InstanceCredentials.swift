/// The keys that EC2 hands out to a machine, by the second version of its metadata service.
///
/// - Source: Amazon EC2 User Guide, "Use the Instance Metadata Service".
struct InstanceCredentials: CredentialSource {
  let environment: ProcessEnvironment

  private var endpoint: String {
    let given = environment.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT")
    let text = given ?? "http://169.254.169.254"
    return text.hasSuffix("/") ? String(text.dropLast()) : text
  }

  private var isDisabled: Bool { environment.isTrue("AWS_EC2_METADATA_DISABLED") }

  var name: String {
    isDisabled
      ? "the machine (not asked: AWS_EC2_METADATA_DISABLED)" : "the machine (\(endpoint))"
  }

  func load() throws(CredentialError) -> S3Credentials? {
    if isDisabled { return nil }
    let base = endpoint
    // Most machines are not on EC2, and nobody answers: then there are no keys here.
    let tokenHeader = HTTPRequest.Header(
      name: "X-aws-ec2-metadata-token-ttl-seconds",
      value: "21600"
    )
    guard
      let token = ask(base + "/latest/api/token", .put, [tokenHeader]),
      token.status == 200
    else { return nil }
    let text = String(decoding: token.body, as: UTF8.self)
    let headers = [
      HTTPRequest.Header(
        name: "X-aws-ec2-metadata-token",
        value: String(text.prefix { !$0.isNewline })
      )
    ]
    let roles = base + "/latest/meta-data/iam/security-credentials/"
    guard let list = ask(roles, .get, headers), list.status == 200,
      let role = String(decoding: list.body, as: UTF8.self).split(whereSeparator: \.isNewline).first
    else { return nil }
    guard let answer = ask(roles + PercentEncoding.encode(role), .get, headers),
      answer.status == 200, let found = S3Credentials(json: answer.body, tokenName: "Token")
    else {
      throw CredentialError(.unauthorized("\(base) gives no keys for the role '\(role)'"))
    }
    return found
  }

  private func ask(
    _ url: String,
    _ method: HTTPRequest.Method,
    _ headers: [HTTPRequest.Header]
  ) -> HTTPResponse? {
    let seconds = environment.variable("AWS_METADATA_SERVICE_TIMEOUT").flatMap { Int($0) } ?? 1
    let limit = 1_000 * max(1, min(seconds, 60))
    var request = HTTPRequest(method: method, url: url, headers: headers)
    if method == .put { request.body = HTTPBody(capacity: 0) }
    request.limits = HTTPLimits(connecting: limit, silence: 5, total: limit)
    request.mayUseProxy = false
    return try? MetadataClient.answer(request)
  }
}
