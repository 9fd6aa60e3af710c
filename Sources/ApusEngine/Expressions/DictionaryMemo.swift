import ApusValues
import ApusVectors
import Synchronization

/// Remembers what an expression of one argument gave for the entries of dictionaries, so that a
/// column of a million rows and a hundred different values is worked on a hundred times.
///
/// A dictionary is known by the identity of its storage, which all batches of a row group share. It
/// pays to compute all entries once the rows seen are no fewer than half of them; until then, rows
/// are computed as they come. Shared by all workers: each batch locks twice at most, for a few
/// nanoseconds.
final class DictionaryMemo: Sendable {
  private struct Slot: Sendable {
    let dictionary: VectorStorage
    var rowsSeen: Int
    var result: Result?
  }

  private struct Result: Sendable {
    /// The value of each entry: a flat vector from offset 0, or a constant.
    let values: ColumnVector
    let errors: RowErrors
  }

  /// More than the row groups that workers are likely to be in at a time.
  private static let slotCount = 8

  private struct State: Sendable {
    var slots: [Slot] = []
    var oldest = 0
  }

  private let state = Mutex(State())

  /// Computes `work` for the rows of a dictionary vector, by entry where that is less work.
  ///
  /// - Parameter work: is handed a flat vector of rows or entries; it depends on nothing else.
  func map(
    _ input: ColumnVector,
    rows: Selection,
    errors: inout RowErrors,
    _ work: (ColumnVector, Selection, inout RowErrors) throws(SQLError) -> ColumnVector
  ) throws(SQLError) -> ColumnVector {
    guard input.encoding == .dictionary, let indices = input.indices else {
      return try work(input, rows, &errors)
    }
    let (known, isWorthwhile) = register(input.storage, rowCount: rows.count)
    var result = known
    if result == nil, isWorthwhile {
      var entryErrors = RowErrors()
      let entries = input.dictionary
      var values = try work(entries, .all(entries.count), &entryErrors)
      if values.encoding != .constant, values.encoding != .flat || values.offset != 0 {
        values = ColumnVector.concatenated([values, values.slice(0..<0)], type: values.type)
      }
      let computed = Result(values: values, errors: entryErrors)
      store(computed, for: input.storage)
      result = computed
    }
    guard let result else { return try work(input.flattened(), rows, &errors) }
    if !result.errors.isEmpty {
      record(result.errors, indices: indices, rows: rows, into: &errors)
      extendLifetime(input)
    }
    if result.values.encoding == .constant { return result.values.repeated(input.count) }
    return ColumnVector(
      type: result.values.type,
      count: input.count,
      encoding: .dictionary,
      storage: result.values.storage,
      indexBuffer: input.indexBuffer,
      offset: input.offset
    )
  }

  private func register(_ dictionary: VectorStorage, rowCount: Int) -> (Result?, Bool) {
    state.withLock { state in
      if let index = state.slots.firstIndex(where: { $0.dictionary === dictionary }) {
        state.slots[index].rowsSeen += rowCount
        let slot = state.slots[index]
        return (slot.result, slot.rowsSeen * 2 >= dictionary.count)
      }
      let slot = Slot(dictionary: dictionary, rowsSeen: rowCount, result: nil)
      if state.slots.count < DictionaryMemo.slotCount {
        state.slots.append(slot)
      } else {
        state.slots[state.oldest] = slot
        state.oldest = (state.oldest + 1) % DictionaryMemo.slotCount
      }
      return (nil, rowCount * 2 >= dictionary.count)
    }
  }

  private func store(_ result: Result, for dictionary: VectorStorage) {
    state.withLock { state in
      guard let index = state.slots.firstIndex(where: { $0.dictionary === dictionary }) else {
        return
      }
      state.slots[index].result = result
    }
  }

  private func record(
    _ entryErrors: RowErrors,
    indices: UnsafePointer<Int32>,
    rows: Selection,
    into errors: inout RowErrors
  ) {
    var errorOfEntry: [Int32: SQLError] = [:]
    for entry in entryErrors.entries { errorOfEntry[Int32(entry.row)] = entry.error }
    rows.visit { row in
      if let error = errorOfEntry[indices[row]] { errors.record(error, row: row) }
    }
  }
}
