import Glibc

/// The keys of a profile in the AWS configuration files, read anew each time.
struct ProfileCredentials: CredentialSource {
  /// Nil for that of the environment.
  let profileName: String?
  let environment: ProcessEnvironment

  var name: String {
    let profile = Profile(named: profileName, in: environment)
    return "the profile '\(profile.name)' (\(profile.files))"
  }

  /// Ways to keys that exist and that Apus does not go.
  private static let unsupported = [
    "role_arn", "sso_session", "sso_start_url", "web_identity_token_file", "credential_source",
  ]

  func load() throws(CredentialError) -> S3Credentials? {
    let profile = Profile(named: profileName, in: environment)
    guard profile.section != nil else {
      guard profile.isNamed else { return nil }
      throw CredentialError(
        .misconfigured("there is no profile '\(profile.name)' in \(profile.files)")
      )
    }
    if let accessKey = profile["aws_access_key_id"] {
      guard let secretKey = profile["aws_secret_access_key"] else {
        throw CredentialError(
          .unauthorized("the profile '\(profile.name)' has no aws_secret_access_key")
        )
      }
      return S3Credentials(
        accessKey: accessKey,
        secretKey: secretKey,
        sessionToken: profile["aws_session_token"]
      )
    }
    if let command = profile["credential_process"] {
      guard let output = ProfileCredentials.output(of: command),
        let found = S3Credentials(json: output, tokenName: "SessionToken")
      else {
        throw CredentialError(
          .unauthorized("the credential_process of the profile '\(profile.name)' gave no keys")
        )
      }
      return found
    }
    if let way = ProfileCredentials.unsupported.first(where: { profile[$0] != nil }) {
      throw CredentialError(
        .misconfigured(
          "the profile '\(profile.name)' has \(way), which Apus does not support; "
            + "keys and credential_process are"
        )
      )
    }
    return nil
  }

  /// Runs a command of the shell; nil if it fails.
  private static func output(of command: String) -> [UInt8]? {
    guard let pipe = popen(command, "re") else { return nil }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = fread(&buffer, 1, buffer.count, pipe)
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    return pclose(pipe) == 0 ? bytes : nil
  }
}
