package import ApusValues
package import ApusVectors

// A Parquet file is written from its first byte to its last:
//
//   PAR1 | row group: column chunk … column chunk | … | page indexes | footer | its length | PAR1
//
// A row group is collected in memory, encoded and compressed, since its columns follow one another
// in the file but arrive together.

/// Writes batches as a Parquet file. Used by one thread at a time.
///
/// After an error the file is worth nothing, and the writer may only be thrown away.
package final class ParquetWriter {
  /// Takes the next bytes of the file; keeps no pointer to them.
  package typealias Output = (UnsafeRawBufferPointer) throws(SQLError) -> Void

  /// What a finished file holds.
  package struct Summary: Sendable {
    package var rowCount: Int
    package var byteCount: Int
    /// Of each column over the whole file, in the order of the fields.
    package var columns: [ColumnBounds]
  }

  private let options: ParquetWriterOptions
  private let types: [SQLType]
  private let output: Output
  private let compressor: PageCompressor
  private let staging = ValueStaging()
  private let columns: [ColumnChunkWriter]
  private var rowGroups: [WrittenRowGroup] = []
  private var groupRowCount = 0
  private var offset = 0

  /// - Parameters:
  ///   - fields: the columns; all of them may hold NULL.
  ///   - output: gets the bytes in order. What it throws, `append` and `finish` throw on.
  /// - Throws: `NOT_SUPPORTED` for a type that is not written to Parquet.
  package init(
    fields: [Field],
    options: ParquetWriterOptions = ParquetWriterOptions(),
    output: @escaping Output
  ) throws(SQLError) {
    self.options = options
    types = fields.map(\.type)
    self.output = output
    compressor = PageCompressor(options.compression)
    var columns: [ColumnChunkWriter] = []
    for field in fields {
      columns.append(
        try ColumnChunkWriter(field, options: options, compressor: compressor, staging: staging)
      )
    }
    self.columns = columns
  }

  /// Rows appended so far.
  package private(set) var rowCount = 0

  /// Bytes given to the output so far.
  package var writtenByteCount: Int { offset }

  /// The memory that the writer holds, in bytes: the row group at hand, encoded; dictionaries; and
  /// what indexes and footer will say of the row groups before.
  package var bufferedByteCount: Int {
    var total = staging.byteCount + compressor.allocatedByteCount + indexByteCount
    for column in columns { total += column.allocatedByteCount }
    return total
  }

  private var indexByteCount = 0

  /// Adds rows; may write row groups out.
  ///
  /// - Parameter batch: columns of the types of the writer's fields, in their order.
  package func append(_ batch: Batch) throws(SQLError) {
    precondition(
      batch.columns.count == types.count
        && zip(batch.columns, types).allSatisfy { $0.type.physicalType == $1.physicalType },
      "a batch of other columns than the file has"
    )
    var first = 0
    while first < batch.rowCount {
      let room = min(options.rowGroupRowLimit - groupRowCount, ParquetWriter.greatestStep)
      let range = first..<min(batch.rowCount, first + room)
      for (column, vector) in zip(columns, batch.columns) { try column.append(vector, range) }
      groupRowCount += range.count
      rowCount += range.count
      first = range.upperBound
      if groupRowCount == options.rowGroupRowLimit
        || columns.reduce(0, { $0 + $1.storedByteCount }) >= options.rowGroupByteLimit
      {
        try flushRowGroup()
      }
    }
  }

  /// Rows after which the size of a row group is looked at.
  private static let greatestStep = 8192

  /// Writes what is left; the file is complete when this returns. Called once, as the last call.
  package func finish() throws(SQLError) -> Summary {
    try flushRowGroup()
    if offset == 0 { try writeMagic() }
    try writeIndexes()
    var writer = ThriftWriter()
    writer.footer(
      schema: columns.map(\.element),
      rowGroups: rowGroups,
      metadata: options.metadata,
      createdBy: ParquetWriter.createdBy
    )
    let footer = writer.bytes
    guard let length = UInt32(exactly: footer.count) else {
      throw SQLError(.genericInsufficientResources, "a Parquet file has too many row groups")
    }
    try write(footer)
    try write(withUnsafeBytes(of: length.littleEndian) { Array($0) })
    try writeMagic()
    return Summary(rowCount: rowCount, byteCount: offset, columns: summarizedColumns())
  }

  /// Who wrote the file. Old readers expect a build to be named, too, and distrust bounds otherwise.
  private static let createdBy = "apus version \(apusVersion) (build \(apusVersion))"

  /// Ends the row group at hand and writes it out, which frees its memory; nothing without rows.
  ///
  /// For whoever writes many files at once and cannot hold a whole row group of each.
  package func flushRowGroup() throws(SQLError) {
    if groupRowCount == 0 { return }
    if offset == 0 { try writeMagic() }
    var chunks: [WrittenChunk] = []
    for column in columns {
      let chunk = try column.finishChunk(at: &offset, output)
      indexByteCount += chunk.allocatedByteCount
      chunks.append(chunk)
    }
    rowGroups.append(WrittenRowGroup(chunks: chunks, rowCount: groupRowCount))
    groupRowCount = 0
    compressor.releaseMemory()
  }

  /// Writes the indexes of all pages, columns' before offsets', so that each kind can be read at once.
  private func writeIndexes() throws(SQLError) {
    for group in rowGroups.indices {
      for chunk in rowGroups[group].chunks.indices {
        guard let index = rowGroups[group].chunks[chunk].makeColumnIndex() else { continue }
        rowGroups[group].chunks[chunk].columnIndex = offset..<offset + index.count
        try write(index)
      }
    }
    for group in rowGroups.indices {
      for chunk in rowGroups[group].chunks.indices {
        let index = rowGroups[group].chunks[chunk].makeOffsetIndex()
        rowGroups[group].chunks[chunk].offsetIndex = offset..<offset + index.count
        try write(index)
      }
    }
  }

  private func writeMagic() throws(SQLError) { try write(Array("PAR1".utf8)) }

  private func write(_ bytes: [UInt8]) throws(SQLError) {
    try bytes.withUnsafeBufferPointer { bytes throws(SQLError) in
      try output(UnsafeRawBufferPointer(bytes))
    }
    offset += bytes.count
  }

  private func summarizedColumns() -> [ColumnBounds] {
    columns.indices.map { index in
      let type = types[index]
      guard case .supported(let read, let conversion) = ColumnType(columns[index].element) else {
        return ColumnBounds(rowCount: rowCount)
      }
      let pieces = rowGroups.map { group in
        let written = group.chunks[index]
        var chunk = ColumnChunk()
        chunk.valueCount = written.rowCount
        chunk.statistics = written.statistics
        return ColumnBounds(chunk, conversion: conversion, type: type.isText ? read : type)
      }
      return pieces.reduce(ColumnBounds(nullCount: 0, rowCount: 0)) { $0.merged(with: $1) }
    }
  }
}
