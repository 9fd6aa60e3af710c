import ApusCompression
import ApusValues
public import ApusVectors

// What statistics leave of a row group may be cut down further by what lies beside its data:
//
//   page index        which pages may have values of a domain: a range of rows, a page each
//   Bloom filter      whether any of a few values may be there at all
//   dictionary page   the same for sure, where all pages are of indices into it
//
// It is read before the data, and only where its answer is open: a row group of which all values lie
// in a domain, or whose values do not compare with it, is not asked.

/// What to read of a row group to leave out rows that cannot meet domains.
public struct RowGroupProbe: Sendable {
  /// Byte ranges of the file, ascending and apart from each other.
  public let ranges: [Range<Int>]
  private let file: ParquetFile
  private let rowGroup: Int
  private let columns: [Int]
  private let questions: [Question]

  /// What is asked of one column.
  fileprivate struct Question: Sendable {
    var column: Int
    var domain: ColumnDomain
    var pageIndex: (columns: Range<Int>, offsets: Range<Int>)?
    /// The values of the domain, if it is of nothing else; empty if neither of the next two is there.
    var values: [Value] = []
    var bloomFilter: Range<Int>?
    var dictionary: Range<Int>?
  }

  /// Values up to which each is looked for.
  fileprivate static let greatestValueCount = 1024
  /// What is not worth its reading.
  fileprivate static let greatestBloomFilter = 4 << 20
  fileprivate static let greatestDictionary = 1 << 20

  /// - Parameters:
  ///   - columns: column indices of the file that will be read.
  ///   - domains: by column index of the file; the row group's statistics may meet all of them.
  ///   - greatestGap: bytes between two ranges that are read along.
  /// - Returns: nil if there is nothing to ask.
  public init?(
    _ file: ParquetFile,
    rowGroup: Int,
    columns: [Int],
    domains: [Int: ColumnDomain],
    greatestGap: Int = RowGroupPlan.greatestGap
  ) {
    let group = file.metadata.rowGroups[rowGroup]
    var questions: [Question] = []
    for (column, domain) in domains.sorted(by: { $0.key < $1.key }) {
      guard let leaf = file.columns[column].leafIndex,
        file.verdict(on: domain, column: column, rowGroup: rowGroup).isOpen
      else { continue }
      let chunk = group.columns[leaf]
      guard chunk.filePath == nil, !chunk.isEncrypted else { continue }
      var question = Question(column: column, domain: domain)
      if let columnIndex = chunk.columnIndex, let offsetIndex = chunk.offsetIndex,
        file.holds(columnIndex), file.holds(offsetIndex)
      {
        question.pageIndex = (columnIndex, offsetIndex)
      }
      question.lookForValues(file, chunk, rowGroup: rowGroup)
      if question.pageIndex != nil || !question.values.isEmpty { questions.append(question) }
    }
    guard !questions.isEmpty else { return nil }
    var wanted = questions.flatMap { question in
      [
        question.pageIndex?.columns, question.pageIndex?.offsets, question.bloomFilter,
        question.dictionary,
      ].compactMap { $0 }
    }
    if questions.contains(where: { $0.pageIndex != nil }) {
      wanted += columns.compactMap { file.offsetIndex(column: $0, rowGroup: rowGroup) }
    }
    ranges = RowGroupProbe.joined(wanted, greatestGap: greatestGap)
    self.file = file
    self.rowGroup = rowGroup
    self.columns = columns
    self.questions = questions
  }

  /// Sorts ranges and makes those one that are close to each other.
  static func joined(_ ranges: [Range<Int>], greatestGap: Int) -> [Range<Int>] {
    var joined: [Range<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = joined.last, range.lowerBound - last.upperBound <= greatestGap {
        joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        joined.append(range)
      }
    }
    return joined
  }

