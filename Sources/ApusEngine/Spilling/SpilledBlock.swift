import ApusCompression
import ApusValues
import ApusVectors

// Rows on their way through a temporary file, column by column, compressed as one block:
//
//   flags     1 byte        1 if there is a validity
//   validity  1 byte a row
//   values    of fixed size as they lie in memory; of strings first all lengths (4 bytes each), then
//             all bytes
//
// Who reads it is who wrote it, so there is neither a version nor an order of bytes.

/// Rows that lie in a temporary file.
struct SpilledBlock: Sendable {
  var extent: TemporaryFile.Extent
  var rowCount: Int
  /// Bytes before they were compressed.
  var byteCount: Int

  /// Reads the rows.
  func read(
    from file: TemporaryFile,
    types: [SQLType],
    _ decompressor: Decompressor
  ) throws(SQLError) -> Batch {
    let stored = UnsafeMutableRawBufferPointer.allocate(byteCount: extent.byteCount, alignment: 16)
    defer { stored.deallocate() }
    try file.read(extent, into: stored)
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 16)
    defer { bytes.deallocate() }
    do {
      try decompressor.decompress(.lz4Raw, source: UnsafeRawBufferPointer(stored), into: bytes)
    } catch {
      throw .internal("a spilled block is damaged")
    }
    var reader = BlockReader(bytes: UnsafeRawBufferPointer(bytes), rowCount: rowCount)
    var columns: [ColumnVector] = []
    for type in types { columns.append(try reader.column(type)) }
    return Batch(columns: columns, rowCount: rowCount)
  }
}

/// Takes columns out of the bytes of a block.
///
/// Safety: every read is of bytes that were checked to be there.
private struct BlockReader {
  let bytes: UnsafeRawBufferPointer
  let rowCount: Int
  private var position = 0

  init(bytes: UnsafeRawBufferPointer, rowCount: Int) {
    self.bytes = bytes
    self.rowCount = rowCount
  }

  private mutating func take(_ count: Int) throws(SQLError) -> UnsafeRawBufferPointer {
    guard count <= bytes.count - position else { throw .internal("a spilled block is too short") }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }

  mutating func column(_ type: SQLType) throws(SQLError) -> ColumnVector {
    let flags = try take(1)[0]
    var validity: VectorBuffer?
    if flags != 0 { validity = VectorBuffer(copying: try take(rowCount)) }
    var values: VectorBuffer
    var heaps: [VectorBuffer] = []
    if type.physicalType == .string {
      let lengths = try take(rowCount * 4)
      var total = 0
      for row in 0..<rowCount {
        total += Int(lengths.loadUnaligned(fromByteOffset: row * 4, as: UInt32.self))
      }
      let heap = VectorBuffer(copying: try take(total))
      values = VectorBuffer(byteCount: rowCount * 16)
      let views = values.base.assumingMemoryBound(to: StringView.self)
      var start = UnsafeRawPointer(heap.base)
      for row in 0..<rowCount {
        let count = Int(lengths.loadUnaligned(fromByteOffset: row * 4, as: UInt32.self))
        views[row] = StringView(start, count: count)
        start += count
      }
      heaps = [heap]
    } else {
      values = VectorBuffer(copying: try take(rowCount * type.physicalType.stride))
    }
    return ColumnVector(
      type: type,
      storage: VectorStorage(
        physicalType: type.physicalType,
        count: rowCount,
        values: values,
        validity: validity,
        heaps: heaps
      )
    )
  }
}

extension VectorBuffer {
  fileprivate convenience init(copying bytes: UnsafeRawBufferPointer) {
    self.init(byteCount: bytes.count)
    if let source = bytes.baseAddress { base.copyMemory(from: source, byteCount: bytes.count) }
  }
}

/// Writes rows of batches as blocks.
///
/// Owned by one worker at a time.
final class BlockWriter {
  private let file: TemporaryFile
  private let types: [SQLType]
  private let compressor = Compressor(.lz4Raw)
  private var bytes = GrowableMemory(byteCount: 4096)
  private var count = 0

  init(_ file: TemporaryFile, types: [SQLType]) {
    self.file = file
    self.types = types
  }

  /// Bytes held from block to block.
  var byteCount: Int { bytes.byteCount }

