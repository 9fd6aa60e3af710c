import ApusStorage
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
