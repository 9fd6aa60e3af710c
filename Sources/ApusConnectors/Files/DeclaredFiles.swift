import ApusStorage
import ApusValues
import ApusVectors
import Synchronization

// A declared table is listed only where a statement needs it. Partitions are chosen by their values
// first, with no request at all. Then each is listed, or, if most of them are wanted, the whole
// table at once: a store answers a thousand names with one request.

/// The files of a declared table, listed as they are asked for and then remembered: the table is
/// one statement's.
final class DeclaredFiles: Sendable {
  private let partitions: [DeclaredPartition]
  private let root: ObjectPath
  private let connector: FilesConnector
  private let listed = Mutex<[Int: [ObjectInfo]]>([:])

  init(_ table: DeclaredTable, _ connector: FilesConnector) {
    root = table.location
    partitions =
      table.partitionColumns.isEmpty
      ? [DeclaredPartition(values: [], location: table.location)] : table.partitions
    self.connector = connector
  }

  var partitionCount: Int { partitions.count }

  /// Returns the files of the partitions whose values a test accepts.
  func files(where matches: ([Value]) -> Bool) throws(SQLError) -> (files: [TableFile], kept: Int) {
    let kept = partitions.indices.filter { matches(partitions[$0].values) }
    try list(kept)
    let all = listed.withLock { $0 }
    var files: [TableFile] = []
    for partition in kept {
      for info in all[partition] ?? [] {
        files.append(TableFile(info: info, values: partitions[partition].values))
      }
    }
    return (files, kept.count)
  }

  /// Lists those of the partitions that have not been listed yet.
  private func list(_ wanted: [Int]) throws(SQLError) {
    let known = listed.withLock { $0 }
    let missing = wanted.filter { known[$0] == nil }
    guard !missing.isEmpty else { return }
    let inside = missing.filter { isListed(partitions[$0].location) }
    var found: [Int: [ObjectInfo]] = [:]
    if inside.count > 1, inside.count * 4 >= partitions.count {
      found = try listTogether(inside)
    }
    let single = missing.filter { found[$0] == nil }
    let limit = single.map { requestLimit(for: partitions[$0].location) }.max() ?? 1
    let files = try concurrently(single.count, limit: limit) { [self] index throws(SQLError) in
      try connector.dataFiles(below: partitions[single[index]].location)
    }
    for (partition, files) in zip(single, files) { found[partition] = files }
    listed.withLock { $0.merge(found) { $1 } }
  }

  /// Whether listing the whole table finds the files of a partition at this place.
  private func isListed(_ location: ObjectPath) -> Bool {
    guard location.isWithin(root) else { return false }
    let below = location.text.utf8.dropFirst(root.asDirectory.text.utf8.count)
    return !below.split(separator: UInt8(ascii: "/")).contains {
      ObjectEntry.isHidden(String(decoding: $0, as: UTF8.self))
    }
  }

  /// Lists the whole table and gives each file to the partition whose directory is nearest above.
  private func listTogether(_ wanted: [Int]) throws(SQLError) -> [Int: [ObjectInfo]] {
    // By bytes: texts that Unicode takes for equal are different directories.
    var owners: [[UInt8]: Int] = [:]
    for (index, partition) in partitions.enumerated() {
      owners[Array(partition.location.asDirectory.text.utf8)] = index
    }
    var found: [Int: [ObjectInfo]] = [:]
    for partition in wanted { found[partition] = [] }
    for info in try connector.dataFiles(below: root) {
      var directory = Array(info.path.text.utf8)[...]
      while let slash = directory.lastIndex(of: UInt8(ascii: "/")) {
        directory = directory[...slash]
        if let owner = owners[Array(directory)] {
          found[owner]?.append(info)
          break
        }
        directory.removeLast()
      }
    }
    return found
  }
}
