import ApusValues
import ApusVectors

/// Gives each row of batches its group.
///
/// Where all keys are dictionary vectors, a row's group depends on its indices alone: they make one
/// number, and the group of each such number is looked up once and remembered as long as batches
/// share their dictionaries, which those of one row group do.
///
/// Safety: `groups` is valid until the next call.
final class GroupIndexer {
  let table: GroupTable
  private let encoder: KeyEncoder
  private var groups: UnsafeMutablePointer<Int32>
  private var codes: UnsafeMutablePointer<Int32>
  private var capacity = 0
  /// The dictionaries that `groupOfCode` is about.
  private var dictionaries: [VectorStorage] = []
  private var groupOfCode: [Int32] = []

  private static let maximumCodeCount = 65_536

  init(_ layout: KeyLayout) {
    table = GroupTable(layout)
    encoder = KeyEncoder(layout)
    groups = .allocate(capacity: 1)
    codes = .allocate(capacity: 1)
  }

  deinit {
    groups.deallocate()
    codes.deallocate()
  }

  /// Finds the groups of `rowCount` rows, making those that are new.
  func groups(of keys: [ColumnVector], rowCount: Int) throws(SQLError)
    -> UnsafeMutablePointer<Int32>
  {
    reserve(rowCount)
    if try !findByCode(keys, rowCount) {
      try find(keys, rowCount, into: groups)
    }
    return groups
  }

  private func reserve(_ rowCount: Int) {
    guard rowCount > capacity else { return }
    groups.deallocate()
    codes.deallocate()
    capacity = rowCount
    groups = .allocate(capacity: rowCount)
    codes = .allocate(capacity: rowCount)
  }

  private func find(
    _ keys: [ColumnVector],
    _ rowCount: Int,
    into groups: UnsafeMutablePointer<Int32>
  ) throws(SQLError) {
    encoder.encode(keys, rowCount: rowCount)
    try table.findOrInsert(
      rows: encoder.rows,
      hashes: encoder.hashes,
      rowCount: rowCount,
      groups: groups
    )
  }

  /// - Returns: whether the keys are such that it could be done.
  private func findByCode(_ keys: [ColumnVector], _ rowCount: Int) throws(SQLError) -> Bool {
    var codeCount = 1
    for key in keys {
      guard key.encoding != .flat, key.storage.count < GroupIndexer.maximumCodeCount else {
        return false
      }
      codeCount *= max(key.storage.count, 1)
      if codeCount > GroupIndexer.maximumCodeCount { return false }
    }
    let isKnown =
      dictionaries.count == keys.count
      && zip(dictionaries, keys).allSatisfy { $0 === $1.storage }
    if !isKnown {
      // A dictionary for one batch that is larger than the batch would be in vain.
      guard codeCount <= rowCount * 8 else { return false }
      dictionaries = keys.map(\.storage)
      groupOfCode = Array(repeating: -1, count: codeCount)
    }
    computeCodes(keys, rowCount)
    var newRows: [Int32] = []
    groupOfCode.withUnsafeMutableBufferPointer { groupOfCode in
      for row in 0..<rowCount {
        let code = Int(codes[row])
        let group = groupOfCode[code]
        groups[row] = group
        if group == -1 {
          newRows.append(Int32(truncatingIfNeeded: row))
          groupOfCode[code] = -2
        }
      }
    }
    if newRows.isEmpty { return true }
    let newKeys = newRows.withUnsafeBufferPointer { rows in keys.map { $0.gather(rows) } }
    let found = UnsafeMutablePointer<Int32>.allocate(capacity: newRows.count)
    defer { found.deallocate() }
    try find(newKeys, newRows.count, into: found)
    for (position, row) in newRows.enumerated() {
      groupOfCode[Int(codes[Int(row)])] = found[position]
    }
    for row in 0..<rowCount where groups[row] < 0 { groups[row] = groupOfCode[Int(codes[row])] }
    return true
  }

  /// Makes one number of each row's dictionary indices.
  private func computeCodes(_ keys: [ColumnVector], _ rowCount: Int) {
    codes.update(repeating: 0, count: rowCount)
    for key in keys where key.encoding == .dictionary {
      guard let indices = key.indices else { continue }
      let size = Int32(truncatingIfNeeded: key.storage.count)
      for row in 0..<rowCount { codes[row] = codes[row] &* size &+ indices[row] }
    }
  }
}