  /// Evaluates what was read.
  ///
  /// - Parameter buffers: the bytes of each range, made by `RowGroupReader.makeBuffer`.
  /// - Throws: `FormatError` if a dictionary is damaged; other damage is no answer.
  public func findings(_ buffers: [VectorBuffer]) throws(FormatError) -> RowGroupFindings {
    let rowCount = file.rowCount(ofRowGroup: rowGroup)
    var findings = RowGroupFindings(rows: RowRanges(count: rowCount))
    for question in questions {
      guard let (kept, pages) = askPageIndex(question, buffers) else { continue }
      findings.rows = findings.rows.intersection(kept)
      findings.pages[question.column] = pages
      if findings.rows.isEmpty {
        findings.excluded = (question.column, .pageIndex)
        return findings
      }
    }
    for question in questions where askBloomFilter(question, buffers) == false {
      findings.excluded = (question.column, .bloomFilter)
      findings.rows = RowRanges([])
      return findings
    }
    for question in questions where try askDictionary(question, buffers) == false {
      findings.excluded = (question.column, .dictionary)
      findings.rows = RowRanges([])
      return findings
    }
    if findings.rows.count < rowCount {
      for column in columns {
        guard let range = file.offsetIndex(column: column, rowGroup: rowGroup),
          let chunk = file.chunk(column: column, rowGroup: rowGroup)
        else { continue }
        findings.offsets[column] = OffsetIndex(
          bytes(range, buffers),
          chunk: chunk,
          rowCount: rowCount
        )
      }
    }
    withExtendedLifetime(buffers) {}
    return findings
  }

  /// The rows of pages that may have values of the domain; nil if the index is of no use.
  private func askPageIndex(_ question: Question, _ buffers: [VectorBuffer]) -> (
    RowRanges, RowGroupFindings.Pages
  )? {
    guard let index = question.pageIndex,
      let chunk = file.chunk(column: question.column, rowGroup: rowGroup),
      case .supported(let type, let conversion) = file.columns[question.column].type,
      let offsets = OffsetIndex(
        bytes(index.offsets, buffers),
        chunk: chunk,
        rowCount: file.rowCount(ofRowGroup: rowGroup)
      ),
      let bounds = ColumnIndex(
        bytes(index.columns, buffers),
        offsets: offsets,
        whole: file.statistics(column: question.column, rowGroup: rowGroup),
        conversion: conversion,
        type: type
      )
    else { return nil }
    var kept: [Range<Int>] = []
    var pages = RowGroupFindings.Pages(count: offsets.pages.count)
    for (page, bounds) in zip(offsets.pages, bounds.pages) {
      if bounds.mayMatch(question.domain, columnType: type) {
        kept.append(page.rows)
      } else {
        pages.prunedCount += 1
      }
    }
    return (RowRanges(kept), pages)
  }

  /// Whether any value may be in the chunk; nil if that is not known.
  private func askBloomFilter(_ question: Question, _ buffers: [VectorBuffer]) -> Bool? {
    let column = file.columns[question.column]
    guard let range = question.bloomFilter, case .supported(_, let conversion) = column.type,
      let filter = BloomFilter(bytes(range, buffers))
    else { return nil }
    for value in question.values {
      let hashes = BloomFilter.hashes(
        value,
        as: conversion,
        typeLength: column.element.typeLength
      )
      guard let hashes else { return nil }
      if hashes.contains(where: { filter.mayContain($0) }) { return true }
    }
    return false
  }

  /// Whether any value is in the dictionary; nil if that would take long to find out.
  private func askDictionary(
    _ question: Question,
    _ buffers: [VectorBuffer]
  ) throws(FormatError) -> Bool? {
    guard let range = question.dictionary,
      let chunk = file.chunk(column: question.column, rowGroup: rowGroup),
      let place = place(of: range)
    else { return nil }
    let reader = try ColumnChunkReader(
      file.columns[question.column],
      chunk: chunk,
      buffer: buffers[place.range],
      bytes: bytes(range, buffers),
      fileOffset: range.lowerBound,
      decompressor: Decompressor(),
      verifiesChecksums: false
    )
    guard let entries = try reader.readDictionaryPage() else { return nil }
    guard entries.count * question.values.count <= file.rowCount(ofRowGroup: rowGroup) else {
      return nil
    }
    return entries.containsAny(of: question.values, type: reader.type)
  }

  private func place(of range: Range<Int>) -> (range: Int, offset: Int)? {
    guard let index = ranges.firstIndex(where: { $0.contains(range.lowerBound) }) else {
      return nil
    }
    return (index, range.lowerBound - ranges[index].lowerBound)
  }

  /// The bytes of one of the ranges that were asked for.
  private func bytes(_ range: Range<Int>, _ buffers: [VectorBuffer]) -> UnsafeRawBufferPointer {
    guard let place = place(of: range) else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(
      start: buffers[place.range].base + place.offset,
      count: range.count
    )
  }
}

