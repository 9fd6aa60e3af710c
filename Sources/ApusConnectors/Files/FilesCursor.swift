import ApusFormats
import ApusPlanner
import ApusStorage
import ApusValues
import ApusVectors

/// One worker's way through the row groups of a scan.
final class FilesCursor: BatchCursor {
  private let scan: FilesScan
  private var morsel: FileMorsel?
  private var rows: RowGroupReader?

  init(_ scan: FilesScan) { self.scan = scan }

  func next() throws(SQLError) -> Batch? {
    while true {
      if let morsel, let rows {
        do {
          if let read = try rows.next(scan.request.batchCapacity) {
            return assemble(read.columns, count: read.count, morsel)
          }
        } catch {
          throw error.sqlError(file: morsel.file.name)
        }
      }
      if rows != nil { scan.noteDone() }
      rows = nil
      guard let next = try scan.nextMorsel() else {
        morsel = nil
        return nil
      }
      morsel = next
      rows = try open(next)
    }
  }

  /// Fetches the bytes of the wanted columns of a row group.
  private func open(_ morsel: FileMorsel) throws(SQLError) -> RowGroupReader {
    let columns = morsel.adaptations.compactMap { adaptation -> Int? in
      if case .column(let index) = adaptation.source { index } else { nil }
    }
    do {
      let plan = try RowGroupPlan(morsel.file, rowGroup: morsel.rowGroup, columns: columns)
      var buffers: [VectorBuffer] = []
      for range in plan.ranges {
        let buffer = RowGroupReader.makeBuffer(for: range)
        let bytes = UnsafeMutableRawBufferPointer(start: buffer.base, count: range.count)
        try morsel.reader.read(at: range.lowerBound, into: bytes)
        scan.noteRead(byteCount: range.count)
        buffers.append(buffer)
      }
      return try RowGroupReader(plan, buffers: buffers)
    } catch let error as FormatError {
      throw error.sqlError(file: morsel.file.name)
    } catch let error as StorageError {
      throw error.sqlError
    } catch {
      throw .internal("\(error)")
    }
  }

  /// Puts the columns of the request together: read, missing and partition columns.
  private func assemble(_ read: [ColumnVector], count: Int, _ morsel: FileMorsel) -> Batch {
    let table = scan.table
    var columns: [ColumnVector] = []
    columns.reserveCapacity(scan.request.columns.count)
    var adaptations = morsel.adaptations.makeIterator()
    var vectors = read.makeIterator()
    for column in scan.request.columns {
      let type = table.schema.fields[column].type
      if column >= table.fileColumnCount {
        let value = morsel.partitionValues[column - table.fileColumnCount]
        columns.append(.constant(value, type: type, count: count))
      } else if let adaptation = adaptations.next(), case .column = adaptation.source,
        let vector = vectors.next()
      {
        columns.append(adaptation.apply(vector))
      } else {
        columns.append(.constant(.null, type: type, count: count))
      }
    }
    return Batch(columns: columns, rowCount: count)
  }
}
