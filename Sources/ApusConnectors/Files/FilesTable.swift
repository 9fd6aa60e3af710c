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
  let name: String
  let schema: Schema
  let identity: String?
  /// How many columns of the schema lie in the files; the rest are partition columns.
  let fileColumnCount: Int
  /// Why columns cannot be read, by position.
  let obstacles: [Int: String]
  let connector: FilesConnector
  private let source: FileSource

  /// Makes a table of files that were found at a path.
  init(
    path: String,
    files: [ObjectInfo],
    connector: FilesConnector,
    preferring values: [String: Value]
  ) throws(SQLError) {
    let partitions = HivePartitions(files.map(\.path))
    guard let first = partitions.file(preferring: values).map({ files[$0] }) ?? files.first else {
      throw SQLError(.tableNotFound, "No files match '\(path)'")
    }
    let file = try connector.footer(of: first)
    let columns = FilesTable.columns(of: file, without: Set(partitions.fields.map(\.name)))
    name = path
    identity = "path \(path)"
    schema = Schema(columns.fields + partitions.fields)
    fileColumnCount = columns.fields.count
    obstacles = columns.obstacles
    self.connector = connector
    source = .found(
      files.enumerated().map { index, info in
        TableFile(info: info, values: partitions.fields.isEmpty ? [] : partitions.values[index])
      }
    )
  }

  /// Makes a table that a catalog declares.
  init(_ declared: DeclaredTable, connector: FilesConnector) {
    name = declared.name
    identity = "table \(declared.name) \(declared.location)"
    schema = Schema(declared.columns + declared.partitionColumns)
    fileColumnCount = declared.columns.count
    obstacles = declared.obstacles
    self.connector = connector
    source = .declared(DeclaredFiles(declared, connector))
  }

  /// The columns of a file, names in lower case, and why some cannot be read, by position.
  ///
  /// - Parameter partitionColumns: names that directories decide over.
  static func columns(of file: ParquetFile, without partitionColumns: Set<String>)
    -> (fields: [Field], obstacles: [Int: String])
  {
    var fields: [Field] = []
    var obstacles: [Int: String] = [:]
    for (index, field) in file.fields.enumerated() {
      let name = field.name.lowercased()
      if partitionColumns.contains(name) { continue }
      if let obstacle = file.obstacle(column: index) { obstacles[fields.count] = obstacle }
      fields.append(Field(name: name, type: field.type))
    }
    return (fields, obstacles)
  }

  var partitionColumns: Range<Int> { fileColumnCount..<schema.count }

  func summarized(_ request: SummaryRequest) -> (any Table)? {
    SummarizedFilesTable(self, request)
  }

  /// Those footers of its files that have been read already.
  var knownFooters: [ParquetFile] {
    switch source {
    case .found(let files): files.compactMap { connector.footers.known($0.info) }
    case .declared: []
    }
  }

  /// Finds the files whose partitions meet the domains of the partition columns.
  func files(for domains: [Int: ColumnDomain]) throws(SQLError) -> ChosenFiles {
    let domains = domains.filter { column, domain in
      column >= fileColumnCount && domain.type == schema.fields[column].type
    }.sorted { $0.key < $1.key }
    var pruned: [Int: Int] = [:]
    func matches(_ values: [Value]) -> Bool {
      for (column, domain) in domains where !domain.contains(values[column - fileColumnCount]) {
        pruned[column, default: 0] += 1
        return false
      }
      return true
    }
    switch source {
    case .found(let all):
      let kept = all.filter { matches($0.values) }
      return ChosenFiles(
        files: kept,
        prunedFileCount: all.count - kept.count,
        prunedByColumn: pruned
      )
    case .declared(let declared):
      let (files, kept) = try declared.files { matches($0) }
      return ChosenFiles(
        files: files,
        prunedByColumn: pruned,
        partitions: fileColumnCount == schema.count ? nil : (kept, declared.partitionCount)
      )
    }
  }

  /// The most files whose footers are read to know a table better; above it the first speaks for
  /// all.
  private static let surveyedFileCount = 32

  /// What the footers of the files say that the domains of partition columns leave.
  ///
  /// What cannot be listed or read is unknown: the scan will say why.
  func statistics(for domains: [Int: ColumnDomain]) -> TableStatistics {
    guard let kept = try? files(for: domains).files else { return TableStatistics() }
    var columns: [Int: ColumnStatistics] = [:]
    for column in fileColumnCount..<schema.count {
      let values = Set(kept.map { $0.values[column - fileColumnCount] }).filter { !$0.isNull }
      columns[column] = ColumnStatistics(
        distinctCount: values.count,
        minimum: values.min { Value.compare($0, $1) < 0 },
        maximum: values.max { Value.compare($0, $1) < 0 }
      )
    }
    guard let first = kept.first else { return TableStatistics(rowCount: 0, columns: columns) }
    let surveyed = kept.count > FilesTable.surveyedFileCount ? [first] : kept
    connector.readFooters(of: surveyed.map(\.info))
    let footers = surveyed.compactMap { try? connector.footer(of: $0.info) }
    guard footers.count == kept.count else {
      guard let footer = footers.first else { return TableStatistics(columns: columns) }
      let (rowCount, overflow) = footer.rowCount.multipliedReportingOverflow(by: kept.count)
      return TableStatistics(rowCount: overflow ? nil : rowCount, columns: columns)
    }
    for index in 0..<fileColumnCount where obstacles[index] == nil {
      columns[index] = statistics(of: index, in: footers)
    }
    return TableStatistics(rowCount: FilesTable.sum(footers.map(\.rowCount)), columns: columns)
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
    try checkReadable(request.columns)
    return FilesScan(self, request, try files(for: request.domains))
  }

  /// - Throws: NOT_SUPPORTED if a column cannot be read.
  func checkReadable(_ columns: some Sequence<Int>) throws(SQLError) {
    for column in columns {
      if let obstacle = obstacles[column] {
        throw SQLError(
          .notSupported,
          "Column '\(schema.fields[column].name)' of '\(name)' cannot be read: "
            + "\(obstacle) is not supported"
        )
      }
    }
  }
}
