import ApusCompression
import ApusValues
public import ApusVectors

/// Decodes the columns of one row group, some rows at a time. Owned by one thread.
public final class RowGroupReader {
  public let rowCount: Int
  private let columns: [ColumnChunkReader?]
  private let types: [Field]
  private var position = 0

  /// Makes memory for a range of a plan, with the room behind it that decoding needs.
  public static func makeBuffer(for range: Range<Int>) -> VectorBuffer {
    let buffer = VectorBuffer(byteCount: range.count + readableSlack)
    // The slack is read but means nothing; only defined memory is read.
    (buffer.base + range.count).initializeMemory(
      as: UInt8.self,
      repeating: 0,
      count: readableSlack
    )
    return buffer
  }

  /// - Parameters:
  ///   - buffers: the bytes of each range of the plan, made by `makeBuffer`.
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
          decompressor: decompressor,
          verifiesChecksums: verifiesChecksums
        )
      )
    }
    self.columns = columns
    types = plan.columns.map { plan.file.fields[$0] }
    rowCount = group.rowCount
  }

  /// Rows not yet read.
  public var remaining: Int { rowCount - position }

  /// Reads the next rows of all columns.
  ///
  /// - Returns: a vector for each column of the plan, of the same count of at most `greatestCount`
  ///   rows, and that count; nil after the last row.
  public func next(_ greatestCount: Int) throws(FormatError) -> (
    columns: [ColumnVector], count: Int
  )? {
    guard remaining > 0 else { return nil }
    let count = min(remaining, greatestCount)
    var vectors: [ColumnVector] = []
    vectors.reserveCapacity(columns.count)
    for (index, column) in columns.enumerated() {
      if let column {
        vectors.append(try column.read(count))
      } else {
        vectors.append(.constant(.null, type: types[index].type, count: count))
      }
    }
    position += count
    return (vectors, count)
  }
}
