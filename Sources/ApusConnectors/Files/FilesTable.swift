import ApusFormats
import ApusPlanner
import ApusStorage
import ApusValues
import ApusVectors

// A table made of files.
//
// Columns come from the first file in the order of names, partition columns follow. Binding a
// statement so reads one footer; a file whose partition a statement rules out is never opened
// afterwards, nor looked at. Files may differ from the first: columns are matched by name without
// regard to case, missing ones are NULL, narrower ones are widened; see `ColumnAdaptation`.

/// Files with the same columns, seen as one table.
final class FilesTable: Table {
  /// As the statement named it, for messages.
  let path: String
  let files: [ObjectPath]
  let partitions: HivePartitions
  let schema: Schema
  /// How many columns of the schema lie in the files.
  let fileColumnCount: Int
  /// Why columns cannot be read, by position.
  let obstacles: [Int: String]
  let connector: FilesConnector
  private let firstFile: ParquetFile

  init(
    path: String,
    files: [ObjectPath],
    connector: FilesConnector
  ) throws(SQLError) {
    guard let first = files.first else {
      throw SQLError(.tableNotFound, "No files match '\(path)'")
    }
    self.path = path
    self.files = files
    self.connector = connector
    let partitions = HivePartitions(files)
    let reader: any ObjectReader
    do {
      reader = try connector.store.open(first)
    } catch {
      throw error.sqlError
    }
    let file = try connector.footers.footer(of: reader) { _ in }
    var fields: [Field] = []
    var obstacles: [Int: String] = [:]
    for (index, field) in file.fields.enumerated() {
      let name = field.name.lowercased()
      // The directory decides over a column of the same name in the file.
      if partitions.fields.contains(where: { $0.name == name }) { continue }
      if let obstacle = file.obstacle(column: index) { obstacles[fields.count] = obstacle }
      fields.append(Field(name: name, type: field.type))
    }
    self.partitions = partitions
    self.obstacles = obstacles
    fileColumnCount = fields.count
    schema = Schema(fields + partitions.fields)
    firstFile = file
  }

  /// For one file, what its footer says; for many, the rows of the first times their number, which
  /// opens no other file. Partition columns are known exactly.
  var statistics: TableStatistics {
    var columns: [Int: ColumnStatistics] = [:]
    if files.count == 1 {
      for index in 0..<fileColumnCount {
        guard obstacles[index] == nil,
          let column = firstFile.fields.firstIndex(where: {
            $0.name.lowercased() == schema.fields[index].name
          })
        else { continue }
        let bounds = firstFile.statistics(column: column)
        columns[index] = ColumnStatistics(
          minimum: bounds.minimum,
          maximum: bounds.maximum,
          nullCount: bounds.nullCount
        )
      }
    }
    for index in partitions.fields.indices {
      let values = Set(partitions.values.map { $0[index] }).filter { !$0.isNull }
      columns[fileColumnCount + index] = ColumnStatistics(
        distinctCount: values.count,
        minimum: values.min { Value.compare($0, $1) < 0 },
        maximum: values.max { Value.compare($0, $1) < 0 }
      )
    }
    let (rowCount, overflow) = firstFile.rowCount.multipliedReportingOverflow(by: files.count)
    return TableStatistics(rowCount: overflow ? nil : rowCount, columns: columns)
  }

  func scan(_ request: ScanRequest) throws(SQLError) -> any TableScan {
    for column in request.columns {
      if let obstacle = obstacles[column] {
        throw SQLError(
          .notSupported,
          "Column '\(schema.fields[column].name)' of '\(path)' cannot be read: "
            + "\(obstacle) is not supported"
        )
      }
    }
    return FilesScan(self, request)
  }

  /// Whether the partition of a file meets the domains of the partition columns.
  func partitionMatches(file: Int, _ request: ScanRequest) -> Bool {
    request.domains.allSatisfy { column, domain in
      guard column >= fileColumnCount else { return true }
      let index = column - fileColumnCount
      return domain.type != partitions.fields[index].type
        || domain.contains(partitions.values[file][index])
    }
  }
}
