package import ApusCompression
import ApusValues

/// How a Parquet file is laid out. Limits are kept to within one batch, or one value that is larger.
package struct ParquetWriterOptions: Sendable {
  package var compression: Compression
  /// Rows of a row group; what a reader gives to one worker at a time.
  package var rowGroupRowLimit: Int
  /// Bytes of a row group as stored.
  package var rowGroupByteLimit: Int
  /// Bytes of a data page before compression.
  package var pageByteLimit: Int
  /// Rows of a data page; what a reader with a page index can leave out at a time.
  package var pageRowLimit: Int
  /// Bytes of a column's distinct values in a row group; a column with more of them has none of its
  /// further pages encoded by dictionary. 0 turns dictionaries off.
  package var dictionaryByteLimit: Int
  /// Whatever else the footer should say.
  package var metadata: [(key: String, value: String)]

  package init(
    compression: Compression = .snappy,
    rowGroupRowLimit: Int = 1 << 20,
    rowGroupByteLimit: Int = 128 << 20,
    pageByteLimit: Int = 1 << 20,
    pageRowLimit: Int = 20_000,
    dictionaryByteLimit: Int = 1 << 20,
    metadata: [(key: String, value: String)] = []
  ) {
    self.compression = compression
    self.rowGroupRowLimit = max(1, rowGroupRowLimit)
    self.rowGroupByteLimit = max(1, rowGroupByteLimit)
    self.pageByteLimit = max(1, pageByteLimit)
    self.pageRowLimit = max(1, min(pageRowLimit, 1 << 24))
    self.dictionaryByteLimit = max(0, dictionaryByteLimit)
    self.metadata = metadata
  }
}
