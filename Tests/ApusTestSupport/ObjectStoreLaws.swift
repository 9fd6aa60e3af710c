package import ApusStorage
import Glibc
import Synchronization
import Testing

/// Holds a store to what `ObjectStore` promises, below a directory where nothing is yet.
///
/// - Parameter keyCount: how many objects the listing of many writes; a store that lists in pages
///   gives at most 1000 at once.
package func checkObjectStore(
  _ store: some ObjectStore,
  at directory: ObjectPath,
  keyCount: Int = 1_050
) throws {
  let laws = ObjectStoreLaws(store: store, root: directory)
  try laws.rangesAreRead()
  try laws.readsNearAndFarAreFilled()
  try laws.emptyObjectsAreObjects()
  try laws.missingThingsAreMissing()
  try laws.directoriesAreNoObjects()
  try laws.listingsSaySizesAndTags()
  try laws.hiddenNamesAreLeftOut()
  try laws.oddNamesStayThemselves()
  try laws.longListingsAreWhole(keyCount)
  try laws.oneOfSeveralWritersWins()
  try laws.replacingReplaces()
  try laws.uploadsAreSeenOnceComplete()
  try laws.completingAndDiscardingAreRepeatable()
  try laws.changedObjectsAreNoticed()
  try laws.manyReadAtOnce()
  try laws.cancelledReadsEnd()
  try laws.removingIsRepeatable()
}

/// Bytes that differ from place to place.
package func patternedBytes(_ count: Int, seed: Int = 0) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: ($0 &* 31) ^ ($0 >> 8) ^ seed) }
}

private struct ObjectStoreLaws<Store: ObjectStore>: Sendable {
  let store: Store
  let root: ObjectPath

  private func path(_ name: String) -> ObjectPath { root.appending(name) }

  @discardableResult
  private func put(_ name: String, _ bytes: [UInt8], replacing: Bool = true) throws -> ObjectInfo {
    try bytes.withUnsafeBytes { try store.put(path(name), $0, replacing: replacing) }
  }

