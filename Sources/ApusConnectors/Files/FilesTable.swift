import ApusFormats
import ApusPlanner
import ApusStorage
import ApusValues
import ApusVectors

// A table made of files.
//
// Columns come from one file, partition columns follow: the first file in the order of names that
// the statement will read, as far as its WHERE clause shows that. Binding a statement so reads one
// footer; a file whose partition a statement rules out is never opened afterwards, nor looked at.
// Files may differ from that one: columns are matched by name without regard to case, missing ones
// are NULL, narrower ones are widened; see `ColumnAdaptation`.

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
    connector: FilesConnector,
    preferring values: [String: Value]
  ) throws(SQLError) {
    let partitions = HivePartitions(files)
    guard let first = partitions.file(preferring: values).map({ files[$0] }) ?? files.first else {
      throw SQLError(.tableNotFound, "No files match '\(path)'")
    }
    self.path = path
    self.files = files
    self.connector = connector
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

  /// The most files whose footers are read to know a table better; above it the first speaks for
  /// all.
  private static let surveyedFileCount = 32

  /// What the footers of the files say that the domains of partition columns leave.
  func statistics(for domains: [Int: ColumnDomain]) -> TableStatistics {
    let kept = files.indices.filter { partitionMatches(file: $0, domains) }
    var columns: [Int: ColumnStatistics] = [:]
    for index in partitions.fields.indices {
      let values = Set(kept.map { partitions.values[$0][index] }).filter { !$0.isNull }
      columns[fileColumnCount + index] = ColumnStatistics(
        distinctCount: values.count,
        minimum: values.min { Value.compare($0, $1) < 0 },
        maximum: values.max { Value.compare($0, $1) < 0 }
      )
    }
    let footers = kept.count > FilesTable.surveyedFileCount ? [] : kept.compactMap(footer)
    guard !footers.isEmpty, footers.count == kept.count else {
      let (rowCount, overflow) = firstFile.rowCount.multipliedReportingOverflow(by: kept.count)
      return TableStatistics(rowCount: overflow ? nil : rowCount, columns: columns)
    }
    for index in 0..<fileColumnCount where obstacles[index] == nil {
      columns[index] = statistics(of: index, in: footers)
    }
    return TableStatistics(rowCount: FilesTable.sum(footers.map(\.rowCount)), columns: columns)
  }

  /// The footer of a file, nil if it cannot be read: the scan will say why.
  private func footer(_ file: Int) -> ParquetFile? {
    guard let reader = try? connector.store.open(files[file]) else { return nil }
    return try? connector.footers.footer(of: reader) { _ in }
  }

  /// What the footers say of a column together; bounds only where all of them have some.
  private func statistics(of index: Int, in footers: [ParquetFile]) -> ColumnStatistics {
    var minimums: [Value] = []
    var maximums: [Value] = []
    var nullCounts: [Int] = []
    for footer in footers {
      let column = footer.fields.firstIndex {
        $0.name.lowercased() == schema.fields[index].name && $0.type == schema.fields[index].type
      }
      guard let column else { return ColumnStatistics() }
      let bounds = footer.statistics(column: column)
      if let minimum = bounds.minimum { minimums.append(minimum) }
      if let maximum = bounds.maximum { maximums.append(maximum) }
      if let count = bounds.nullCount { nullCounts.append(count) }
    }
    func smaller(_ a: Value, _ b: Value) -> Bool { Value.compare(a, b) < 0 }
    return ColumnStatistics(
      minimum: minimums.count == footers.count ? minimums.min(by: smaller) : nil,
      maximum: maximums.count == footers.count ? maximums.max(by: smaller) : nil,
      nullCount: nullCounts.count == footers.count ? FilesTable.sum(nullCounts) : nil
    )
  }

  /// The sum of what footers claim, nil if it is beyond all reason.
  private static func sum(_ counts: [Int]) -> Int? {
    var total = 0
    for count in counts {
      let (sum, overflow) = total.addingReportingOverflow(count)
      if overflow { return nil }
      total = sum
    }
    return total
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
  func partitionMatches(file: Int, _ domains: [Int: ColumnDomain]) -> Bool {
    domains.allSatisfy { column, domain in
      guard column >= fileColumnCount else { return true }
      let index = column - fileColumnCount
      return domain.type != partitions.fields[index].type
        || domain.contains(partitions.values[file][index])
    }
  }
}
