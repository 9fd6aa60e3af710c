/// Which profile of the AWS configuration files is for the paths below a prefix: it has the keys, and
/// may have the endpoint and the region.
public struct S3ProfileChoice: Sendable, Hashable {
  /// As `s3://` or `s3://bucket/folder/`; of several the longest counts.
  public var prefix: String
  /// The section of the files.
  public var profile: String

  public init(prefix: String, profile: String) {
    self.prefix = prefix
    self.profile = profile
  }

  /// Reads `s3://gold/=production`; nil if the text is of another shape.
  public init?(_ text: String) {
    guard text.hasPrefix("s3://"), let equals = text.lastIndex(of: "=") else { return nil }
    let profile = text[text.index(after: equals)...]
    guard !profile.isEmpty else { return nil }
    self.init(prefix: String(text[..<equals]), profile: String(profile))
  }

  /// What the text looks like, for messages.
  public static let shape = "a profile is given as s3://bucket/=name"
}
