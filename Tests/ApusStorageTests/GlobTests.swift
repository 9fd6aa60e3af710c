import ApusStorage
import Testing

/// Patterns find what a shell would, and list no more than they need.
@Suite struct GlobTests {
  private func expand(_ pattern: String, in directory: TemporaryDirectory) throws -> [String] {
    let patterns = try #require(GlobPattern.parse(directory.path + "/" + pattern))
    return try LocalObjectStore().expand(patterns).map {
      String($0.path.text.dropFirst(directory.path.count + 1))
    }
  }

  @Test(arguments: [
    ("*.txt", ["a.txt", "b.txt"]),
    ("?.txt", ["a.txt", "b.txt"]),
    ("[a].txt", ["a.txt"]),
    ("[!a].txt", ["b.txt"]),
    ("[a-b].txt", ["a.txt", "b.txt"]),
    ("{b,a}.txt", ["a.txt", "b.txt"]),
    ("{a,m=1/c}.txt", ["a.txt", "m=1/c.txt"]),
    ("{a,{b,x}}.txt", ["a.txt", "b.txt"]),
    ("m=*/c.txt", ["m=1/c.txt", "m=2/c.txt"]),
    ("m=*/*", ["m=1/c.txt", "m=2/c.txt", "m=2/deep/d.txt", "m=2/ü.txt"]),
    ("m=2", ["m=2/c.txt", "m=2/deep/d.txt", "m=2/ü.txt"]),
    ("m=*", ["m=1/c.txt", "m=2/c.txt", "m=2/deep/d.txt", "m=2/ü.txt"]),
    ("**/c.txt", ["m=1/c.txt", "m=2/c.txt"]),
    ("**", ["a.txt", "b.txt", "m=1/c.txt", "m=2/c.txt", "m=2/deep/d.txt", "m=2/ü.txt"]),
    ("**/*.txt", ["a.txt", "b.txt", "m=1/c.txt", "m=2/c.txt", "m=2/deep/d.txt", "m=2/ü.txt"]),
    ("m=2/?.txt", ["m=2/c.txt", "m=2/ü.txt"]),
    ("nothing*", []),
    ("nothing/*.txt", []),
    ("a.txt/*", []),
    ("m=1/[c", []),
    ("_hidden/e.txt", ["_hidden/e.txt"]),
  ])
  func finds(_ pattern: String, _ expected: [String]) throws {
    let directory = TemporaryDirectory()
    let names = [
      "a.txt", "b.txt", "m=1/c.txt", "m=2/c.txt", "m=2/ü.txt", "m=2/deep/d.txt", "_hidden/e.txt",
      ".secret.txt", "m=1/_SUCCESS",
    ]
    for name in names { directory.write(name, []) }
    #expect(try expand(pattern, in: directory) == expected)
  }

  /// A bucket is listed flat where a directory is walked: both find the same.
  @Test(
    .enabled(if: S3Server.isThere, S3Server.hint),
    arguments: [
      "*.txt", "m=*/*", "m=*", "**", "**/*.txt", "m=*/*/*", "m=*/c.txt", "m=2/?.txt", "nothing*",
      "a.txt/*", "*/*.txt", "m=2/**", "_hidden/*", "*/deep/*", "**/deep",
    ]
  )
  func findsTheSameInABucket(_ pattern: String) throws {
    let directory = TemporaryDirectory()
    let server = try S3Server()
    let store = try server.store()
    let bucket = "s3://" + (try server.makeBucket())
    for name in [
      "a.txt", "b.txt", "m=1/c.txt", "m=2/c.txt", "m=2/ü.txt", "m=2/deep/d.txt", "_hidden/e.txt",
      ".secret.txt", "m=1/_SUCCESS", "m=2/.x/y.txt",
    ] {
      directory.write(name, [1])
      try [UInt8(1)].withUnsafeBytes {
        _ = try store.put(ObjectPath(bucket + "/" + name), $0, replacing: true)
      }
    }
    let patterns = try #require(GlobPattern.parse(bucket + "/" + pattern))
    let found = try store.expand(patterns)
    #expect(
      found.map { String($0.path.text.dropFirst(bucket.count + 1)) }
        == (try expand(pattern, in: directory))
    )
    #expect(found.allSatisfy { $0.size == 1 })
  }

  @Test func manyStarsDoNotTakeForever() throws {
    let directory = TemporaryDirectory()
    directory.write(String(repeating: "a", count: 200), [])
    #expect(try expand(String(repeating: "a*", count: 60) + "b", in: directory) == [])
  }

  @Test func tooManyAlternativesAreRefused() {
    #expect(GlobPattern.parse(String(repeating: "{a,b}", count: 20)) == nil)
    #expect(GlobPattern.parse(String(repeating: "{a,b}", count: 4))?.count == 16)
  }

  @Test func directoriesThatAreTurnedDownAreNotListed() throws {
    let directory = TemporaryDirectory()
    for month in 1...3 { directory.write("month=\(month)/x", []) }
    let patterns = try #require(GlobPattern.parse(directory.path + "/month=*/*"))
    let found = try LocalObjectStore().expand(patterns) { $0.text.hasSuffix("month=2") }
    #expect(found.map(\.path.text) == [directory.path + "/month=2/x"])
  }
}
