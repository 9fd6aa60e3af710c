import ApusValues
import ApusVectors

/// Batches that one worker keeps, for joins, sorts and windows.
///
/// They are kept as they come, dictionaries included, and copied once when all are known.
final class BatchCollector {
  private(set) var batches: [Batch] = []
  private(set) var rowCount = 0
  let reservation: Reservation
  private(set) var byteCount = 0
  private var lastDictionaries: [ObjectIdentifier?] = []

  init(memory: MemoryPool) { reservation = Reservation(memory) }

  /// - Throws: EXCEEDED_LOCAL_MEMORY_LIMIT.
  func append(_ batch: Batch) throws(SQLError) {
    keep(batch)
    try reservation.resize(to: byteCount)
  }

  /// Keeps a batch that can be spilled.
  ///
  /// - Parameter room: how many times the bytes that are kept are booked, for what is to be done with
  ///   them.
  /// - Returns: false if what is kept should be spilled. Then that alone is booked.
  func offer(_ batch: Batch, room: Double = 1) -> Bool {
    keep(batch)
    if reservation.offer(Int(Double(byteCount) * room)) { return true }
    bookKept()
    return false
  }

  /// Books what is kept and no more.
  func bookKept() { reservation.force(to: byteCount) }

  private func keep(_ batch: Batch) {
    batches.append(batch)
    rowCount += batch.rowCount
    if lastDictionaries.isEmpty {
      lastDictionaries = Array(repeating: nil, count: batch.columns.count)
    }
    for (index, column) in batch.columns.enumerated() {
      byteCount += column.ownByteCount
      if column.encoding == .dictionary {
        let dictionary = ObjectIdentifier(column.storage)
        if lastDictionaries[index] != dictionary {
          byteCount += column.dictionary.ownByteCount
          lastDictionaries[index] = dictionary
        }
      }
    }
  }

  /// Replaces what is kept.
  func reset(to batch: Batch?) throws(SQLError) {
    batches = []
    rowCount = 0
    byteCount = 0
    lastDictionaries = []
    if let batch { try append(batch) } else { try reservation.resize(to: 0) }
  }
}

extension ColumnVector {
  /// Bytes of the rows themselves: values and long strings, or indices without their dictionary.
  var ownByteCount: Int {
    switch encoding {
    case .constant:
      return 64
    case .dictionary:
      return count * 4
    case .flat:
      var total = count * (type.physicalType.stride + (mayHaveNulls ? 1 : 0))
      if type.physicalType == .string {
        let views = values(as: StringView.self)
        for row in 0..<count where !views[row].isInline { total += views[row].count }
      }
      return total
    }
  }
}
