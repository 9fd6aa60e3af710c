import ApusStorage
import Glibc
import Testing

/// The laws of a store, on the local disk.
@Suite struct LocalObjectStoreTests {
  let directory = TemporaryDirectory()
  let store = LocalObjectStore()

  private func path(_ name: String) -> ObjectPath { ObjectPath(directory.path + "/" + name) }

  @Test func readsRanges() throws {
    directory.write("x", Array(0..<200))
    let reader = try store.open(path("x"))
    #expect(reader.info.size == 200)
    var bytes = [UInt8](repeating: 0, count: 10)
    try bytes.withUnsafeMutableBytes { try reader.read(at: 190, into: $0) }
    #expect(bytes == Array(190..<200))
    var nothing: [UInt8] = []
    try nothing.withUnsafeMutableBytes { try reader.read(at: 200, into: $0) }
  }

  @Test func aRangeBehindTheEndIsAnError() throws {
    directory.write("x", [1, 2, 3])
    let reader = try store.open(path("x"))
    var bytes = [UInt8](repeating: 0, count: 10)
    let error = #expect(throws: StorageError.self) {
      try bytes.withUnsafeMutableBytes { try reader.read(at: 0, into: $0) }
    }
    #expect(error?.reason == .truncated)
  }

  @Test func missingThingsAreNotFound() throws {
    let error = #expect(throws: StorageError.self) { try store.open(path("no")) }
    #expect(error?.reason == .notFound)
    #expect(try store.entry(at: path("no")) == nil)
    #expect(throws: StorageError.self) { try store.list(path("no")) }
  }

  @Test func directoriesAreNoObjects() throws {
    directory.write("d/x", [])
    #expect(throws: StorageError.self) { try store.open(path("d")) }
    #expect(try store.entry(at: path("d")) == .directory)
    #expect(try store.entry(at: path("d/x")) == .object)
  }

  @Test func theTagChangesWithTheContent() throws {
    directory.write("x", [1])
    let before = try store.open(path("x")).info
    #expect(try store.open(path("x")).info == before)
    directory.write("x", [1, 2])
    #expect(try store.open(path("x")).info.tag != before.tag)
  }

  @Test func listsSortedByName() throws {
    for name in ["b", "a", "c/x"] { directory.write(name, []) }
    let entries = try store.list(ObjectPath(directory.path))
    #expect(entries.map(\.name) == ["a", "b", "c"])
    #expect(entries.map(\.kind) == [.object, .object, .directory])
  }
}

/// One place has one canonical path, however it is reached.
@Suite struct CanonicalPathTests {
  @Test func linksAndStepsAreFollowed() throws {
    let directory = TemporaryDirectory()
    directory.write("real/t/x", [])
    #expect(symlink(directory.path + "/real", directory.path + "/link") == 0)
    let real = ObjectPath(directory.path + "/real/t").canonical
    #expect(ObjectPath(directory.path + "/link/t").canonical == real)
    #expect(ObjectPath(directory.path + "/link/../real//t/").canonical == real)
    #expect(
      ObjectPath(directory.path + "/link/t/new/file").canonical == real.appending("new/file")
    )
    #expect(ObjectPath("s3://lake/a").canonical == ObjectPath("s3://lake/a"))
    #expect(ObjectPath("").canonical.text.hasPrefix("/"))
  }

  @Test(arguments: [
    ("s3://lake/t/*/x.parquet", "s3://lake/t"), ("/a/b/c.parquet", "/a/b/c.parquet"),
    ("a/{b,c}/d", "a"), ("*", ""), ("/?", "/"), ("s3://lake/*", "s3://lake/"),
  ])
  func patternsLieBelowTheirDirectory(_ pattern: String, _ directory: String) {
    #expect(GlobPattern.directory(of: ObjectPath(pattern)).text == directory)
  }
}
