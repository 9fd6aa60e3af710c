extension S3Configuration {
  /// Puts together what is given, what the profile says and what the environment says.
  func makeClient(_ environment: ProcessEnvironment) throws(StorageError) -> S3Client {
    let profile = Profile(named: profile, in: environment)
    let style = try addressingStyle(profile)
    return S3Client(
      endpoint: try makeEndpoint(profile, environment, style),
      credentials: CredentialProvider(makeSources(environment)),
      retries: try makeRetries(environment),
      maximumRequestCount: maximumRequestCount,
      certificateFile: environment.variable("AWS_CA_BUNDLE") ?? profile["ca_bundle"]
    )
  }

  private func makeEndpoint(
    _ profile: Profile,
    _ environment: ProcessEnvironment,
    _ style: AddressingStyle
  ) throws(StorageError) -> S3Endpoint {
    let ofEnvironment = (
      region: environment.variable("AWS_REGION") ?? environment.variable("AWS_DEFAULT_REGION"),
      endpoint: environment.variable("AWS_ENDPOINT_URL_S3")
        ?? environment.variable("AWS_ENDPOINT_URL")
    )
    // A profile that was asked for here is nearer than the environment.
    let isNear = self.profile != nil
    let region =
      self.region
      ?? (isNear ? profile["region"] ?? ofEnvironment.region : ofEnvironment.region)
      ?? profile["region"] ?? "us-east-1"
    var url = endpoint
    if url == nil, !environment.isTrue("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") {
      url =
        isNear
        ? profile.endpoint ?? ofEnvironment.endpoint : ofEnvironment.endpoint ?? profile.endpoint
    }
    guard region.utf8.allSatisfy({ S3Configuration.isNameByte($0) }) else {
      throw misconfigured("'\(region)' is not the name of a region")
    }
    guard let url else { return S3Endpoint(awsRegion: region, style: style) }
    do throws(S3EndpointError) {
      return try S3Endpoint(url: url, region: region, style: style)
    } catch {
      throw misconfigured("the endpoint '\(error.url)' is not an address as https://host:9000")
    }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private func addressingStyle(_ profile: Profile) throws(StorageError) -> AddressingStyle {
    guard addressing == .automatic, let text = profile["s3.addressing_style"] else {
      return addressing
    }
    switch text {
    case "auto": return .automatic
    case "path": return .path
    case "virtual": return .virtualHost
    default:
      throw misconfigured(
        "the profile '\(profile.name)' has addressing_style = \(text); auto, path and virtual are"
      )
    }
  }

  private func makeRetries(_ environment: ProcessEnvironment) throws(StorageError) -> RetryPolicy {
    if let retries { return retries }
    guard let text = environment.variable("AWS_MAX_ATTEMPTS") else { return RetryPolicy() }
    guard let count = Int(text), count > 0 else {
      throw misconfigured("AWS_MAX_ATTEMPTS is '\(text)', not a positive number")
    }
    return RetryPolicy(maximumTryCount: count)
  }

  /// The places where keys are looked for, in order.
  private func makeSources(_ environment: ProcessEnvironment) -> [any CredentialSource] {
    switch keys {
    case .anonymous: return []
    case .given(let keys): return [GivenCredentials(keys)]
    case .automatic: break
    }
    if let profile { return [ProfileCredentials(profileName: profile, environment: environment)] }
    return [
      EnvironmentCredentials(environment: environment),
      ProfileCredentials(profileName: nil, environment: environment),
      ContainerCredentials(environment: environment),
      InstanceCredentials(environment: environment),
    ]
  }

  private func misconfigured(_ text: String) -> StorageError {
    StorageError(.misconfigured(text), ObjectPath(prefix))
  }
}
