/// A key to a store. Nothing that prints it shows the secret parts.
public struct S3Credentials: Hashable, Sendable {
  public var accessKey: String
  public var secretKey: String
  /// Comes with keys that are lent for a while.
  public var sessionToken: String?
  /// When they stop to work, in seconds since 1970 UTC; nil for never.
  public var expiration: Int?

  public init(
    accessKey: String,
    secretKey: String,
    sessionToken: String? = nil,
    expiration: Int? = nil
  ) {
    self.accessKey = accessKey
    self.secretKey = secretKey
    self.sessionToken = sessionToken
    self.expiration = expiration
  }
}

extension S3Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String {
    let lent = sessionToken == nil ? "" : ", with a session token"
    return "S3Credentials(\(accessKey.prefix(4))…\(lent))"
  }

  public var debugDescription: String { description }

  public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
