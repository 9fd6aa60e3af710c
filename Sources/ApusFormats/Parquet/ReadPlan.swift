/// Which bytes of a file are needed for some columns of a row group.
public struct RowGroupPlan: Sendable {
  /// Where the bytes of a column lie in the ranges to read.
  struct Place: Sendable {
    /// By position in `ranges`.
    var range: Int
    /// From the start of that range.
    var offset: Int
    var byteCount: Int
    /// Where its data pages lie, if not all of them are read.
    var pages: [PageLocation]?
  }

  public let file: ParquetFile
  public let rowGroup: Int
  /// Column indices of the file, in the order in which they will be handed out.
  public let columns: [Int]
  /// The rows that will be handed out.
  public let rows: RowRanges
  /// Half-open byte ranges of the file, ascending and apart from each other, that memory is made for.
  public let ranges: [Range<Int>]
  /// The bytes to read, each within one of `ranges`: all of them, or those of pages with such rows.
  public let reads: [Range<Int>]
  let places: [Place?]

  /// The bytes to read in all.
  public var byteCount: Int { reads.reduce(0) { $0 + $1.count } }

  /// Gaps up to this size are read along: one request costs more than so many bytes.
  public static let greatestGap = 32 * 1024

  /// - Parameter findings: what a probe of the same columns has left of the rows.
  /// - Throws: `FormatError` if a column is not supported or does not lie in the file.
  public init(
    _ file: ParquetFile,
    rowGroup: Int,
    columns: [Int],
    findings: RowGroupFindings? = nil,
    greatestGap: Int = RowGroupPlan.greatestGap
  ) throws(FormatError) {
    let group = file.metadata.rowGroups[rowGroup]
    var chunks: [Range<Int>?] = []
    for index in columns {
      let column = file.columns[index]
      if case .unsupported(let what) = column.type {
        throw FormatError(.notSupported, "\(what) is not supported", column: column.name)
      }
      guard let leaf = column.leafIndex else {
        throw FormatError(.notSupported, "a nested type is not supported", column: column.name)
      }
      // A column of NULLs alone needs no bytes, nor do no rows.
      if case .supported(_, .unknown) = column.type { chunks.append(nil); continue }
      if group.rowCount == 0 { chunks.append(nil); continue }
      chunks.append(try RowGroupPlan.range(of: group.columns[leaf], column, file))
    }

    // Chunks in file order, those close to each other in one range.
    let order = chunks.indices.filter { chunks[$0] != nil }
      .sorted { (chunks[$0]?.lowerBound ?? 0) < (chunks[$1]?.lowerBound ?? 0) }
    let rows = findings?.rows ?? RowRanges(count: group.rowCount)
    var ranges: [Range<Int>] = []
    var reads: [Range<Int>] = []
    var places = [Place?](repeating: nil, count: chunks.count)
    for index in order {
      guard let chunk = chunks[index] else { continue }
      if let last = ranges.last, chunk.lowerBound - last.upperBound <= greatestGap {
        ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, chunk.upperBound)
      } else {
        ranges.append(chunk)
      }
      let start = ranges[ranges.count - 1].lowerBound
      let pages = findings?.offsets[columns[index]]?.pages
      if let pages {
        reads.append(chunk.lowerBound..<(pages.first?.bytes.lowerBound ?? chunk.upperBound))
        reads += pages.lazy.filter { rows.overlaps($0.rows) }.map(\.bytes)
      } else {
        reads.append(chunk)
      }
      places[index] = Place(
        range: ranges.count - 1,
        offset: chunk.lowerBound - start,
        byteCount: chunk.count,
        pages: pages
      )
    }
    self.file = file
    self.rowGroup = rowGroup
    self.columns = columns
    self.rows = rows
    self.ranges = ranges
    self.reads = RowGroupProbe.joined(reads.filter { !$0.isEmpty }, greatestGap: greatestGap)
    self.places = places
  }

  /// Where the bytes of a read belong: the position of a range and how far into it.
  public func place(of read: Range<Int>) -> (range: Int, offset: Int) {
    let index = ranges.lastIndex { $0.lowerBound <= read.lowerBound } ?? 0
    return (index, read.lowerBound - ranges[index].lowerBound)
  }

  /// Where a chunk lies, checked against the file.
  private static func range(
    of chunk: ColumnChunk,
    _ column: ParquetColumn,
    _ file: ParquetFile
  ) throws(FormatError) -> Range<Int> {
    guard chunk.hasMetadata, !chunk.isEncrypted else {
      throw FormatError(.notSupported, "an encrypted column is not supported", column: column.name)
    }
    guard chunk.filePath == nil else {
      throw FormatError(
        .notSupported,
        "a column in another file is not supported",
        column: column.name
      )
    }
    guard chunk.physicalType == column.element.physicalType else {
      throw FormatError(
        .corrupt,
        "a column chunk has another type than the schema",
        column: column.name
      )
    }
    let start = chunk.firstByte
    // Offsets and sizes are at most 2^48, so the sum is one, too.
    let end = start + chunk.compressedByteCount
    // The first data page lies in the chunk, which also finds an offset of another chunk.
    guard start >= 4, end <= file.byteCount - 8, start < end, chunk.dataPageOffset < end else {
      throw FormatError(
        .corrupt,
        "a column chunk lies outside of the file, at \(start) to \(end)",
        column: column.name,
        offset: start
      )
    }
    return start..<end
  }
}