  /// Writes rows of several batches as one block.
  ///
  /// - Parameter pieces: batches, and of each the rows.
  func write(_ pieces: [(batch: Batch, rows: UnsafeBufferPointer<Int32>)]) throws(SQLError)
    -> SpilledBlock
  {
    count = 0
    let rowCount = pieces.reduce(0) { $0 + $1.rows.count }
    for column in types.indices { encode(column, of: pieces, rowCount: rowCount) }
    let output = UnsafeMutableRawBufferPointer.allocate(
      byteCount: compressor.bound(count),
      alignment: 16
    )
    defer { output.deallocate() }
    let compressed: Int
    do {
      compressed = try compressor.compress(
        UnsafeRawBufferPointer(start: bytes.base, count: count),
        into: output
      )
    } catch {
      throw .internal("a block could not be compressed")
    }
    let extent = try file.write(UnsafeRawBufferPointer(rebasing: output[..<compressed]))
    return SpilledBlock(extent: extent, rowCount: rowCount, byteCount: count)
  }

  private func extend(_ byteCount: Int) -> UnsafeMutableRawPointer {
    if count + byteCount > bytes.byteCount {
      bytes.grow(to: max(count + byteCount, bytes.byteCount * 2))
    }
    defer { count += byteCount }
    return bytes.base + count
  }

  private func encode(
    _ column: Int,
    of pieces: [(batch: Batch, rows: UnsafeBufferPointer<Int32>)],
    rowCount: Int
  ) {
    let hasNulls = pieces.contains { $0.batch.columns[column].mayHaveNulls }
    extend(1).storeBytes(of: hasNulls ? 1 : 0, as: UInt8.self)
    if hasNulls {
      var output = extend(rowCount).assumingMemoryBound(to: UInt8.self)
      for (batch, rows) in pieces {
        let vector = batch.columns[column]
        for index in 0..<rows.count { output[index] = vector.isNull(Int(rows[index])) ? 0 : 1 }
        output += rows.count
      }
    }
    switch types[column].physicalType {
    case .boolean, .int8: copy(column, pieces, rowCount, as: UInt8.self)
    case .int16: copy(column, pieces, rowCount, as: UInt16.self)
    case .int32, .float32: copy(column, pieces, rowCount, as: UInt32.self)
    case .int64, .float64: copy(column, pieces, rowCount, as: UInt64.self)
    case .int128: copy(column, pieces, rowCount, as: StringView.self)
    case .string: copyStrings(column, pieces, rowCount)
    }
  }

  private func copy<Element: BitwiseCopyable>(
    _ column: Int,
    _ pieces: [(batch: Batch, rows: UnsafeBufferPointer<Int32>)],
    _ rowCount: Int,
    as element: Element.Type
  ) {
    let stride = MemoryLayout<Element>.stride
    var output = extend(rowCount * stride)
    for (batch, rows) in pieces {
      let vector = batch.columns[column]
      let values = vector.values(as: Element.self)
      // The place need not be aligned.
      switch vector.encoding {
      case .flat:
        for index in 0..<rows.count {
          (output + index * stride).copyMemory(from: values + Int(rows[index]), byteCount: stride)
        }
      case .constant:
        for index in 0..<rows.count {
          (output + index * stride).copyMemory(from: values, byteCount: stride)
        }
      case .dictionary:
        guard let indices = vector.indices else { continue }
        for index in 0..<rows.count {
          (output + index * stride).copyMemory(
            from: values + Int(indices[Int(rows[index])]),
            byteCount: stride
          )
        }
      }
      extendLifetime(vector)
      output += rows.count * stride
    }
  }

  private func copyStrings(
    _ column: Int,
    _ pieces: [(batch: Batch, rows: UnsafeBufferPointer<Int32>)],
    _ rowCount: Int
  ) {
    var lengths = extend(rowCount * 4)
    var total = 0
    for (batch, rows) in pieces {
      let vector = batch.columns[column]
      let views = vector.values(as: StringView.self)
      for row in rows {
        let length = views[vector.storageIndex(Int(row), from: views)].count
        lengths.storeBytes(of: UInt32(truncatingIfNeeded: length), as: UInt32.self)
        lengths += 4
        total += length
      }
      extendLifetime(vector)
    }
    var output = extend(total)
    for (batch, rows) in pieces {
      let vector = batch.columns[column]
      let views = vector.values(as: StringView.self)
      for row in rows {
        views[vector.storageIndex(Int(row), from: views)].withBytes { bytes in
          guard let source = bytes.baseAddress else { return }
          output.copyMemory(from: source, byteCount: bytes.count)
          output += bytes.count
        }
      }
      extendLifetime(vector)
    }
  }
}

extension ColumnVector {
  /// The place of a row's value from what `values` returned.
  @inline(__always)
  fileprivate func storageIndex(_ row: Int, from values: UnsafePointer<StringView>) -> Int {
    switch encoding {
    case .flat: row
    case .constant: 0
    case .dictionary: indices.map { Int($0[row]) } ?? 0
    }
  }
}
