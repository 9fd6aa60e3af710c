import ApusFormats
import ApusPlanner
import ApusValues
import ApusVectors
import Synchronization

/// A table of files whose row groups are put together where their footers say all that is asked.
struct SummarizedFilesTable: Table {
  private let base: FilesTable
  private let request: SummaryRequest
  private let layout: SummaryLayout

  /// - Returns: nil if statistics will hardly answer anything: those known already do not, or bounds
  ///   of the type rarely are values.
  init?(_ base: FilesTable, _ request: SummaryRequest) {
    self.base = base
    self.request = request
    layout = SummaryLayout(base: base.schema, request)
    let bounded = request.bounded.map { base.schema.fields[$0].type }
    guard !bounded.contains(where: \.isFloatingPoint) else { return nil }
    let known = base.knownFooters
    if known.isEmpty {
      guard request.conditions.isEmpty, !bounded.contains(where: { $0.physicalType == .string })
      else { return nil }
    } else if !known.contains(where: answers) {
      return nil
    }
  }

  /// Whether the statistics of a row group of the file suffice.
  private func answers(_ file: ParquetFile) -> Bool {
    let summaries = RowGroupSummaries(base, request, layout)
    guard let columns = try? summaries.columns(of: file) else { return false }
    return (0..<file.rowGroupCount).contains { columns.row(rowGroup: $0) != nil }
  }

  var schema: Schema { layout.schema }

  var partitionColumns: Range<Int> { base.partitionColumns }

  func statistics(for domains: [Int: ColumnDomain]) -> TableStatistics {
    base.statistics(for: domains)
  }

  func scan(_ request: ScanRequest) throws(SQLError) -> any TableScan {
    try base.checkReadable(layout.measured)
    // Rows that are read: their columns, each once, and what the wanted columns are made of.
    var read: [Int] = []
    func position(_ column: Int) -> Int {
      if let position = read.firstIndex(of: column) { return position }
      read.append(column)
      return read.count - 1
    }
    let sources = request.columns.map { column -> SummarizedScan.Source in
      if column < layout.rowCount { return .column(position(column)) }
      if column == layout.rowCount { return .rowCount }
      if column == layout.isSummary { return .isSummary }
      let measure = column - layout.isSummary - 1
      let source = position(layout.measured[measure / 3])
      return measure % 3 == 0 ? .count(source) : .column(source)
    }
    try base.checkReadable(read)
    var inner = request
    inner.columns = read
    let summaries = RowGroupSummaries(base, self.request, layout)
    return SummarizedScan(
      schema: schema,
      request: request,
      sources: sources,
      rows: FilesScan(base, inner, try base.files(for: request), summaries: summaries),
      summaries: summaries
    )
  }
}

/// What footers said of the row groups that are not read, until somebody takes it.
final class RowGroupSummaries: Sendable {
  private let table: FilesTable
  private let request: SummaryRequest
  private let layout: SummaryLayout
  private let rows = Mutex<[[Value]]>([])

  init(_ table: FilesTable, _ request: SummaryRequest, _ layout: SummaryLayout) {
    self.table = table
    self.request = request
    self.layout = layout
  }

  /// The measured columns and conditions of one file.
  struct Columns {
    fileprivate let file: ParquetFile
    fileprivate let conditions: [(column: ColumnAdaptation, domain: ColumnDomain)]
    fileprivate let measured: [(column: ColumnAdaptation, isBounded: Bool)]

    /// Returns rows, whether it is a summary, and the measures of each column; nil where the
    /// statistics do not say enough.
    func row(rowGroup: Int) -> [Value]? {
      let rowCount = file.rowCount(ofRowGroup: rowGroup)
      for (column, domain) in conditions {
        guard let bounds = bounds(column, rowGroup), column.keepsOrder,
          bounds.verdict(on: domain, columnType: column.fileType) == .all
        else { return nil }
      }
      var row: [Value] = [.integer(Int64(rowCount)), .boolean(true)]
      for (column, isBounded) in measured {
        guard let bounds = bounds(column, rowGroup), let nullCount = bounds.nullCount else {
          return nil
        }
        row.append(.integer(Int64(rowCount - nullCount)))
        if !isBounded || bounds.isAllNull {
          row += [.null, .null]
          continue
        }
        guard bounds.boundsAreExact, keepsValues(column), let minimum = bounds.minimum,
          let maximum = bounds.maximum
        else { return nil }
        row += [minimum, maximum]
      }
      return row
    }

    private func bounds(_ column: ColumnAdaptation, _ rowGroup: Int) -> ColumnBounds? {
      switch column.source {
      case .column(let index): return file.statistics(column: index, rowGroup: rowGroup)
      case .missing:
        let rowCount = file.rowCount(ofRowGroup: rowGroup)
        return ColumnBounds(nullCount: rowCount, rowCount: rowCount)
      }
    }

    /// Whether the file's values are the table's as they are.
    private func keepsValues(_ column: ColumnAdaptation) -> Bool {
      column.fileType == column.tableType || column.fileType.isInteger && column.tableType.isInteger
    }
  }

  /// Finds the columns in a file.
  ///
  /// - Throws: what reading them would throw.
  func columns(of file: ParquetFile) throws(SQLError) -> Columns {
    func adaptation(_ column: Int) throws(SQLError) -> ColumnAdaptation {
      let field = table.schema.fields[column]
      return try ColumnAdaptation(field.name, type: field.type, in: file)
    }
    return Columns(
      file: file,
      conditions: try request.conditions.map { column, domain throws(SQLError) in
        (try adaptation(column), domain)
      },
      measured: try layout.measured.map { column throws(SQLError) in
        (try adaptation(column), request.bounded.contains(column))
      }
    )
  }

