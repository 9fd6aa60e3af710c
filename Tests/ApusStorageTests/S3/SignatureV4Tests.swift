import Testing

@testable import ApusStorage

/// Signatures that Amazon has published.
@Suite struct SignatureV4Tests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 100_000),
      "6d1cf22d7cc09b085dfc25ee1a1f3ae0265804c607bc2074ad253bcc82fd81ee"
    ),
  ])
  func hashes(_ text: String, _ expected: String) {
    #expect(SHA256.hexadecimal(SHA256.hash(text)) == expected)
  }

  /// RFC 4231, test cases 2 and 6.
  @Test func hashesWithKeys() {
    #expect(
      SHA256.hexadecimal(
        SHA256.authenticationCode("what do ya want for nothing?", key: Array("Jefe".utf8))
      ) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )
    #expect(
      SHA256.hexadecimal(
        SHA256.authenticationCode(
          "Test Using Larger Than Block-Size Key - Hash Key First",
          key: [UInt8](repeating: 0xaa, count: 131)
        )
      ) == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    )
  }

  /// The examples of "Authenticating Requests: Using the Authorization Header" in the reference of
  /// Amazon S3.
  private static let examples: [(SignatureV4.Subject, String)] = [
    (
      subject("GET", "/test.txt", [("Range", "bytes=0-9")]),
      "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    ),
    (
      subject(
        "PUT",
        "/test%24file.text",
        [("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
        body: "Welcome to Amazon S3."
      ),
      "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
    ),
    (
      subject("GET", "/", query: [("lifecycle", "")]),
      "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
    ),
    (
      subject("GET", "/", query: [("prefix", "J"), ("max-keys", "2")]),
      "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
    ),
  ]

  private static func subject(
    _ method: String,
    _ path: String,
    _ headers: [(String, String)] = [],
    query: [(name: String, value: String)] = [],
    body: String = ""
  ) -> SignatureV4.Subject {
    let hash = SHA256.hexadecimal(SHA256.hash(body))
    let all =
      headers + [
        ("Host", "examplebucket.s3.amazonaws.com"), ("x-amz-content-sha256", hash),
        ("x-amz-date", "20130524T000000Z"),
      ]
    return SignatureV4.Subject(
      method: method,
      path: path,
      query: query,
      headers: all.map { HTTPRequest.Header(name: $0.0, value: $0.1) },
      bodyHash: hash
    )
  }

  @Test(arguments: 0..<4) func signsTheExamplesOfS3(_ number: Int) {
    let (subject, signature) = Self.examples[number]
    let signer = SignatureV4(
      credentials: S3Credentials(
        accessKey: "AKIAIOSFODNN7EXAMPLE",
        secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
      ),
      region: "us-east-1"
    )
    let value = signer.authorization(for: subject, at: "20130524T000000Z")
    #expect(value.hasSuffix("Signature=\(signature)"))
    #expect(value.hasPrefix("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/"))
  }

  /// From the Signature Version 4 test suite: get-vanilla, post-vanilla,
  /// get-vanilla-query-order-key-case.
  @Test(arguments: [
    ("GET", [], "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("POST", [], "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    (
      "GET", ["Param2", "Param1"],
      "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
    ),
  ])
  func signsTheTestSuite(_ method: String, _ names: [String], _ signature: String) {
    let signer = SignatureV4(
      credentials: S3Credentials(
        accessKey: "AKIDEXAMPLE",
        secretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
      ),
      region: "us-east-1",
      service: "service"
    )
    let subject = SignatureV4.Subject(
      method: method,
      path: "/",
      query: names.map { ($0, "value" + $0.suffix(1)) },
      headers: [
        HTTPRequest.Header(name: "Host", value: "example.amazonaws.com"),
        HTTPRequest.Header(name: "X-Amz-Date", value: "20150830T123600Z"),
      ],
      bodyHash: SignatureV4.emptyBodyHash
    )
    #expect(
      signer.authorization(for: subject, at: "20150830T123600Z")
        == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        + "SignedHeaders=host;x-amz-date, Signature=\(signature)"
    )
  }

  @Test func tellsTheTime() {
    #expect(SignatureV4.timeText(1_369_353_600) == "20130524T000000Z")
  }

  @Test func encodesAndDecodes() {
    #expect(PercentEncoding.encode("a b+c/ü~", keepingSlashes: true) == "a%20b%2Bc/%C3%BC~")
    #expect(PercentEncoding.encode("a/b") == "a%2Fb")
    #expect(PercentEncoding.decode("a%20b%2Bc+%C3%BC") == "a b+c+ü")
    #expect(PercentEncoding.decode("a+b%2B", plusIsSpace: true) == "a b+")
    #expect(PercentEncoding.decode("%4") == nil)
    #expect(PercentEncoding.decode("%FF") == nil)
  }
}
