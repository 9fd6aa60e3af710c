/// The keys that ECS, EKS and their like hand out to a container.
///
/// - Source: AWS SDKs and Tools Reference Guide, "Container credential provider".
struct ContainerCredentials: CredentialSource {
  let environment: ProcessEnvironment
  let name =
    "the container (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, AWS_CONTAINER_CREDENTIALS_FULL_URI)"

  /// Hosts to which the token may go unencrypted: those that are on this machine.
  private static let localHosts: Set<String> = [
    "localhost", "127.0.0.1", "[::1]", "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]",
  ]

  func load() throws(CredentialError) -> S3Credentials? {
    guard let url = try url() else { return nil }
    var request = HTTPRequest(method: .get, url: url)
    request.limits = HTTPLimits(connecting: 2_000, silence: 5, total: 5_000)
    request.mayUseProxy = false
    if let token = try token() {
      request.headers.append(HTTPRequest.Header(name: "Authorization", value: token))
    }
    let response: HTTPResponse
    do throws(HTTPError) {
      response = try MetadataClient.answer(request)
    } catch {
      throw CredentialError(.unauthorized("\(url) gives no keys: \(error.text)"))
    }
    guard response.status == 200 else {
      throw CredentialError(.unauthorized("\(url) gives no keys: it answered \(response.status)"))
    }
    guard let found = S3Credentials(json: response.body, tokenName: "Token") else {
      throw CredentialError(.unauthorized("\(url) answered with something else than keys"))
    }
    return found
  }

  private func url() throws(CredentialError) -> String? {
    if let path = environment.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
      return "http://169.254.170.2" + path
    }
    guard let url = environment.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI") else { return nil }
    if url.hasPrefix("https://") { return url }
    guard url.hasPrefix("http://") else {
      throw CredentialError(
        .misconfigured("AWS_CONTAINER_CREDENTIALS_FULL_URI is '\(url)', which is no address")
      )
    }
    let authority = url.dropFirst(7).prefix { $0 != "/" && $0 != "?" }
    var host = authority
    if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
      host = authority[..<colon]
    }
    guard ContainerCredentials.localHosts.contains(host.lowercased()) else {
      throw CredentialError(
        .misconfigured(
          "AWS_CONTAINER_CREDENTIALS_FULL_URI names '\(host)', which without https must be local"
        )
      )
    }
    return url
  }

  private func token() throws(CredentialError) -> String? {
    let fileVariable = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
    guard let path = environment.variable(fileVariable) else {
      return environment.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN")
    }
    guard let text = environment.text(path) else {
      throw CredentialError(.misconfigured("\(fileVariable) is \(path), which cannot be read"))
    }
    // More than a line would become another header.
    return String(text.prefix { !$0.isNewline })
  }
}
