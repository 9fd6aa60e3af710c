import Synchronization
import Testing

@testable import ApusStorage

/// Where keys come from, and what happens when they end.
@Suite struct CredentialTests {
  /// An environment of its own, with files that exist nowhere.
  private func environment(
    _ variables: [String: String],
    files: [String: String] = [:]
  ) -> ProcessEnvironment {
    var all = variables
    all["AWS_EC2_METADATA_DISABLED"] = variables["AWS_EC2_METADATA_DISABLED"] ?? "true"
    all["HOME"] = "/home-of-nobody"
    return ProcessEnvironment(variable: { [all] in all[$0] }, text: { files[$0] })
  }

  private func keys(
    _ variables: [String: String],
    files: [String: String] = [:],
    _ configuration: S3Configuration = S3Configuration()
  ) throws -> S3Credentials? {
    try configuration.makeClient(environment(variables, files: files)).credentials.current()
  }

  private let files = [
    "/home-of-nobody/.aws/credentials": """
    # keys
    [default]
    aws_access_key_id = AKdefault
    aws_secret_access_key = secret/+=

    [lake]
    aws_access_key_id=AKlake
    aws_secret_access_key=secretlake
    aws_session_token=tokenlake
    [half]
    aws_access_key_id = AKhalf
    """,
    "/home-of-nobody/.aws/config": """
    [default]
    region = eu-central-1
    [profile lake]
    region = eu-west-1
    services = here
    s3 =
      addressing_style = virtual
    endpoint_url = http://not-this:1
    [services here]
    s3 =
      endpoint_url = https://lake.example:9000/base/
    dynamodb =
      endpoint_url = http://nor-this:1
    [profile role]
    role_arn = arn:aws:iam::1:role/x
    [profile program]
    credential_process = echo '{"Version":1,"AccessKeyId":"AKp","SecretAccessKey":"s\\u002fp","Nested":{"a":[1,"]"]}}'
    [profile broken]
    credential_process = false
    """,
  ]

  @Test func theEnvironmentComesFirst() throws {
    let found = try keys(
      [
        "AWS_ACCESS_KEY_ID": "AKe", "AWS_SECRET_ACCESS_KEY": "se", "AWS_SESSION_TOKEN": "te",
        "AWS_PROFILE": "lake",
      ],
      files: files
    )
    #expect(found == S3Credentials(accessKey: "AKe", secretKey: "se", sessionToken: "te"))
  }

  @Test func profilesHaveKeys() throws {
    #expect(try keys([:], files: files)?.secretKey == "secret/+=")
    #expect(try keys(["AWS_PROFILE": "lake"], files: files)?.sessionToken == "tokenlake")
    let named = S3Configuration(profile: "lake")
    let environment = ["AWS_ACCESS_KEY_ID": "AKe", "AWS_SECRET_ACCESS_KEY": "se"]
    #expect(try keys(environment, files: files, named)?.accessKey == "AKlake")
    #expect(try keys(["AWS_PROFILE": "program"], files: files)?.secretKey == "s/p")
  }

