/// Where the buckets below a prefix are, and whose keys open them.
///
/// What is left out is taken from the profile, then from the environment.
public struct S3Configuration: Sendable {
  public enum AddressingStyle: Sendable, Hashable {
    /// Paths for endpoints that are given, hosts for Amazon.
    case automatic
    /// `https://host/bucket/key`
    case path
    /// `https://bucket.host/key`
    case virtualHost
  }

  public enum Keys: Sendable {
    /// The environment, the profile, the container, the machine: the first that has keys.
    case automatic
    case given(S3Credentials)
    /// Requests are not signed: for public buckets.
    case anonymous
  }

  /// The paths it is for, as `s3://` or `s3://bucket/folder`; of several the longest counts.
  public var prefix: String
  /// The section of the AWS configuration files; nil for that of the environment. A profile named
  /// here is where keys come from, whatever the environment has.
  public var profile: String?
  /// As `https://storage.example:9000`.
  public var endpoint: String?
  public var region: String?
  public var addressing: AddressingStyle
  public var keys: Keys
  /// How many requests are under way at once.
  public var maximumRequestCount: Int
  /// Nil for that of the environment: `AWS_MAX_ATTEMPTS` and pauses from a tenth of a second on.
  public var retries: RetryPolicy?

  public init(
    prefix: String = "s3://",
    profile: String? = nil,
    endpoint: String? = nil,
    region: String? = nil,
    addressing: AddressingStyle = .automatic,
    keys: Keys = .automatic,
    maximumRequestCount: Int = 32,
    retries: RetryPolicy? = nil
  ) {
    self.prefix = prefix
    self.profile = profile
    self.endpoint = endpoint
    self.region = region
    self.addressing = addressing
    self.keys = keys
    self.maximumRequestCount = maximumRequestCount
    self.retries = retries
  }
}
