import ApusCompression
public import ApusValues

// A Parquet file:
//
//   PAR1 | column chunk … column chunk | … | footer | footer length, 4 bytes | PAR1
//
// Reading is asked for, not done, here: `ParquetFile.footerRange` and `RowGroupPlan` say which
// bytes are needed, whoever has the file fetches them.

/// What the footer of a file says: columns, row groups and where their bytes lie. Immutable, so one
/// is shared by all who read the file.
public final class ParquetFile: Sendable {
  /// For errors only.
  public let name: String
  public let byteCount: Int
  /// The top-level columns; one of a type that Apus lacks is there with type `unknown`.
  public let fields: [Field]
  public let rowCount: Int

  let metadata: FileMetadata
  let columns: [ParquetColumn]
  let leafCount: Int

  /// Parses the end of a file.
  ///
  /// - Parameters:
  ///   - tail: the last bytes of the file, at least those of `footerRange(tail:)`.
  ///   - byteCount: the size of the whole file.
  /// - Throws: `FormatError` if the footer is damaged, encrypted or does not fit the file.
  public init(
    name: String,
    tail: UnsafeRawBufferPointer,
    byteCount: Int
  ) throws(FormatError) {
    let length = try ParquetFile.footerLength(tail: tail, byteCount: byteCount)
    guard tail.count >= length + 8 else { throw .corrupt("the footer was not read in full") }
    let end = tail.count - 8
    let footer = UnsafeRawBufferPointer(rebasing: tail[end - length..<end])
    var reader = ThriftReader(footer, fileOffset: byteCount - 8 - length)
    let metadata = try FileMetadata(&reader)
    let tree = try SchemaTree(metadata.schema)
    try ParquetFile.check(metadata, tree)
    self.name = name
    self.byteCount = byteCount
    self.metadata = metadata
    self.rowCount = metadata.rowCount
    self.columns = tree.columns
    self.leafCount = tree.leafCount
    self.fields = tree.columns.map { column in
      switch column.type {
      case .supported(let type, _): Field(name: column.name, type: type)
      case .unsupported: Field(name: column.name, type: .unknown)
      }
    }
  }

  /// How many bytes to read from the end of a file in the hope that the footer is among them.
  public static let likelyTailByteCount = 64 * 1024

  /// Returns the number of bytes at the end of the file that hold the footer.
  ///
  /// - Parameter tail: the last bytes of the file, at least 8 if it has them.
  /// - Throws: `FormatError` if the file is no Parquet file.
  public static func tailByteCount(
    tail: UnsafeRawBufferPointer,
    byteCount: Int
  ) throws(FormatError) -> Int {
    try footerLength(tail: tail, byteCount: byteCount) + 8
  }

  private static func footerLength(
    tail: UnsafeRawBufferPointer,
    byteCount: Int
  ) throws(FormatError) -> Int {
    guard byteCount >= 12, tail.count >= 8 else {
      throw .corrupt("not a Parquet file: too short with \(byteCount) bytes")
    }
    let end = tail.count
    let magic = tail.loadUnaligned(fromByteOffset: end - 4, as: UInt32.self).littleEndian
    if magic == 0x4552_4150 {
      throw FormatError(.notSupported, "an encrypted footer is not supported")
    }
    guard magic == 0x3152_4150 else {
      throw .corrupt("not a Parquet file: it does not end in PAR1", at: byteCount - 4)
    }
    let length = Int(tail.loadUnaligned(fromByteOffset: end - 8, as: UInt32.self).littleEndian)
    guard length <= byteCount - 12 else {
      throw .corrupt("the footer is longer than the file: \(length)", at: byteCount - 8)
    }
    return length
  }

  /// Checks what all readers rely on: counts that agree with each other.
  private static func check(_ metadata: FileMetadata, _ tree: SchemaTree) throws(FormatError) {
    var total = 0
    for (index, group) in metadata.rowGroups.enumerated() {
      guard group.columns.count == tree.leafCount else {
        throw .corrupt(
          "row group \(index) has \(group.columns.count) columns, the schema \(tree.leafCount)"
        )
      }
      let (sum, overflow) = total.addingReportingOverflow(group.rowCount)
      guard !overflow else { throw .corrupt("too many rows") }
      total = sum
      for column in tree.columns {
        guard let leaf = column.leafIndex, column.element.repetition != .repeated else { continue }
        let chunk = group.columns[leaf]
        guard chunk.valueCount == group.rowCount || !chunk.hasMetadata else {
          throw FormatError(
            .corrupt,
            "row group \(index) has \(group.rowCount) rows but \(chunk.valueCount) values",
            column: column.name
          )
        }
      }
    }
    guard total == metadata.rowCount else {
      throw .corrupt("the row groups have \(total) rows, the file \(metadata.rowCount)")
    }
    try checkPlaces(metadata)
  }

  /// Checks that no two chunks start at the same place: a damaged offset that leads to another
  /// chunk of the column would give its rows without any sign.
  private static func checkPlaces(_ metadata: FileMetadata) throws(FormatError) {
    var isAscending = true
    var starts: [Int] = []
    for group in metadata.rowGroups where group.rowCount > 0 {
      for chunk in group.columns where chunk.compressedByteCount > 0 {
        let start = chunk.firstByte
        if let last = starts.last, start <= last { isAscending = false }
        starts.append(start)
      }
    }
    // Writers put chunks down in order, so there is mostly nothing to sort.
    if isAscending { return }
    starts.sort()
    for (start, next) in zip(starts, starts.dropFirst()) where start == next {
      throw .corrupt("two column chunks are at the same place", at: start)
    }
  }

  public var rowGroupCount: Int { metadata.rowGroups.count }

  public func rowCount(ofRowGroup index: Int) -> Int { metadata.rowGroups[index].rowCount }

  /// What wrote the file, if it says so.
  public var createdBy: String? { metadata.createdBy }

  /// Why a column cannot be read, as a phrase; nil if it can.
  public func obstacle(column: Int) -> String? {
    if case .unsupported(let what) = columns[column].type { what } else { nil }
  }

  /// What a row group says about a column's values; only the row count for a nested column.
  public func statistics(column: Int, rowGroup: Int) -> ColumnBounds {
    let group = metadata.rowGroups[rowGroup]
    guard let leaf = columns[column].leafIndex,
      case .supported(let type, let conversion) = columns[column].type
    else { return ColumnBounds(rowCount: group.rowCount) }
    var bounds = ColumnBounds(group.columns[leaf], conversion: conversion, type: type)
    if columns[column].element.repetition == .required { bounds.nullCount = 0 }
    return bounds
  }

  /// What all row groups together say about a column's values.
  public func statistics(column: Int) -> ColumnBounds {
    var result = ColumnBounds(nullCount: 0, rowCount: 0)
    for group in 0..<rowGroupCount {
      result = result.merged(with: statistics(column: column, rowGroup: group))
    }
    return result
  }

  /// The size of a column in a row group, in bytes as stored; 0 for a nested column.
  public func storedByteCount(column: Int, rowGroup: Int) -> Int {
    guard let leaf = columns[column].leafIndex else { return 0 }
    return metadata.rowGroups[rowGroup].columns[leaf].compressedByteCount
  }
}
