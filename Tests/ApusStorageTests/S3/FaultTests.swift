import ApusTestSupport
import Testing

@testable import ApusStorage

/// What goes wrong between here and a real server: once, and the right bytes come all the same;
/// always, and the right error does.
@Suite(.enabled(if: S3Server.isThere, S3Server.hint))
struct FaultTests {
  private let server: S3Server
  private let proxy: PythonServer
  private let bucket: String
  private let clock = InstantClock()

  init() throws {
    server = try S3Server()
    bucket = try server.makeBucket()
    proxy = try PythonServer("faults.py", server.endpoint)
  }

  private func store() throws -> S3ObjectStore {
    S3ObjectStore(
      client: try server.client(
        endpoint: proxy.url(),
        limits: HTTPLimits(total: 2_000),
        retries: RetryPolicy(maximumTryCount: 3),
        clock: clock
      )
    )
  }

  private func path(_ key: String) -> ObjectPath { ObjectPath("s3://\(bucket)/\(key)") }

  private func put(_ key: String, _ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { _ = try server.store().put(path(key), $0, replacing: true) }
  }

  private func setRules(_ rules: String...) throws {
    try proxy.post("[\(rules.joined(separator: ","))]", to: "/rules", port: 1)
  }

  private func read(_ reader: any ObjectReader, _ range: Range<Int>) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    try bytes.withUnsafeMutableBytes { try reader.read(at: range.lowerBound, into: $0) }
    return bytes
  }

  /// How many requests of a method the proxy has seen since the rules were set.
  private func seenRequestCount(_ method: String) throws -> Int {
    try proxy.get("/requests", port: 1).matches(of: try Regex(#""method": "\#(method)""#)).count
  }

  private static let readFaults = [
    #""fault": "cut", "bytes": 0"#, #""fault": "cut", "bytes": 1000"#,
    #""fault": "short", "bytes": 999"#, #""fault": "shifted""#, #""fault": "reset""#,
    #""fault": "lost""#, #""fault": "hang""#,
    #""fault": "status", "status": 500, "code": "InternalError""#,
    #""fault": "status", "status": 503, "code": "SlowDown""#,
    #""fault": "status", "status": 504, "code": """#,
    #""fault": "status", "status": 400, "code": "RequestTimeout""#,
  ]

  @Test(arguments: readFaults) func aFaultThatPassesIsNotSeen(_ fault: String) throws {
    let bytes = patternedBytes(300_000)
    try put("x", bytes)
    try setRules(#"{"method": "GET", "times": 1, \#(fault)}"#)
    let activity = StorageActivity()
    let store = try store().counting(in: activity)
    #expect(try read(store.open(path("x")), 10..<200_000) == Array(bytes[10..<200_000]))
    #expect(activity.count(of: .get) == 2)
    #expect(activity.count(of: .head) == 1)
    #expect(try seenRequestCount("GET") == 2)
    // What a kept connection swallowed is repeated without a pause.
    #expect(clock.pauseCount == (fault.contains("lost") || fault.contains("reset") ? 0 : 1))
  }

  @Test(arguments: readFaults) func aFaultThatStaysIsAnError(_ fault: String) throws {
    let bytes = patternedBytes(3_000)
    try put("x", bytes)
    try setRules(#"{"method": "GET", \#(fault)}"#)
    let activity = StorageActivity()
    let reader = try store().counting(in: activity).open(path("x"))
    let error = #expect(throws: StorageError.self) { try read(reader, 0..<3_000) }
    switch error?.reason {
    case .truncated?: #expect(fault.contains("cut") || fault.contains("short"))
    case .unavailable(let text)?:
      #expect(!fault.contains("cut"))
      #expect(text.contains(proxy.url()))
    case let reason: Issue.record("\(reason.map { "\($0)" } ?? "nothing") for \(fault)")
    }
    #expect(try activity.count(of: .get) == seenRequestCount("GET"))
    #expect(try seenRequestCount("GET") >= 3)
    try setRules()
    #expect(try read(reader, 0..<3_000) == bytes)
  }

  @Test func onlyWhatFailedIsFetchedAgain() throws {
    let bytes = patternedBytes(2 << 20)
    try put("x", bytes)
    try setRules(#"{"method": "GET", "nth": 2, "times": 1, "fault": "cut", "bytes": 5000}"#)
    let activity = StorageActivity()
    let reader = try store().counting(in: activity).open(path("x"))
    let ranges = [0..<10_000, 1_000_000..<1_010_000, 2_000_000..<2_010_000]
    let buffers = ranges.map {
      UnsafeMutableRawBufferPointer.allocate(byteCount: $0.count, alignment: 1)
    }
    defer { for buffer in buffers { buffer.deallocate() } }
    try reader.start(zip(ranges, buffers).map { ObjectRead(offset: $0.lowerBound, buffer: $1) })
      .wait()
    for (range, buffer) in zip(ranges, buffers) { #expect(buffer.elementsEqual(bytes[range])) }
    #expect(activity.count(of: .get) == 4)
    #expect(activity.receivedByteCount == 35_000)
  }

  @Test(arguments: [
    #""fault": "lost""#, #""fault": "reset""#, #""fault": "hang""#,
    #""fault": "status", "status": 503, "code": "SlowDown""#,
  ])
  func writesAreRepeated(_ fault: String) throws {
    let store = try store()
    for method in ["PUT", "POST", "DELETE"] {
      try setRules(#"{"method": "\#(method)", "times": 1, \#(fault)}"#)
      let bytes = patternedBytes(50_000)
      let name = path("\(method)")
      // Whose answer was lost, won all the same.
      try bytes.withUnsafeBytes { _ = try store.put(name, $0, replacing: false) }
      #expect(try read(store.open(name), 0..<50_000) == bytes)
      let again = #expect(throws: StorageError.self) {
        try bytes.withUnsafeBytes { _ = try store.put(name, $0, replacing: false) }
      }
      #expect(again?.reason == .alreadyExists)

      try setRules(#"{"method": "\#(method)", "times": 1, \#(fault)}"#)
      let upload = try store.upload(to: path("\(method)-upload"))
      try bytes.withUnsafeBytes { try upload.append($0) }
      try store.complete(try upload.finish())
      #expect(try read(store.open(path("\(method)-upload")), 0..<50_000) == bytes)
      try store.remove(name)
      #expect(try store.entry(at: name) == nil)
    }
  }

  @Test func aLostAnswerToCompleteIsNoFailure() throws {
    let store = try store()
    let upload = try store.upload(to: path("x"))
    try patternedBytes(1_000).withUnsafeBytes { try upload.append($0) }
    let prepared = try upload.finish()
    try setRules(#"{"method": "POST", "times": 1, "fault": "lost"}"#)
    try store.complete(prepared)
    try setRules(#"{"method": "POST", "path": "uploadId", "fault": "lost"}"#)
    try store.complete(prepared)
    #expect(try store.open(path("x")).info.size == 1_000)
  }

  @Test func aListingThatWasCutIsNoListing() throws {
    for number in 0..<5 { try put("d/\(number)", [1]) }
    try setRules(#"{"path": "list-type", "fault": "short", "bytes": 300}"#)
    let error = #expect(throws: StorageError.self) { try store().list(path("d")) }
    guard case .unavailable? = error?.reason else {
      Issue.record("\(error.map { "\($0)" } ?? "nothing")")
      return
    }
    try setRules(#"{"path": "list-type", "times": 1, "fault": "cut", "bytes": 300}"#)
    #expect(try store().list(path("d")).count == 5)
  }

  @Test func refusalsAreSaidClearly() throws {
    try put("x", [1])
    func reason(_ rule: String) throws -> StorageError.Reason? {
      try setRules(#"{"fault": "status", \#(rule)}"#)
      let reader = try store().open(
        path("x"),
        expecting: ObjectInfo(
          path: path("x"),
          size: 1,
          tag: "\"x\""
        )
      )
      return #expect(throws: StorageError.self) { try read(reader, 0..<1) }?.reason
    }
    #expect(
      try reason(
        #""status": 301, "code": "PermanentRedirect", "header": "x-amz-bucket-region: eu-west-1""#
      )
        == .misconfigured(
          "the bucket '\(bucket)' is in the region eu-west-1; set AWS_REGION=eu-west-1"
        )
    )
    #expect(try reason(#""status": 412, "code": "PreconditionFailed""#) == .changed)
    #expect(try reason(#""status": 404, "code": "NoSuchKey""#) == .notFound)
    guard case .unauthorized(let text)? = try reason(#""status": 403, "code": "AccessDenied""#)
    else {
      Issue.record("access is not denied")
      return
    }
    #expect(text.contains("the configuration"))
    #expect(!text.contains(server.credentials.secretKey))
  }

  @Test func aCancelledReadEndsThoughTheServerHangs() throws {
    try put("x", patternedBytes(1_000))
    let reader = try store().open(path("x"))
    try setRules(#"{"method": "GET", "fault": "hang"}"#)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1_000, alignment: 1)
    defer { buffer.deallocate() }
    let pending = reader.start([ObjectRead(offset: 0, buffer: buffer)])
    pending.cancel()
    let error = #expect(throws: StorageError.self) { try pending.wait() }
    #expect(error?.reason == .cancelled)
  }
}
