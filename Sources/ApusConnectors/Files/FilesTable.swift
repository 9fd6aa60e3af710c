import ApusFormats
import ApusPlanner
import ApusStorage
import ApusValues
import ApusVectors
import Synchronization

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
  /// How many columns of the schema lie in the files; partition columns and hidden ones follow.
  let fileColumnCount: Int
  private let hidden: HiddenColumns
  /// Why columns cannot be read, by position.
  let obstacles: [Int: String]
  let connector: FilesConnector
  /// What ANALYZE knows the table by.
  let location: ObjectPath
  private let source: FileSource
  private let surveys = Mutex<[[Int: ColumnDomain]: TableStatistics]>([:])

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
    hidden = HiddenColumns(partitionColumns: partitions.fields)
    schema = Schema(columns.fields + partitions.fields + hidden.fields)
    fileColumnCount = columns.fields.count
    obstacles = columns.obstacles
    self.connector = connector
    location = try FilesConnector.place(path)
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
    hidden = HiddenColumns(partitionColumns: declared.partitionColumns)
    schema = Schema(declared.columns + declared.partitionColumns + hidden.fields)
    fileColumnCount = declared.columns.count
    obstacles = declared.obstacles
    self.connector = connector
    location = declared.location
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

  var hasRowGroups: Bool { true }

  var hiddenColumnCount: Int { hidden.fields.count }

  var partitionColumns: Range<Int> { fileColumnCount..<schema.count }

  private var firstHiddenColumn: Int { schema.count - hidden.fields.count }

  /// The values that all rows of a file have in `partitionColumns`.
  func constants(of file: TableFile) -> [Value] { file.values + hidden.values(of: file) }

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

  /// Finds the files that may have rows that a request wants.
  func files(for request: ScanRequest) throws(SQLError) -> ChosenFiles {
    var chosen = try files(for: request.domains)
    if request.placeConditions.isEmpty { return chosen }
    let before = chosen.files.count
    chosen.files.removeAll { file in
      let values = constants(of: file)
      return !request.placeConditions.allSatisfy { condition in
        condition.mayHold(condition.columns.map { values[$0 - fileColumnCount] })
      }
    }
    chosen.prunedFileCount += before - chosen.files.count
    return chosen
  }

  /// Finds the files whose partitions and hidden columns meet the domains of these.
  func files(for domains: [Int: ColumnDomain]) throws(SQLError) -> ChosenFiles {
    let constant = domains.filter { column, domain in
      column >= fileColumnCount && domain.type == schema.fields[column].type
    }.sorted { $0.key < $1.key }
    var chosen = try files(ofPartitions: constant.filter { $0.key < firstHiddenColumn })
    let domains = constant.filter { $0.key >= firstHiddenColumn }
    if domains.isEmpty { return chosen }
    let before = chosen.files.count
    chosen.files.removeAll { file in
      let values = hidden.values(of: file)
      for (column, domain) in domains where !domain.contains(values[column - firstHiddenColumn]) {
        chosen.prunedByColumn[column, default: 0] += 1
        return true
      }
      return false
    }
    chosen.prunedFileCount += before - chosen.files.count
    return chosen
  }

  /// - Parameter domains: of the partition columns, in their order.
  private func files(ofPartitions domains: [(key: Int, value: ColumnDomain)]) throws(SQLError)
    -> ChosenFiles
  {
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
        partitions: fileColumnCount == firstHiddenColumn ? nil : (kept, declared.partitionCount)
      )
    }
  }

  /// What is known of the files that the domains of partition columns leave: from footers that were
  /// read, from the catalog, or, where neither says enough, from the footers of a sample.
  ///
  /// What cannot be listed or read is unknown: the scan will say why.
  func statistics(for domains: [Int: ColumnDomain]) -> TableStatistics {
    let domains = domains.filter { partitionColumns.contains($0.key) }
    if let known = surveys.withLock({ $0[domains] }) { return known }
    let statistics = survey(domains)
    surveys.withLock { $0[domains] = statistics }
    return statistics
  }

  /// Files whose footers are read to judge the others by.
  private static let sampleCount = 16

  private func survey(_ domains: [Int: ColumnDomain]) -> TableStatistics {
    guard let kept = try? files(for: domains).files else { return TableStatistics() }
    var result = TableStatistics()
    for column in firstHiddenColumn..<schema.count {
      result.columns[column] = ColumnStatistics(distinctCount: kept.count)
    }
    for column in fileColumnCount..<firstHiddenColumn {
      let values = Set(kept.map { $0.values[column - fileColumnCount] }).filter { !$0.isNull }
      result.columns[column] = ColumnStatistics(
        distinctCount: values.count,
        minimum: values.min { Value.compare($0, $1) < 0 },
        maximum: values.max { Value.compare($0, $1) < 0 }
      )
    }
    let analyzed = connector.analyzed(location)
    let found = connector.statistics(
      of: kept.map(\.info),
      sampleCount: analyzed == nil ? FilesTable.sampleCount : 0
    )
    let survey = FileSurvey(kept.map(\.info), found, analyzed)
    result.rowCount = survey.rowCount
    guard let rowCount = survey.rowCount else { return result }
    for index in 0..<fileColumnCount where obstacles[index] == nil {
      result.columns[index] = survey.column(schema.fields[index], rowCount: rowCount)
    }
    return result
  }

  func scan(_ request: ScanRequest) throws(SQLError) -> any TableScan {
    try checkReadable(request.columns)
    return FilesScan(self, request, try files(for: request))
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