  /// Keeps the summary of a row group, of columns that lie in files all NULL.
  func append(_ measures: [Value], partition: [Value]) {
    let own = [Value](repeating: .null, count: table.fileColumnCount)
    rows.withLock { $0.append(own + partition + measures) }
  }

  /// Takes some of the summaries, in no order; nil if there are none now.
  func take(_ greatestCount: Int) -> [[Value]]? {
    rows.withLock { rows in
      guard !rows.isEmpty else { return nil }
      let taken = Array(rows.suffix(greatestCount))
      rows.removeLast(taken.count)
      return taken
    }
  }
}

/// Summaries, and the rows of row groups that have none.
private final class SummarizedScan: TableScan {
  /// How a column is made of a row that was read.
  enum Source {
    /// By position among the columns read.
    case column(Int)
    case count(Int)
    case rowCount
    case isSummary
  }

  let schema: Schema
  let request: ScanRequest
  let sources: [Source]
  let rows: FilesScan
  let summaries: RowGroupSummaries

  init(
    schema: Schema,
    request: ScanRequest,
    sources: [Source],
    rows: FilesScan,
    summaries: RowGroupSummaries
  ) {
    self.schema = schema
    self.request = request
    self.sources = sources
    self.rows = rows
    self.summaries = summaries
  }

  var metrics: ScanMetrics { rows.metrics }

  func makeCursor() throws(SQLError) -> any BatchCursor {
    Cursor(self, try rows.makeCursor())
  }

  /// Makes a batch of summaries; nil if there are none now.
  func takeSummaries() -> Batch? {
    guard let taken = summaries.take(request.batchCapacity) else { return nil }
    let columns = request.columns.map { column in
      let builder = VectorBuilder(type: schema.fields[column].type, capacity: taken.count)
      for (row, values) in taken.enumerated() { builder.set(row, values[column]) }
      return builder.finish(count: taken.count)
    }
    return Batch(columns: columns, rowCount: taken.count)
  }

  private final class Cursor: BatchCursor {
    private let scan: SummarizedScan
    private let rows: any BatchCursor

    init(_ scan: SummarizedScan, _ rows: any BatchCursor) {
      self.scan = scan
      self.rows = rows
    }

    func next() throws(SQLError) -> Batch? {
      if let batch = scan.takeSummaries() { return batch }
      // When no row is left all files have been opened, and their summaries are there.
      guard let batch = try rows.next() else { return scan.takeSummaries() }
      return Batch(
        columns: try scan.sources.map { source throws(SQLError) in
          try SummarizedScan.column(source, batch.rowCount) { batch.columns[$0] }
        },
        rowCount: batch.rowCount
      )
    }

    func next(where filter: any VectorFilter) throws(SQLError) -> Batch? {
      if let batch = scan.takeSummaries() { return try select(batch, filter) }
      let inner = InnerFilter(filter, scan.sources)
      guard let batch = try rows.next(where: inner) else {
        return try scan.takeSummaries().map { batch throws(SQLError) in try select(batch, filter) }
      }
      let columns = try filter.output.map { output throws(SQLError) in
        try SummarizedScan.column(scan.sources[output], batch.rowCount) { source in
          batch.columns[inner.output.firstIndex(of: source) ?? 0]
        }
      }
      return Batch(columns: columns, rowCount: batch.rowCount)
    }

    private func select(_ batch: Batch, _ filter: any VectorFilter) throws(SQLError) -> Batch {
      let selection = try filter.select(batch.rowCount) { batch.columns[$0] }
      return Batch(columns: filter.output.map { batch.columns[$0] }, rowCount: batch.rowCount)
        .select(selection)
    }
  }

  /// A filter over the columns of the summarized table, asked about rows that were read.
  private struct InnerFilter: VectorFilter {
    let filter: any VectorFilter
    let sources: [Source]
    /// Without doubles.
    let output: [Int]

    init(_ filter: any VectorFilter, _ sources: [Source]) {
      self.filter = filter
      self.sources = sources
      output = Set(
        filter.output.compactMap { output in
          switch sources[output] {
          case .column(let column), .count(let column): column
          case .rowCount, .isSummary: nil
          }
        }
      ).sorted()
    }

    func select(
      _ rowCount: Int,
      column source: (Int) throws(SQLError) -> ColumnVector
    ) throws(SQLError) -> Selection {
      try filter.select(rowCount) { position throws(SQLError) in
        try SummarizedScan.column(sources[position], rowCount, source)
      }
    }
  }

  /// Makes a column of rows that were read.
  private static func column(
    _ source: Source,
    _ rowCount: Int,
    _ read: (Int) throws(SQLError) -> ColumnVector
  ) throws(SQLError) -> ColumnVector {
    switch source {
    case .column(let column): return try read(column)
    case .rowCount: return .constant(.integer(1), type: .bigint, count: rowCount)
    case .isSummary: return .constant(.boolean(false), type: .boolean, count: rowCount)
    case .count(let column):
      let vector = try read(column)
      guard vector.mayHaveNulls else {
        return .constant(.integer(1), type: .bigint, count: rowCount)
      }
      let builder = VectorBuilder(type: .bigint, capacity: rowCount)
      let counts = builder.values(as: Int64.self)
      withExtendedLifetime(vector) {
        for row in 0..<rowCount { counts[row] = vector.isNull(row) ? 0 : 1 }
      }
      return builder.finish(count: rowCount)
    }
  }
}
