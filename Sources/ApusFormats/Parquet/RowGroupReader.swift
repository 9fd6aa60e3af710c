import ApusCompression
import ApusValues
public import ApusVectors

/// Decodes the columns of one row group, some rows at a time. Owned by one thread.
///
/// Rows are read as a whole by `next`, or column by column: `begin` says how many rows come, `column`
/// reads all or some of them of one column, and columns that nobody asks for are stepped over. Rows
/// that the plan leaves out come in no step.
///
/// Safety: slack is written behind ranges and reads, which buffers are made large enough for; memory
/// between reads stays undefined, and column readers step over its pages by the page index.
public final class RowGroupReader {
  public let rowCount: Int
  /// The rows that come, and which of their ranges is next.
  private let ranges: [Range<Int>]
  private var rangeIndex = 0
  private let columns: [ColumnChunkReader?]
  private let types: [Field]
  /// The first row that has not been begun.
  private var position = 0
  /// The rows whose columns can be read.
  private var begun = 0..<0
  /// For each column, the rows that it has read or stepped over.
  private var done: [Int]

  /// Makes memory for a range of bytes, with the room behind it that decoding needs.
  public static func makeBuffer(for range: Range<Int>) -> VectorBuffer {
    let buffer = VectorBuffer(byteCount: range.count + readableSlack)
    makeReadable(buffer.base + range.count)
    return buffer
  }

  /// Makes memory for the ranges of a plan. Of what is not read, memory is only set aside.
  public static func makeBuffers(for plan: RowGroupPlan) -> [VectorBuffer] {
    let buffers = plan.ranges.map { makeBuffer(for: $0) }
    for read in plan.reads {
      let (range, offset) = plan.place(of: read)
      makeReadable(buffers[range].base + offset + read.count)
    }
    return buffers
  }

  /// The slack behind bytes is read but means nothing; only defined memory is read.
  private static func makeReadable(_ end: UnsafeMutableRawPointer) {
    end.initializeMemory(as: UInt8.self, repeating: 0, count: readableSlack)
  }

  /// - Parameters:
  ///   - buffers: what is read of each range of the plan, made by `makeBuffers`.
  ///   - verifiesChecksums: whether pages that carry a CRC are compared with it.
  public init(
    _ plan: RowGroupPlan,
    buffers: [VectorBuffer],
    verifiesChecksums: Bool = false
  ) throws(FormatError) {
    precondition(buffers.count == plan.ranges.count, "one buffer for each range")
    let group = plan.file.metadata.rowGroups[plan.rowGroup]
    let decompressor = Decompressor()
    var columns: [ColumnChunkReader?] = []
    for (index, columnIndex) in plan.columns.enumerated() {
      let column = plan.file.columns[columnIndex]
      guard let place = plan.places[index], let leaf = column.leafIndex else {
        columns.append(nil)
        continue
      }
      let buffer = buffers[place.range]
      precondition(
        place.offset + place.byteCount + readableSlack <= buffer.byteCount,
        "a buffer made for its range"
      )
      columns.append(
        try ColumnChunkReader(
          column,
          chunk: group.columns[leaf],
          buffer: buffer,
          bytes: UnsafeRawBufferPointer(start: buffer.base + place.offset, count: place.byteCount),
          fileOffset: plan.ranges[place.range].lowerBound + place.offset,
          pages: place.pages,
          decompressor: decompressor,
          verifiesChecksums: verifiesChecksums
        )
      )
    }
    self.columns = columns
    types = plan.columns.map { plan.file.fields[$0] }
    rowCount = plan.rows.count
    ranges = plan.rows.ranges
    done = Array(repeating: 0, count: columns.count)
  }

  /// Rows not yet begun.
  public var remaining: Int {
    ranges[rangeIndex...].reduce(0) {
      $0 + $1.clamped(to: max(position, $1.lowerBound)..<Int.max).count
    }
  }

  /// Reads the next rows of all columns.
  ///
  /// - Returns: a vector for each column of the plan, of the same count of at most `greatestCount`
  ///   rows, and that count; nil after the last row.
  public func next(_ greatestCount: Int) throws(FormatError) -> (
    columns: [ColumnVector], count: Int
  )? {
    guard let count = begin(greatestCount) else { return nil }
    var vectors: [ColumnVector] = []
    vectors.reserveCapacity(columns.count)
    for index in columns.indices { vectors.append(try column(index)) }
    return (vectors, count)
  }

  /// Goes on to the next rows; what was not read of those before is stepped over.
  ///
  /// - Returns: their count, at most `greatestCount`; nil after the last row.
  public func begin(_ greatestCount: Int) -> Int? {
    guard rangeIndex < ranges.count else { return nil }
    let range = ranges[rangeIndex]
    position = max(position, range.lowerBound)
    let count = min(range.upperBound - position, greatestCount)
    begun = position..<position + count
    position += count
    if position == range.upperBound { rangeIndex += 1 }
    return count
  }

  /// Reads the rows begun of one column, once.
  ///
  /// - Parameter index: by position among the columns of the plan.
  public func column(_ index: Int) throws(FormatError) -> ColumnVector {
    guard let reader = reader(index) else {
      return .constant(.null, type: types[index].type, count: begun.count)
    }
    return try reader.read(begun.count)
  }

  /// Reads some of the rows begun of one column, once.
  ///
  /// - Parameters:
  ///   - index: by position among the columns of the plan.
  ///   - rows: one at least, a selection among all rows begun.
  public func column(_ index: Int, rows: RowStretches) throws(FormatError) -> ColumnVector {
    guard let reader = reader(index) else {
      return .constant(.null, type: types[index].type, count: rows.selection.count)
    }
    return try reader.read(rows)
  }

  /// The reader of a column, at the first row begun; nil if the file has no bytes of it.
  private func reader(_ index: Int) -> ColumnChunkReader? {
    precondition(done[index] <= begun.lowerBound, "a column's rows are read once")
    guard let reader = columns[index] else { return nil }
    if done[index] < begun.lowerBound { reader.skip(begun.lowerBound - done[index]) }
    done[index] = begun.upperBound
    return reader
  }
}
