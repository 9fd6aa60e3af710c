import ApusCompression
import ApusValues
import ApusVectors

@testable import ApusFormats

/// A Parquet file that the writer made in memory.
struct WrittenFile {
  var bytes: [UInt8]
  var summary: ParquetWriter.Summary

  init(
    _ fields: [Field],
    _ batches: [Batch],
    _ options: ParquetWriterOptions = ParquetWriterOptions()
  ) throws {
    let output = CollectedBytes()
    let writer = try ParquetWriter(fields: fields, options: options) { output.bytes += $0 }
    for batch in batches { try writer.append(batch) }
    summary = try writer.finish()
    bytes = output.bytes
  }

  /// The values of every column, read back so many rows at a time.
  func values(step: Int = 777) throws -> [[Value]] {
    let file = try openParquet(bytes)
    let all = Array(file.fields.indices)
    var columns = [[Value]](repeating: [], count: all.count)
    for rowGroup in 0..<file.rowGroupCount {
      let reader = try openRowGroup(bytes, file, rowGroup, all, verifiesChecksums: true)
      while let (vectors, count) = try reader.next(step) {
        for (index, vector) in vectors.enumerated() {
          for row in 0..<count { columns[index].append(vector.value(row)) }
        }
      }
    }
    return columns
  }

  /// The headers of all pages of a column, in the order of the file.
  func pageHeaders(column: Int) throws -> [PageHeader] {
    var headers: [PageHeader] = []
    for group in try openParquet(bytes).metadata.rowGroups {
      let chunk = group.columns[column]
      var position = chunk.firstByte
      while position < chunk.firstByte + chunk.compressedByteCount {
        let (header, length) = try bytes[position...].withUnsafeBytes { all in
          var reader = ThriftReader(all, fileOffset: position)
          let header = try PageHeader(&reader)
          return (header, reader.position)
        }
        headers.append(header)
        position += length + header.compressedByteCount
      }
    }
    return headers
  }
}

final class CollectedBytes {
  var bytes: [UInt8] = []
}

/// A value with its bits, so that NaN is itself and zeros differ.
func exactText(_ value: Value) -> String {
  switch value {
  case .real(let value): "real \(value.bitPattern)"
  case .double(let value): "double \(value.bitPattern)"
  default: "\(value)"
  }
}
