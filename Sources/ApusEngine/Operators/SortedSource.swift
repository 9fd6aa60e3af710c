import ApusValues
import ApusVectors
import Synchronization

/// Puts out sorted rows, in morsels that are numbered in their order.
final class SortedSource: BatchSource {
  let node: Int
  private let sink: SortSink
  private let offset: Int
  private let limit: Int?
  private let next = Atomic<Int>(0)

  /// - Parameter limit: the number of rows up to the last one put out, those skipped included.
  init(_ sink: SortSink, offset: Int, limit: Int?) {
    node = sink.node
    self.sink = sink
    self.offset = offset
    self.limit = limit
  }

  func makeReader(_ context: WorkerContext) -> any BatchReader {
    if let merge = sink.merge { return MergeReader(self, merge, capacity: context.batchCapacity) }
    return Reader(self, capacity: context.batchCapacity)
  }

  /// Where the merge of spilled runs is: one worker at a time goes on with it.
  ///
  /// Safety: guarded by the monitor.
  private final class MergeState: @unchecked Sendable {
    let monitor = Monitor()
    var window: SortedWindow?
    /// Of the window.
    var position = 0
    /// Of all rows.
    var row = 0
    var morsel = 0
  }

  private let mergeState = MergeState()

  private final class MergeReader: BatchReader {
    private let source: SortedSource
    private let merge: SortedRunMerge
    private let capacity: Int

    init(_ source: SortedSource, _ merge: SortedRunMerge, capacity: Int) {
      self.source = source
      self.merge = merge
      self.capacity = capacity
    }

    func next() throws(SQLError) -> SourceBatch? {
      let state = source.mergeState
      return try state.monitor.withLock { () throws(SQLError) -> SourceBatch? in
        while state.row < source.limit ?? .max {
          guard let window = state.window, state.position < window.rowCount else {
            state.window = nil
            state.window = try merge.next()
            state.position = 0
            if state.window == nil { return nil }
            continue
          }
          let left = min(window.rowCount - state.position, (source.limit ?? .max) - state.row)
          let skipped = min(max(source.offset - state.row, 0), left)
          let count = min(left - skipped, capacity)
          let start = state.position + skipped
          state.position = start + count
          state.row += skipped + count
          if count == 0 { continue }
          let columns = window.columns.prefix(source.sink.outputCount)
          let batch = window.sort.rows(start..<start + count).withUnsafeBufferPointer { rows in
            Batch(columns: columns.map { $0.gather(rows) }, rowCount: count)
          }
          defer { state.morsel += 1 }
          return SourceBatch(batch: batch, morsel: state.morsel)
        }
        return nil
      }
    }
  }

  private final class Reader: BatchReader {
    private let source: SortedSource
    private let capacity: Int

    init(_ source: SortedSource, capacity: Int) {
      self.source = source
      self.capacity = capacity
    }

    func next() -> SourceBatch? {
      guard let sort = source.sink.sort, let all = source.sink.rows else { return nil }
      let end = min(source.limit ?? sort.rowCount, sort.rowCount)
      let morsel = source.next.add(1, ordering: .relaxed).oldValue
      let (skipped, overflow) = (morsel * capacity).addingReportingOverflow(source.offset)
      guard !overflow, skipped < end else { return nil }
      let range = skipped..<min(skipped + capacity, end)
      let batch = sort.rows(range).withUnsafeBufferPointer { rows in
        Batch(
          columns: all.columns.prefix(source.sink.outputCount).map { $0.gather(rows) },
          rowCount: rows.count
        )
      }
      return SourceBatch(batch: batch, morsel: morsel)
    }
  }
}
