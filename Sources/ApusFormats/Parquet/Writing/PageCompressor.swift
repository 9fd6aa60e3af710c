import ApusCompression
import ApusValues
import ApusVectors

/// A page as it lies in the file: header and bytes.
struct WrittenPage {
  var buffer: VectorBuffer
  var byteCount: Int
  /// The size that it would have uncompressed, header included.
  var uncompressedByteCount: Int

  var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: buffer.base, count: byteCount)
  }
}

/// Compresses pages and puts headers before them, one after the other.
///
/// Safety: `compressed` has room for the codec's bound, a page's buffer for header and payload.
final class PageCompressor {
  /// Where the bytes of the next page are collected.
  let page = GrowableBytes()
  private let compressed = GrowableBytes()
  private var compressor: Compressor

  init(_ compression: Compression) { compressor = Compressor(compression) }

  var codec: Codec { compressor.compression.codec }

  var allocatedByteCount: Int {
    page.capacity + compressed.capacity + compressor.allocatedByteCount
  }

  /// Gives back what pages have needed.
  func releaseMemory() {
    page.removeAll(retaining: 0)
    compressed.removeAll(retaining: 0)
    compressor = Compressor(compressor.compression)
  }

  /// Makes a data page of what was collected.
  func makeDataPage(
    valueCount: Int,
    encoding: ParquetEncoding
  ) throws(SQLError) -> WrittenPage {
    try make(type: 0) { header in
      header.field(5) { detail in
        detail.field(1, int32: valueCount)
        detail.field(2, int32: encoding.rawValue)
        detail.field(3, int32: ParquetEncoding.runLength.rawValue)
        detail.field(4, int32: ParquetEncoding.runLength.rawValue)
      }
    }
  }

  /// Makes a dictionary page of what was collected.
  func makeDictionaryPage(valueCount: Int) throws(SQLError) -> WrittenPage {
    try make(type: 2) { header in
      header.field(7) { detail in
        detail.field(1, int32: valueCount)
        detail.field(2, int32: ParquetEncoding.plainDictionary.rawValue)
        detail.field(3, false)
      }
    }
  }

  private func make(
    type: Int,
    detail: (inout ThriftWriter) -> Void
  ) throws(SQLError) -> WrittenPage {
    defer {
      page.removeAll()
      compressed.removeAll()
    }
    let payload = try compress()
    guard payload.count <= Int(Int32.max), page.count <= Int(Int32.max) else {
      throw SQLError(
        .genericInsufficientResources,
        "a value of \(page.count) bytes is too large for a page of a Parquet file"
      )
    }
    var writer = ThriftWriter()
    writer.structure { header in
      header.field(1, int32: type)
      header.field(2, int32: page.count)
      header.field(3, int32: payload.count)
      let checksum = Checksum.crc32(payload)
      header.field(4, int32: Int(Int32(bitPattern: checksum)))
      detail(&header)
    }
    let header = writer.bytes
    let buffer = VectorBuffer(byteCount: header.count + payload.count)
    header.withUnsafeBytes { bytes in
      if let start = bytes.baseAddress {
        buffer.base.copyMemory(from: start, byteCount: bytes.count)
      }
    }
    if let start = payload.baseAddress {
      (buffer.base + header.count).copyMemory(from: start, byteCount: payload.count)
    }
    return WrittenPage(
      buffer: buffer,
      byteCount: header.count + payload.count,
      uncompressedByteCount: header.count + page.count
    )
  }

  /// The bytes of the page as they are stored; valid until the next page.
  private func compress() throws(SQLError) -> UnsafeRawBufferPointer {
    if compressor.compression == .uncompressed { return page.bytes }
    let bound = compressor.bound(page.count)
    compressed.reserve(bound)
    do {
      let room = UnsafeMutableRawBufferPointer(start: compressed.base, count: bound)
      compressed.advance(try compressor.compress(page.bytes, into: room))
    } catch {
      throw SQLError(
        .genericInsufficientResources,
        "a page of \(page.count) bytes could not be compressed",
        cause: error
      )
    }
    return compressed.bytes
  }
}