  private func read(_ reader: any ObjectReader, _ range: Range<Int>) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0xee, count: range.count)
    try bytes.withUnsafeMutableBytes { try reader.read(at: range.lowerBound, into: $0) }
    return bytes
  }

  private func whole(_ name: String) throws -> [UInt8] {
    let reader = try store.open(path(name))
    return try read(reader, 0..<reader.info.size)
  }

  private func expect(
    _ reason: StorageError.Reason,
    _ comment: Comment,
    _ body: () throws -> Void
  ) {
    let error = #expect(throws: StorageError.self, comment) { try body() }
    #expect(error?.reason == reason, comment)
  }

  // MARK: - Reading

  func rangesAreRead() throws {
    let bytes = patternedBytes(1_000)
    let written = try put("ranges/x", bytes)
    let reader = try store.open(path("ranges/x"))
    #expect(reader.info == written)
    #expect(reader.info.size == 1_000)
    for range in [0..<1_000, 0..<1, 999..<1_000, 17..<403, 1_000..<1_000, 0..<0] {
      #expect(try read(reader, range) == Array(bytes[range]), "\(range)")
    }
    expect(.truncated, "a range behind the end") { _ = try read(reader, 990..<1_001) }
  }

  func readsNearAndFarAreFilled() throws {
    let bytes = patternedBytes(3 << 20)
    try put("ranges/large", bytes)
    let reader = try store.open(path("ranges/large"))
    let ranges = [
      0..<100, 100..<300, 250..<700, 5_000..<5_001, 400_000..<400_100, 2_000_000..<2_900_000,
      2_100_000..<2_100_007, 3_145_728..<3_145_728,
    ]
    // Unsorted, as readers may ask.
    let order = [5, 1, 7, 0, 6, 3, 2, 4]
    let buffers = ranges.map { range in
      UnsafeMutableRawBufferPointer.allocate(byteCount: range.count, alignment: 16)
    }
    defer { for buffer in buffers { buffer.deallocate() } }
    let reads = order.map { ObjectRead(offset: ranges[$0].lowerBound, buffer: buffers[$0]) }
    let pending = reader.start(reads)
    try pending.wait()
    try pending.wait()
    for (range, buffer) in zip(ranges, buffers) {
      #expect(buffer.elementsEqual(bytes[range]), "\(range)")
    }
  }

  func emptyObjectsAreObjects() throws {
    let info = try put("empty/x", [])
    #expect(info.size == 0)
    #expect(try store.entry(at: path("empty/x")) == .object)
    #expect(try store.list(path("empty")).map(\.name) == ["x"])
    #expect(try whole("empty/x").isEmpty)
    let prepared = try store.upload(to: path("empty/y")).finish()
    #expect(prepared.size == 0)
    try store.complete(prepared)
    #expect(try store.open(path("empty/y")).info.size == 0)
  }

  func missingThingsAreMissing() throws {
    #expect(try store.entry(at: path("nothing")) == nil)
    #expect(try store.entry(at: path("nothing/at/all")) == nil)
    expect(.notFound, "open") { _ = try store.open(path("nothing")) }
    #expect(try store.listAll(below: path("nothing")).isEmpty)
    do {
      #expect(try store.list(path("nothing")).isEmpty)
    } catch {
      #expect(error.reason == .notFound)
    }
  }

  func directoriesAreNoObjects() throws {
    try put("directory/x", [1])
    try put("directory-not", [1])
    try put("directory.txt", [1])
    #expect(try store.entry(at: path("directory")) == .directory)
    #expect(try store.entry(at: path("directory/")) == .directory)
    #expect(try store.entry(at: path("direct")) == nil)
    #expect(throws: StorageError.self) { _ = try store.open(path("directory")) }
  }

  func cancelledReadsEnd() throws {
    let bytes = patternedBytes(2 << 20)
    try put("cancelled", bytes)
    let reader = try store.open(path("cancelled"))
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
    defer { buffer.deallocate() }
    let read = ObjectRead(offset: 0, buffer: buffer)
    let pending = reader.start([read])
    pending.cancel()
    // It may have been quicker than the cancellation.
    do {
      try pending.wait()
      #expect(buffer.elementsEqual(bytes))
    } catch {
      #expect(error.reason == .cancelled)
    }
    _ = reader.start([read])
    #expect(try self.read(reader, 5..<50) == Array(bytes[5..<50]))
  }

  func manyReadAtOnce() throws {
    let bytes = patternedBytes(200_000)
    try put("shared", bytes)
    let reader = try store.open(path("shared"))
    let wrong = Mutex(0)
    inThreads(8) { number in
      for round in 0..<5 {
        let start = number * 20_000 + round * 777
        if (try? read(reader, start..<start + 9_000)) != Array(bytes[start..<start + 9_000]) {
          wrong.withLock { $0 += 1 }
        }
      }
    }
    #expect(wrong.withLock { $0 } == 0)
  }

  func changedObjectsAreNoticed() throws {
    try put("changing", patternedBytes(500))
    let known = try #require(store.listAll(below: root).first { $0.path == path("changing") })
    #expect(try read(store.open(path("changing"), expecting: known), 0..<10).count == 10)
    try put("changing", patternedBytes(500, seed: 3))
    expect(.changed, "another object than was expected") {
      _ = try read(store.open(path("changing"), expecting: known), 0..<10)
    }
  }

  // MARK: - Listing

  func listingsSaySizesAndTags() throws {
    for (name, size) in [("b", 2), ("a", 1), ("c/x", 3), ("a-b", 4), ("c/d/y", 5)] {
      try put("listing/" + name, patternedBytes(size))
    }
    let entries = try store.list(path("listing"))
    #expect(entries.map(\.name) == ["a", "a-b", "b", "c"])
    #expect(entries.map(\.kind) == [.object, .object, .object, .directory])
    #expect(entries.map { $0.info?.size } == [1, 4, 2, nil])
    for entry in entries {
      guard let info = entry.info else { continue }
      #expect(info == (try store.open(info.path).info))
      #expect(info.path == path("listing/" + entry.name))
    }
    #expect(try store.list(path("listing/")) == entries)
    let all = try store.listAll(below: path("listing"))
    #expect(
      all.map(\.path) == ["a", "a-b", "b", "c/d/y", "c/x"].map { path("listing/" + $0) }
    )
    #expect(all.map(\.size) == [1, 4, 2, 5, 3])
  }

  func hiddenNamesAreLeftOut() throws {
    for name in ["x", "_SUCCESS", ".x.crc", "_temporary/0/y", "d/.z/w", "d/v"] {
      try put("hidden/" + name, [7])
    }
    let all = try store.listAll(below: path("hidden"))
    #expect(all.map(\.path) == [path("hidden/d/v"), path("hidden/x")])
    #expect(try store.listAll(below: path("hidden/_temporary")).count == 1)
    #expect(try store.list(path("hidden")).filter(\.isHidden).count == 3)
  }

  func oddNamesStayThemselves() throws {
    let names = [
      "a b", "a+b", "a%20b", "month=7", "ä", "日本", "a&b", "<x>", "a'b", "a\"b", "~", "a;b", "a@b",
      "a:b", "a,b", "a#b", "$x", "(x)", "{x}", "a?b", "a*b", "[x]", "a\\b", "😀", "..x", "a..b",
    ]
    for (index, name) in names.enumerated() {
      try put("odd/\(name)/\(name)", patternedBytes(index + 1))
    }
    let directories = try store.list(path("odd"))
    #expect(Set(directories.map(\.name)) == Set(names))
    for (index, name) in names.enumerated() {
      let directory = path("odd").appending(name)
      let object = directory.appending(name)
      #expect(try store.entry(at: directory) == .directory, "\(name)")
      #expect(try store.entry(at: object) == .object, "\(name)")
      let entries = try store.list(directory)
      #expect(entries.map(\.name) == [name])
      let reader = try store.open(object, expecting: entries.first?.info)
      #expect(try read(reader, 0..<index + 1) == patternedBytes(index + 1), "\(name)")
      try store.remove(object)
      #expect(try store.entry(at: object) == nil, "\(name)")
    }
  }

  func longListingsAreWhole(_ count: Int) throws {
    let names = (0..<count).map { number in
      "part-" + String(repeating: "0", count: 5 - "\(number)".count) + "\(number)"
    }
    let failures = Mutex(0)
    inThreads(8) { thread in
      for index in stride(from: thread, to: count, by: 8) {
        do {
          try put("many/" + names[index], [UInt8(index & 255)])
        } catch {
          failures.withLock { $0 += 1 }
        }
      }
    }
    #expect(failures.withLock { $0 } == 0)
    #expect(try store.list(path("many")).map(\.name) == names)
    let all = try store.listAll(below: path("many"))
    #expect(all.map(\.path) == names.map { path("many/" + $0) })
    #expect(all.allSatisfy { $0.size == 1 })
  }

  // MARK: - Writing

  func oneOfSeveralWritersWins() throws {
    try put("race/neighbour", [])
    for round in 0..<5 {
      let winners = Mutex<[Int]>([])
      let others = Mutex<[StorageError.Reason]>([])
      inThreads(8) { number in
        do {
          let bytes = [UInt8](repeating: UInt8(number), count: 100 + number)
          _ = try bytes.withUnsafeBytes { bytes throws(StorageError) in
            try store.put(path("race/\(round)"), bytes, replacing: false)
          }
          winners.withLock { $0.append(number) }
        } catch let error as StorageError {
          others.withLock { $0.append(error.reason) }
        } catch {
          others.withLock { $0.append(.failed("\(error)")) }
        }
      }
      let winner = winners.withLock { $0 }
      #expect(winner.count == 1)
      let reasons = others.withLock { $0 }
      #expect(reasons.count == 7 && reasons.allSatisfy { $0 == .alreadyExists }, "\(reasons)")
      let bytes = try whole("race/\(round)")
      #expect(bytes == winner.first.map { [UInt8](repeating: UInt8($0), count: 100 + $0) })
    }
  }

  func replacingReplaces() throws {
    let first = try put("replaced", [1, 2, 3])
    expect(.alreadyExists, "without leave") { try put("replaced", [4], replacing: false) }
    #expect(try whole("replaced") == [1, 2, 3])
    let second = try put("replaced", [5, 6])
    #expect(second.tag != first.tag)
    #expect(try whole("replaced") == [5, 6])
  }

  /// - Returns: an object that is stored and not yet complete.
  private func prepare(_ name: String, _ bytes: [UInt8]) throws -> PreparedObject {
    let upload = try store.upload(to: path(name))
    // In pieces that fit no part.
    var position = 0
    while position < bytes.count {
      let end = min(position + 1_234_567, bytes.count)
      try bytes[position..<end].withUnsafeBytes { try upload.append($0) }
      position = end
    }
    let prepared = try upload.finish()
    #expect(prepared == upload.prepared)
    #expect(prepared.size == bytes.count)
    return prepared
  }

  func uploadsAreSeenOnceComplete() throws {
    let small = patternedBytes(100)
    let large = patternedBytes(18 << 20, seed: 9)
    for (name, bytes) in [("uploads/small", small), ("uploads/large", large)] {
      let prepared = try prepare(name, bytes)
      #expect(try store.entry(at: path(name)) == nil)
      #expect(try store.listAll(below: path("uploads")).allSatisfy { $0.path != path(name) })
      // Only the text is kept.
      try store.complete(
        PreparedObject(path: prepared.path, size: prepared.size, token: prepared.token)
      )
      #expect(try store.entry(at: path(name)) == .object)
      #expect(try whole(name) == bytes)
    }
  }

  func completingAndDiscardingAreRepeatable() throws {
    let kept = try prepare("uploads/kept", [1, 2, 3])
    try store.complete(kept)
    try store.complete(kept)
    try store.discard(kept)
    try store.discard(kept)
    #expect(try whole("uploads/kept") == [1, 2, 3])

    let dropped = try prepare("uploads/dropped", [1])
    try store.discard(dropped)
    try store.discard(dropped)
    #expect(try store.entry(at: path("uploads/dropped")) == nil)
    expect(.notFound, "what was discarded is not completed") { try store.complete(dropped) }

    let unfinished = try store.upload(to: path("uploads/unfinished"))
    let bytes = patternedBytes(9 << 20)
    try bytes.withUnsafeBytes { try unfinished.append($0) }
    try store.discard(unfinished.prepared)
    #expect(try store.entry(at: path("uploads/unfinished")) == nil)
  }

  func removingIsRepeatable() throws {
    try put("removed/x", [1])
    try store.remove(path("removed/x"))
    #expect(try store.entry(at: path("removed/x")) == nil)
    try store.remove(path("removed/x"))
    try store.remove(path("never/there"))
  }

  /// Runs a body in several threads and waits for all.
  private func inThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    var threads: [pthread_t] = []
    for number in 0..<count {
      let job = Unmanaged.passRetained(Job { body(number) })
      var thread = pthread_t()
      let status = pthread_create(
        &thread,
        nil,
        { argument in
          if let argument { Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().run() }
          return nil
        },
        job.toOpaque()
      )
      #expect(status == 0)
      if status == 0 { threads.append(thread) }
    }
    for thread in threads { pthread_join(thread, nil) }
  }
}

private final class Job: Sendable {
  let run: @Sendable () -> Void

  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
