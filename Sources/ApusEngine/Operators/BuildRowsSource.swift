import ApusPlanner
import ApusValues
import ApusVectors
import Synchronization

/// Puts out build rows when all left rows have been through: those of a right or full join that no
/// left row met, with NULLs on the left; those of a right semi or anti join that one or none met.
final class BuildRowsSource: BatchSource {
  let node: Int
  private let build: JoinBuildSink
  private let shape: JoinShape
  private let next = Atomic<Int>(0)

  /// Build rows that a worker takes at a time.
  private static let morselRowCount = 16_384

  init(node: Int, build: JoinBuildSink, shape: JoinShape) {
    self.node = node
    self.build = build
    self.shape = shape
  }

  func makeReader(_ context: WorkerContext) -> any BatchReader {
    Reader(self, capacity: context.batchCapacity)
  }

  private final class Reader: BatchReader {
    private let source: BuildRowsSource
    private let capacity: Int
    private var position = 0
    private var end = 0

    init(_ source: BuildRowsSource, capacity: Int) {
      self.source = source
      self.capacity = capacity
    }

    func next() -> SourceBatch? {
      guard let matches = source.build.matches, let build = source.build.rows else { return nil }
      let wantsMatched = source.shape.kind == .rightSemi
      var rows: [Int32] = []
      while rows.isEmpty {
        if position == end {
          position =
            source.next.add(BuildRowsSource.morselRowCount, ordering: .relaxed)
            .oldValue
          guard position < build.rowCount else {
            position = end
            return nil
          }
          end = min(position + BuildRowsSource.morselRowCount, build.rowCount)
        }
        while position < end, rows.count < capacity {
          if matches.isSet(position) == wantsMatched {
            rows.append(Int32(truncatingIfNeeded: position))
          }
          position += 1
        }
      }
      let shape = source.shape
      let nulls = shape.leftOutputTypes.map {
        ColumnVector.constant(.null, type: $0, count: rows.count)
      }
      let columns = rows.withUnsafeBufferPointer { rows in
        shape.rightOutput.map { build.columns[$0].gather(rows) }
      }
      return SourceBatch(batch: Batch(columns: nulls + columns, rowCount: rows.count), morsel: 0)
    }
  }
}
