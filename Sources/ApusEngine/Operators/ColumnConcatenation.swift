import ApusValues
import ApusVectors

/// Copies the rows of many batches into flat columns, in tasks that may run at the same time.
///
/// Long strings are copied too, so that the result depends on no batch, however many there were.
///
/// Safety: the tasks write disjoint rows of buffers that are read only after all have ended; the
/// heaps are guarded by the monitor.
final class ColumnConcatenation: @unchecked Sendable {
  private struct Part {
    var batch: Batch
    /// Where its rows go.
    var start: Int
  }

  let rowCount: Int
  private let types: [SQLType]
  private let tasks: [[Part]]
  private var values: [VectorBuffer]
  private var validities: [VectorBuffer?]
  private let monitor = Monitor()
  private var heaps: [VectorBuffer] = []
  private let reservation: Reservation

  /// Rows of a task.
  private static let taskRowCount = 65_536

  /// - Throws: EXCEEDED_LOCAL_MEMORY_LIMIT, also for more rows than an Int32 counts.
  init(_ batches: [Batch], types: [SQLType], memory: MemoryPool) throws(SQLError) {
    self.types = types
    var tasks: [[Part]] = []
    var total = 0
    var taskEnd = 0
    for batch in batches {
      if total >= taskEnd {
        tasks.append([])
        taskEnd = total + ColumnConcatenation.taskRowCount
      }
      tasks[tasks.count - 1].append(Part(batch: batch, start: total))
      total += batch.rowCount
    }
    guard total < Int(Int32.max) else {
      throw SQLError(.exceededLocalMemoryLimit, "Query must hold more than 2147483646 rows")
    }
    self.tasks = tasks
    rowCount = total
    reservation = Reservation(memory)
    let stride = types.reduce(0) { $0 + $1.physicalType.stride }
    try reservation.resize(to: stride * total)
    values = types.map { VectorBuffer(byteCount: $0.physicalType.stride * total) }
    validities = types.indices.map { column in
      let hasNulls = batches.contains { $0.columns[column].mayHaveNulls }
      return hasNulls ? VectorBuffer(byteCount: total) : nil
    }
  }

  var taskCount: Int { tasks.count }

  func runTask(_ task: Int) throws(SQLError) {
    let rowCount = tasks[task].reduce(0) { $0 + $1.batch.rowCount }
    let heap = StringHeap(blockSize: min(256 * 1024, rowCount * 16))
    for column in types.indices {
      var copier = ColumnCopier(
        type: types[column],
        values: values[column].base,
        validity: validities[column]?.base.assumingMemoryBound(to: UInt8.self),
        heap: heap
      )
      for part in tasks[task] { copier.copy(part.batch.columns[column], to: part.start) }
    }
    try monitor.withLock { () throws(SQLError) in
      heaps.append(contentsOf: heap.blocks)
      try reservation.grow(by: heap.byteCount)
    }
  }

  /// Returns the columns, once all tasks have run.
  func finish() -> ConcatenatedColumns {
    let columns = types.indices.map { column in
      ColumnVector(
        type: types[column],
        storage: VectorStorage(
          physicalType: types[column].physicalType,
          count: rowCount,
          values: values[column],
          validity: validities[column],
          heaps: types[column].physicalType == .string ? heaps : []
        )
      )
    }
    return ConcatenatedColumns(columns: columns, rowCount: rowCount, reservation: reservation)
  }
}

/// Flat columns of all rows that an operator holds, with the memory booked for them.
///
/// Safety: read only.
final class ConcatenatedColumns: @unchecked Sendable {
  let columns: [ColumnVector]
  let rowCount: Int
  private let reservation: Reservation

  init(columns: [ColumnVector], rowCount: Int, reservation: Reservation) {
    self.columns = columns
    self.rowCount = rowCount
    self.reservation = reservation
  }

  var byteCount: Int { reservation.byteCount }
}

/// Copies vectors of one column, in any encoding, to places of flat memory.
///
/// Safety: whoever makes it vouches that `values` and `validity` have room.
private struct ColumnCopier {
  let type: SQLType
  let values: UnsafeMutableRawPointer
  let validity: UnsafeMutablePointer<UInt8>?
  let heap: StringHeap
  /// The dictionary whose strings were copied last, with their copies.
  private var dictionary: VectorStorage?
  private var copies: [StringView] = []

  init(
    type: SQLType,
    values: UnsafeMutableRawPointer,
    validity: UnsafeMutablePointer<UInt8>?,
    heap: StringHeap
  ) {
    self.type = type
    self.values = values
    self.validity = validity
    self.heap = heap
  }

  mutating func copy(_ vector: ColumnVector, to start: Int) {
    if let validity { copyValidity(vector, to: validity + start) }
    switch type.physicalType {
    case .boolean, .int8: copy(vector, to: start, as: UInt8.self)
    case .int16: copy(vector, to: start, as: UInt16.self)
    case .int32, .float32: copy(vector, to: start, as: UInt32.self)
    case .int64, .float64: copy(vector, to: start, as: UInt64.self)
    case .int128: copy(vector, to: start, as: UInt128.self)
    case .string: copyStrings(vector, to: start)
    }
  }

  private func copyValidity(_ vector: ColumnVector, to output: UnsafeMutablePointer<UInt8>) {
    guard let input = vector.validity else {
      output.update(repeating: 1, count: vector.count)
      return
    }
    switch vector.encoding {
    case .flat: output.update(from: input, count: vector.count)
    case .constant: output.update(repeating: input.pointee, count: vector.count)
    case .dictionary:
      guard let indices = vector.indices else { return }
      for row in 0..<vector.count { output[row] = input[Int(indices[row])] }
    }
  }

  private func copy<Element: BitwiseCopyable>(
    _ vector: ColumnVector,
    to start: Int,
    as element: Element.Type
  ) {
    let input = vector.values(as: Element.self)
    let output = values.assumingMemoryBound(to: Element.self) + start
    switch vector.encoding {
    case .flat: output.update(from: input, count: vector.count)
    case .constant: output.update(repeating: input.pointee, count: vector.count)
    case .dictionary:
      guard let indices = vector.indices else { return }
      for row in 0..<vector.count { output[row] = input[Int(indices[row])] }
    }
  }

  private mutating func copyStrings(_ vector: ColumnVector, to start: Int) {
    let input = vector.values(as: StringView.self)
    let output = values.assumingMemoryBound(to: StringView.self) + start
    switch vector.encoding {
    case .flat:
      for row in 0..<vector.count { output[row] = heap.store(input[row]) }
    case .constant:
      output.update(repeating: heap.store(input.pointee), count: vector.count)
    case .dictionary:
      guard let indices = vector.indices else { return }
      if dictionary !== vector.storage {
        guard vector.storage.count <= vector.count * 8 else {
          for row in 0..<vector.count { output[row] = heap.store(input[Int(indices[row])]) }
          return
        }
        copies = (0..<vector.storage.count).map { heap.store(input[$0]) }
        dictionary = vector.storage
      }
      copies.withUnsafeBufferPointer { copies in
        for row in 0..<vector.count { output[row] = copies[Int(indices[row])] }
      }
    }
  }
}