  @Test(arguments: [
    ("nobody", "there is no profile"), ("half", "no aws_secret_access_key"),
    ("role", "role_arn, which Apus does not support"), ("broken", "credential_process"),
  ])
  func unusableProfilesAreSaid(_ profile: String, _ expected: String) throws {
    let error = #expect(throws: CredentialError.self) {
      try keys(["AWS_PROFILE": profile], files: files)
    }
    #expect("\(error.map { $0.reason } as Any)".contains(expected))
  }

  @Test func withoutKeysEveryPlaceIsNamed() throws {
    let error = #expect(throws: CredentialError.self) { try keys([:]) }
    guard case .unauthorized(let text)? = error?.reason else {
      Issue.record("\(error as Any)")
      return
    }
    for place in [
      "AWS_ACCESS_KEY_ID", "'default'", "/home-of-nobody/.aws/credentials",
      "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_EC2_METADATA_DISABLED",
    ] {
      #expect(text.contains(place), "\(place) in \(text)")
    }
  }

  @Test func placesAreResolved() throws {
    func endpoint(
      _ variables: [String: String],
      _ configuration: S3Configuration = S3Configuration()
    ) throws -> S3Endpoint {
      try configuration.makeClient(environment(variables, files: files)).endpoint
    }
    let amazon = try endpoint([:])
    #expect(amazon.description == "https://s3.eu-central-1.amazonaws.com")
    #expect(amazon.address(of: "lake") == ("lake.s3.eu-central-1.amazonaws.com", ""))
    #expect(amazon.address(of: "a.b") == ("s3.eu-central-1.amazonaws.com", "/a.b"))
    let lake = try endpoint(["AWS_PROFILE": "lake"])
    #expect(lake.description == "https://lake.example:9000/base")
    #expect(lake.region == "eu-west-1")
    #expect(lake.address(of: "x") == ("x.lake.example:9000", "/base"))
    let given = try endpoint([
      "AWS_ENDPOINT_URL_S3": "http://s3:80", "AWS_ENDPOINT_URL": "http://all", "AWS_REGION": "r-1",
    ])
    #expect(given.description == "http://s3")
    #expect(given.region == "r-1")
    #expect(given.address(of: "x") == ("s3", "/x"))
    for bad in ["s3", "ftp://x", "http://", "http://a b", "http://user@host"] {
      let error = #expect(throws: StorageError.self) { try endpoint(["AWS_ENDPOINT_URL": bad]) }
      guard case .misconfigured(let text)? = error?.reason else {
        Issue.record("\(error as Any)")
        continue
      }
      #expect(text.contains(bad))
    }
    #expect(throws: StorageError.self) { try endpoint(["AWS_MAX_ATTEMPTS": "many"]) }
    #expect(throws: StorageError.self) { try endpoint(["AWS_REGION": "eu/../x"]) }
  }

  @Test func nothingPrintsASecret() {
    let keys = S3Credentials(accessKey: "AKIA1234", secretKey: "hush", sessionToken: "psst")
    var dumped = ""
    dump(keys, to: &dumped)
    for text in ["\(keys)", String(reflecting: keys), dumped, "\([keys])"] {
      #expect(!text.contains("hush") && !text.contains("psst") && !text.contains("1234"), "\(text)")
    }
    var configured = ""
    dump(S3Configuration(keys: .given(keys)), to: &configured)
    #expect(!configured.contains("hush"))
  }

  @Test(
    arguments: [
      ("1970-01-01T00:00:10Z", 10), ("2013-05-24T00:00:00Z", 1_369_353_600),
      ("2013-05-24T02:00:00.123+02:00", 1_369_353_600), ("2013-05-23T23:30:00-0030", 1_369_353_600),
      ("soon", nil), ("2013-05-24", nil), ("2013-05-24T00:00:00X", nil),
    ] as [(String, Int?)]
  )
  func readsTimes(_ text: String, _ seconds: Int?) {
    #expect(S3Credentials.seconds(text) == seconds)
  }

  // MARK: - Keys that are lent

  private func lent(_ number: Int, until seconds: Int) -> String {
    let text = SignatureV4.timeText(seconds)
    let (day, time) = (text.prefix(8), text.dropFirst(9).prefix(6))
    let end =
      "\(day.prefix(4))-\(day.dropFirst(4).prefix(2))-\(day.suffix(2))T"
      + "\(time.prefix(2)):\(time.dropFirst(2).prefix(2)):\(time.suffix(2))Z"
    return """
      {"Code": "Success", "AccessKeyId": "AK\(number)", "SecretAccessKey": "s\(number)",
       "Token": "t\(number)", "Expiration": "\(end)"}
      """
  }

  @Test func containersLendKeysThatAreRenewedBeforeTheyEnd() throws {
    let metadata = try PythonServer("metadata.py")
    let clock = InstantClock()
    let start = clock.now
    let answers = [lent(1, until: start + 3_600), lent(2, until: start + 7_200)]
    try metadata.post(
      #"{"authorization": "let me in", "answers": [\#(answers.joined(separator: ","))]}"#,
      to: "/answers"
    )
    let around = environment(
      [
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": metadata.url(0, "/container"),
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/token",
      ],
      files: ["/token": "let me in\n"]
    )
    let provider = CredentialProvider([ContainerCredentials(environment: around)], clock: clock)
    for _ in 0..<3 { #expect(try provider.current()?.sessionToken == "t1") }
    #expect(try metadata.get("/count") == "1")
    clock.advance(3_600 - CredentialProvider.margin + 1)
    for _ in 0..<3 { #expect(try provider.current()?.accessKey == "AK2") }
    #expect(try metadata.get("/count") == "2")

    let stranger = environment([
      "AWS_CONTAINER_CREDENTIALS_FULL_URI": metadata.url(0, "/container"),
      "AWS_CONTAINER_AUTHORIZATION_TOKEN": "wrong",
    ])
    let error = #expect(throws: CredentialError.self) {
      try ContainerCredentials(environment: stranger).load()
    }
    #expect("\(error as Any)".contains("401"))
    #expect(!"\(error as Any)".contains("wrong"))
  }

  @Test func machinesLendKeysToTheirRole() throws {
    let metadata = try PythonServer("metadata.py")
    let clock = InstantClock()
    try metadata.post(
      #"{"role": "lake", "answers": [\#(lent(1, until: clock.now + 3_600))]}"#,
      to: "/answers"
    )
    let around = environment([
      "AWS_EC2_METADATA_SERVICE_ENDPOINT": metadata.url() + "/",
      "AWS_EC2_METADATA_DISABLED": "false",
    ])
    #expect(try InstanceCredentials(environment: around).load()?.accessKey == "AK1")
    let disabled = environment(["AWS_EC2_METADATA_SERVICE_ENDPOINT": metadata.url()])
    #expect(try InstanceCredentials(environment: disabled).load() == nil)
  }

  @Test func aTokenIsNotSentUnencryptedToStrangers() {
    let around = environment(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.com/keys"])
    let error = #expect(throws: CredentialError.self) {
      try ContainerCredentials(environment: around).load()
    }
    #expect("\(error as Any)".contains("example.com"))
  }
}
