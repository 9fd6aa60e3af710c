import ApusValues
import ApusVectors

// The page index of a column chunk says where its data pages lie, which rows they have, and what
// bounds their values keep to, so that pages without wanted rows need not be read:
//
//   OffsetIndex   page   offset, size, first row
//   ColumnIndex   page   whether all rows are NULL, minimum, maximum, number of NULLs
//
// Both are hints. One that contradicts itself or its chunk is not used: some writers left the page
// headers out of the sizes, numbered rows wrongly before NULLs, or had no bounds for pages that have
// values. What cannot be seen here is found when a page is read, which must be as its index says.
//
// Source: parquet-format, PageIndex.md and parquet.thrift.

/// A data page of a chunk.
struct PageLocation: Sendable, Equatable {
  /// With its header, in bytes of the file.
  var bytes: Range<Int>
  /// Of the row group.
  var rows: Range<Int>
}

/// Where the data pages of a chunk lie.
struct OffsetIndex: Sendable, Equatable {
  let pages: [PageLocation]

  /// - Parameter rowCount: rows of the row group.
  /// - Returns: nil if the index is damaged or is not about this chunk.
  init?(_ bytes: UnsafeRawBufferPointer, chunk: ColumnChunk, rowCount: Int) {
    var reader = ThriftReader(bytes, fileOffset: 0)
    guard let entries = try? OffsetIndex.entries(&reader), !entries.isEmpty else { return nil }
    var pages: [PageLocation] = []
    pages.reserveCapacity(entries.count)
    // Pages follow each other without gaps, from the first to the end of the chunk.
    var end = chunk.dataPageOffset
    for (index, entry) in entries.enumerated() {
      let next = index + 1 < entries.count ? entries[index + 1].firstRow : rowCount
      guard entry.offset == end, entry.byteCount > 0, entry.firstRow <= next else { return nil }
      end += entry.byteCount
      pages.append(PageLocation(bytes: entry.offset..<end, rows: entry.firstRow..<next))
    }
    guard entries[0].firstRow == 0, end == chunk.firstByte + chunk.compressedByteCount else {
      return nil
    }
    self.pages = pages
  }

  private static func entries(_ reader: inout ThriftReader) throws(FormatError)
    -> [(offset: Int, byteCount: Int, firstRow: Int)]
  {
    var entries: [(offset: Int, byteCount: Int, firstRow: Int)] = []
    var last = 0
    while let field = try reader.field(after: &last) {
      guard field.id == 1 else { try reader.skip(field); continue }
      for _ in 0..<(try reader.list(field, of: .structure)) {
        var entry = (offset: 0, byteCount: 0, firstRow: -1)
        var last = 0
        while let field = try reader.field(after: &last) {
          switch field.id {
          case 1: entry.offset = try reader.count(field, "the offset of a page")
          case 2:
            entry.byteCount = try reader.count(field, limit: Int(Int32.max), "the size of a page")
          case 3: entry.firstRow = try reader.count(field, "the first row of a page")
          default: try reader.skip(field)
          }
        }
        guard entry.firstRow >= 0 else { throw reader.corrupt("a page has no first row") }
        entries.append(entry)
      }
    }
    return entries
  }
}

/// What is known of the values of each page of a chunk.
struct ColumnIndex: Sendable {
  /// One for each page of the offset index.
  let pages: [ColumnBounds]

  /// - Parameters:
  ///   - offsets: of the same chunk.
  ///   - whole: what is known of the chunk.
  /// - Returns: nil if the index is damaged or contradicts what else is known.
  init?(
    _ bytes: UnsafeRawBufferPointer,
    offsets: OffsetIndex,
    whole: ColumnBounds,
    conversion: ValueConversion,
    type: SQLType
  ) {
    var reader = ThriftReader(bytes, fileOffset: 0)
    guard let lists = try? Lists(&reader) else { return nil }
    let count = offsets.pages.count
    guard lists.isNull.count == count, lists.minimums.count == count,
      lists.maximums.count == count, lists.nullCounts?.count ?? count == count
    else { return nil }
    var pages: [ColumnBounds] = []
    pages.reserveCapacity(count)
    var sum = 0
    for (index, page) in offsets.pages.enumerated() {
      let rowCount = page.rows.count
      let nullCount = lists.nullCounts?[index]
      if let nullCount {
        guard (0...rowCount).contains(nullCount), !lists.isNull[index] || nullCount == rowCount
        else { return nil }
        sum += nullCount
      }
      if lists.isNull[index] {
        pages.append(ColumnBounds(nullCount: rowCount, rowCount: rowCount))
        continue
      }
      var statistics = ChunkStatistics(nullCount: nullCount)
      // Empty bounds are what writers put who have none, though a text may be empty.
      if !lists.maximums[index].isEmpty {
        statistics.minimum = lists.minimums[index]
        statistics.maximum = lists.maximums[index]
      }
      pages.append(
        ColumnBounds(statistics, valueCount: rowCount, conversion: conversion, type: type)
      )
    }
    if lists.nullCounts != nil, let nullCount = whole.nullCount, sum != nullCount { return nil }
    guard ColumnIndex.agree(pages, whole) else { return nil }
    self.pages = pages
  }

  /// Whether the bounds of pages lie within those of the chunk, which may be cut, and reach them.
  private static func agree(_ pages: [ColumnBounds], _ whole: ColumnBounds) -> Bool {
    guard whole.boundsAreExact, let low = whole.minimum, let high = whole.maximum else {
      return true
    }
    let known = pages.filter { !$0.isAllNull }
    guard known.allSatisfy({ $0.minimum != nil && $0.maximum != nil }) else { return true }
    return known.contains { $0.minimum.map { Value.compare($0, low) <= 0 } ?? false }
      && known.contains { $0.maximum.map { Value.compare($0, high) >= 0 } ?? false }
  }

  /// The fields as they stand in the file.
  private struct Lists {
    var isNull: [Bool] = []
    var minimums: [[UInt8]] = []
    var maximums: [[UInt8]] = []
    var nullCounts: [Int]?

    init(_ reader: inout ThriftReader) throws(FormatError) {
      var last = 0
      while let field = try reader.field(after: &last) {
        switch field.id {
        case 1: isNull = try reader.booleans(field)
        case 2: minimums = try Lists.texts(&reader, field)
        case 3: maximums = try Lists.texts(&reader, field)
        case 5:
          var counts: [Int] = []
          for _ in 0..<(try reader.list(field, of: .int64)) {
            counts.append(Int(try reader.zigzag()))
          }
          nullCounts = counts
        default: try reader.skip(field)
        }
      }
    }

    private static func texts(
      _ reader: inout ThriftReader,
      _ field: ThriftField
    ) throws(FormatError) -> [[UInt8]] {
      var texts: [[UInt8]] = []
      for _ in 0..<(try reader.list(field, of: .binary)) {
        texts.append(Array(try reader.binary()))
      }
      return texts
    }
  }
}
