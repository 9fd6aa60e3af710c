import ApusCompression
import ApusValues
import ApusVectors
import Synchronization

/// Rows in a temporary file, in blocks that several workers may add.
final class SpilledRows: Sendable {
  let types: [SQLType]
  let file: TemporaryFile
  private let blocks = Mutex<[SpilledBlock]>([])

  init(_ file: TemporaryFile, types: [SQLType]) {
    self.file = file
    self.types = types
  }

  deinit { for block in blocks.withLock({ $0 }) { file.free(block.extent) } }

  func append(_ block: SpilledBlock) { blocks.withLock { $0.append(block) } }

  var isEmpty: Bool { blocks.withLock { $0.isEmpty } }

  /// Returns a way through the rows, which may be taken several times.
  func makeReader(batchCapacity: Int) -> SpilledRowsReader {
    SpilledRowsReader(self, blocks.withLock { $0 }, batchCapacity: batchCapacity)
  }
}

/// Reads spilled rows in batches.
///
/// Owned by one worker at a time.
final class SpilledRowsReader {
  private let rows: SpilledRows
  private let blocks: [SpilledBlock]
  private let batchCapacity: Int
  private let decompressor = Decompressor()
  private var next = 0
  private var block: Batch?
  private var position = 0

  fileprivate init(_ rows: SpilledRows, _ blocks: [SpilledBlock], batchCapacity: Int) {
    self.rows = rows
    self.blocks = blocks
    self.batchCapacity = batchCapacity
  }

  /// Whether blocks are left besides the one that is being read.
  var hasMoreBlocks: Bool { next < blocks.count }

  /// Returns some rows, or nil at the end.
  func nextBatch() throws(SQLError) -> Batch? {
    while true {
      if let block, position < block.rowCount {
        let range = position..<position + min(batchCapacity, block.rowCount - position)
        position = range.upperBound
        return block.slice(range)
      }
      guard next < blocks.count else { return nil }
      block = try blocks[next].read(from: rows.file, types: rows.types, decompressor)
      position = 0
      next += 1
    }
  }
}
