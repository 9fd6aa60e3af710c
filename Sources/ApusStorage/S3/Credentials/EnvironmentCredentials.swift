/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
struct EnvironmentCredentials: CredentialSource {
  let environment: ProcessEnvironment
  let name = "the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)"

  func load() throws(CredentialError) -> S3Credentials? {
    let accessKey = environment.variable("AWS_ACCESS_KEY_ID")
    let secretKey = environment.variable("AWS_SECRET_ACCESS_KEY")
    switch (accessKey, secretKey) {
    case (let accessKey?, let secretKey?):
      return S3Credentials(
        accessKey: accessKey,
        secretKey: secretKey,
        sessionToken: environment.variable("AWS_SESSION_TOKEN")
      )
    case (nil, nil): return nil
    default:
      let missing = accessKey == nil ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY"
      throw CredentialError(.unauthorized("of the key in the environment, \(missing) is missing"))
    }
  }
}