extension RowGroupProbe.Question {
  /// Asks for single values, if the domain is of few of them and there is something to ask.
  fileprivate mutating func lookForValues(
    _ file: ParquetFile,
    _ chunk: ColumnChunk,
    rowGroup: Int
  ) {
    let type = file.fields[column].type
    if domain.allowsNull, chunk.statistics?.nullCount != 0 { return }
    guard let values = domain.values(limit: RowGroupProbe.greatestValueCount) else { return }
    var stored: [Value] = []
    for value in values {
      // A value that the column's type cannot hold is not there.
      guard let value = value.stored(as: type) else { continue }
      stored.append(value)
    }
    bloomFilter = file.bloomFilter(chunk, limit: RowGroupProbe.greatestBloomFilter)
    if chunk.isDictionaryEncoded, let range = chunk.dictionaryBytes, file.holds(range),
      range.count <= min(RowGroupProbe.greatestDictionary, chunk.compressedByteCount)
    {
      dictionary = range
    }
    if bloomFilter != nil || dictionary != nil { self.values = stored }
  }
}

/// What a probe has found.
public struct RowGroupFindings: Sendable {
  /// What else than statistics leaves a row group out.
  public enum Means: Sendable {
    case pageIndex
    case bloomFilter
    case dictionary
  }

  /// Pages of a column, by its own domain.
  public struct Pages: Sendable {
    public var count: Int
    public var prunedCount = 0
  }

  /// The rows that may meet all domains.
  public var rows: RowRanges
  /// By which column of the file, and how, all rows were left out; nil if not all were.
  public var excluded: (column: Int, means: Means)?
  /// By column index of the file, where there was a page index to ask.
  public var pages: [Int: Pages] = [:]
  /// Where the pages of the columns lie that will be read; only if not all rows are left.
  var offsets: [Int: OffsetIndex] = [:]

  init(rows: RowRanges) { self.rows = rows }
}

extension ParquetFile {
  /// Whether a range of bytes lies between the magic number and the end of the footer.
  func holds(_ range: Range<Int>) -> Bool {
    range.lowerBound >= 4 && range.upperBound <= byteCount - 8 && !range.isEmpty
  }

  func chunk(column: Int, rowGroup: Int) -> ColumnChunk? {
    columns[column].leafIndex.map { metadata.rowGroups[rowGroup].columns[$0] }
  }

  func offsetIndex(column: Int, rowGroup: Int) -> Range<Int>? {
    guard let range = chunk(column: column, rowGroup: rowGroup)?.offsetIndex, holds(range) else {
      return nil
    }
    return range
  }

  /// Where a chunk's Bloom filter lies; nil if there is none or it is larger than `limit`.
  func bloomFilter(_ chunk: ColumnChunk, limit: Int) -> Range<Int>? {
    guard let start = chunk.bloomFilterOffset, start >= 4, start < byteCount - 8 else { return nil }
    if let count = chunk.bloomFilterByteCount {
      let range = start..<start + count
      return count <= limit && holds(range) ? range : nil
    }
    // Its size is in its header. It ends before whatever comes next.
    var end = byteCount - 8
    for group in metadata.rowGroups {
      for other in group.columns {
        let starts = [
          other.firstByte, other.bloomFilterOffset, other.columnIndex?.lowerBound,
          other.offsetIndex?.lowerBound,
        ]
        for case let other? in starts where other > start { end = min(end, other) }
      }
    }
    return end - start <= limit ? start..<end : nil
  }
}

extension ColumnDomain {
  /// The values of the domain; nil if it is of ranges or of more values than the limit.
  fileprivate func values(limit: Int) -> [Value]? {
    guard !ranges.isEmpty, ranges.count <= limit else { return nil }
    var values: [Value] = []
    for range in ranges {
      guard let value = range.lower, range.upper == value, range.lowerIsInclusive,
        range.upperIsInclusive
      else { return nil }
      values.append(value)
    }
    return values
  }
}

extension Value {
  /// The same value as one of a column of another type that compares with its own; nil if that has no
  /// such value.
  fileprivate func stored(as type: SQLType) -> Value? {
    switch type.physicalType {
    case .int8, .int16, .int32, .int64:
      return int128.flatMap { Int64(exactly: $0) }.map { .integer($0) }
    case .int128:
      return int128.map { .wide($0) }
    case .float32:
      guard case .double(let value) = self else { return self }
      return Double(Float(value)) == value ? .real(Float(value)) : nil
    case .boolean, .float64, .string:
      return self
    }
  }
}
