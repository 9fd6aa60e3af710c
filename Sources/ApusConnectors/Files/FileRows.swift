import ApusFormats
import ApusPlanner
import ApusValues
import ApusVectors

/// The rows of one row group as the columns of the request: read, missing and partition columns.
final class FileRows {
  private enum Source {
    /// A column of the row group, by position among those read.
    case read(Int, ColumnAdaptation)
    case constant(ColumnVector)
  }

  private let reader: RowGroupReader
  private let fileName: String
  private let sources: [Source]

  init(_ morsel: FileMorsel, _ reader: RowGroupReader, _ scan: FilesScan) {
    self.reader = reader
    fileName = morsel.file.name
    let table = scan.table
    var adaptations = morsel.adaptations.makeIterator()
    var readCount = 0
    var sources: [Source] = []
    for column in scan.request.columns {
      let type = table.schema.fields[column].type
      if column >= table.fileColumnCount {
        let value = morsel.partitionValues[column - table.fileColumnCount]
        sources.append(.constant(.constant(value, type: type, count: 1)))
      } else if let adaptation = adaptations.next(), case .column = adaptation.source {
        sources.append(.read(readCount, adaptation))
        readCount += 1
      } else {
        sources.append(.constant(.constant(.null, type: type, count: 1)))
      }
    }
    self.sources = sources
  }

  /// Reads the next rows; nil after the last.
  func next(_ greatestCount: Int) throws(SQLError) -> Batch? {
    guard let count = reader.begin(greatestCount) else { return nil }
    var columns: [ColumnVector] = []
    columns.reserveCapacity(sources.count)
    for index in sources.indices { columns.append(try column(index, count)) }
    return Batch(columns: columns, rowCount: count)
  }

  /// Reads those of the next rows that a filter keeps; nil after the last row.
  func next(_ greatestCount: Int, where filter: any VectorFilter) throws(SQLError) -> Batch? {
    guard let count = reader.begin(greatestCount) else { return nil }
    var known = [ColumnVector?](repeating: nil, count: sources.count)
    let selection = try filter.select(count) { index throws(SQLError) in
      if let vector = known[index] { return vector }
      let vector = try column(index, count)
      known[index] = vector
      return vector
    }
    var columns: [ColumnVector] = []
    columns.reserveCapacity(filter.output.count)
    if selection.isEmpty {
      for index in filter.output { columns.append(emptyColumn(index)) }
      return Batch(columns: columns, rowCount: 0)
    }
    let rows = RowStretches(selection)
    for index in filter.output {
      if let vector = known[index] {
        columns.append(selected(vector, selection))
      } else {
        columns.append(try column(index, rows))
      }
    }
    return Batch(columns: columns, rowCount: selection.count)
  }

  private func selected(_ vector: ColumnVector, _ selection: Selection) -> ColumnVector {
    guard let indices = selection.indices else { return vector }
    return indices.withUnsafeBufferPointer { vector.gather($0) }
  }

  private func column(_ index: Int, _ count: Int) throws(SQLError) -> ColumnVector {
    switch sources[index] {
    case .constant(let vector): return repeated(vector, count)
    case .read(let position, let adaptation):
      do throws(FormatError) {
        return adaptation.apply(try reader.column(position))
      } catch {
        throw error.sqlError(file: fileName)
      }
    }
  }

  private func column(_ index: Int, _ rows: RowStretches) throws(SQLError) -> ColumnVector {
    switch sources[index] {
    case .constant(let vector): return repeated(vector, rows.selection.count)
    case .read(let position, let adaptation):
      do throws(FormatError) {
        return adaptation.apply(try reader.column(position, rows: rows))
      } catch {
        throw error.sqlError(file: fileName)
      }
    }
  }

  private func emptyColumn(_ index: Int) -> ColumnVector {
    switch sources[index] {
    case .constant(let vector): repeated(vector, 0)
    case .read(_, let adaptation): .constant(.null, type: adaptation.tableType, count: 0)
    }
  }

  private func repeated(_ vector: ColumnVector, _ count: Int) -> ColumnVector {
    ColumnVector(type: vector.type, count: count, encoding: .constant, storage: vector.storage)
  }
}
