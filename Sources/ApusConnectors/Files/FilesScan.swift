import ApusFormats
import ApusPlanner
import ApusStorage
import ApusValues
import ApusVectors
import Synchronization

/// What a request asks of a column of a file.
struct FileDomain: Sendable {
  /// In the table.
  var tableColumn: Int
  /// In the file.
  var column: Int
  var domain: ColumnDomain
}

/// A row group to be read, with all that its file says.
struct FileMorsel: Sendable {
  /// Of the file, one for each partition column.
  var partitionValues: [Value]
  var reader: any ObjectReader
  var file: ParquetFile
  var rowGroup: Int
  /// For each wanted column that lies in files, in the order wanted.
  var adaptations: [ColumnAdaptation]
  /// In the order of the table's columns.
  var domains: [FileDomain]

  /// The columns to read, by index in the file.
  var columns: [Int] {
    adaptations.compactMap { adaptation in
      if case .column(let index) = adaptation.source { index } else { nil }
    }
  }
}

/// Row groups handed out one by one to whoever asks.
///
/// Files are opened by the workers themselves when no row group is left over, several at once.
final class FilesScan: TableScan {
  let table: FilesTable
  let request: ScanRequest
  private let queue: MorselQueue
  /// Takes the row groups whose statistics suffice, so that they are not read.
  private let summaries: RowGroupSummaries?
  /// Where requests take long.
  private let prefetch: Prefetch?
  private let cursors = Atomic<Int>(0)

  private let filesRead = Atomic<Int>(0)
  private let chosen: ChosenFiles
  private let rowGroupsRead = Atomic<Int>(0)
  private let rowGroupsPruned = Atomic<Int>(0)
  private let rowsPruned = Atomic<Int>(0)
  private let pruning: PruningRecord
  private let rowGroupsSummarized = Atomic<Int>(0)
  private let bytesRead = Atomic<Int>(0)
  private let rowGroupsFound = Atomic<Int>(0)
  private let rowGroupsDone = Atomic<Int>(0)

  private static let filesOpenedTogether = 16

  init(
    _ table: FilesTable,
    _ request: ScanRequest,
    _ chosen: ChosenFiles,
    summaries: RowGroupSummaries? = nil
  ) {
    self.table = table
    self.summaries = summaries
    self.request = request
    self.chosen = chosen
    pruning = PruningRecord(table.schema, request.domains, chosen)
    // Where a request takes long, several footers are asked for at once.
    let isRemote = chosen.files.first?.info.path.scheme != nil
    queue = MorselQueue(
      files: Array(chosen.files.indices),
      openedTogether: isRemote ? FilesScan.filesOpenedTogether : 1
    )
    prefetch = isRemote ? Prefetch() : nil
  }

  var metrics: ScanMetrics {
    var metrics = ScanMetrics()
    metrics.filesRead = filesRead.load(ordering: .relaxed)
    metrics.filesPruned = chosen.prunedFileCount
    metrics.partitionsRead = chosen.partitions?.kept
    metrics.partitionCount = chosen.partitions?.all
    metrics.rowGroupsRead = rowGroupsRead.load(ordering: .relaxed)
    metrics.rowGroupsPruned = rowGroupsPruned.load(ordering: .relaxed)
    metrics.rowGroupsSummarized = rowGroupsSummarized.load(ordering: .relaxed)
    metrics.bytesRead = bytesRead.load(ordering: .relaxed)
    metrics.rowsPruned = rowsPruned.load(ordering: .relaxed)
    metrics.domains = pruning.metrics
    metrics.rowGroupsDone = rowGroupsDone.load(ordering: .relaxed)
    // Files that have not been opened count like the mean of those that have.
    let found = rowGroupsFound.load(ordering: .relaxed)
    metrics.rowGroupsExpected =
      metrics.filesRead == 0
      ? chosen.files.count : found * chosen.files.count / metrics.filesRead
    return metrics
  }

  func makeCursor() throws(SQLError) -> any BatchCursor {
    cursors.add(1, ordering: .relaxed)
    return FilesCursor(self)
  }

  /// Cursors made so far.
  var cursorCount: Int { cursors.load(ordering: .relaxed) }

  /// Returns the next row group with the bytes wanted of it, which are on their way; nil if there is
  /// none.
  func nextFetch() throws(SQLError) -> RowGroupFetch? {
    if let prefetch { return try prefetch.next(self) }
    while let morsel = try nextMorsel() {
      let findings = try RowGroupProbing(morsel)?.finish(self)
      if findings?.rows.isEmpty == true { continue }
      return try RowGroupFetch(morsel, findings)
    }
    return nil
  }

  /// Notes that a row group has been read to its end.
  func noteDone() { rowGroupsDone.add(1, ordering: .relaxed) }

  /// Notes what a probe has left of a row group that was taken.
  func note(_ findings: RowGroupFindings, of morsel: FileMorsel) {
    pruning.note(findings, morsel.domains)
    if findings.rows.isEmpty {
      rowGroupsRead.subtract(1, ordering: .relaxed)
      rowGroupsPruned.add(1, ordering: .relaxed)
      noteDone()
    } else {
      let rowCount = morsel.file.rowCount(ofRowGroup: morsel.rowGroup)
      rowsPruned.add(rowCount - findings.rows.count, ordering: .relaxed)
    }
  }

  func noteRead(byteCount: Int) { bytesRead.add(byteCount, ordering: .relaxed) }

  /// Takes the next row group, opening its file if it is the first of it; nil if there is none.
  func nextMorsel() throws(SQLError) -> FileMorsel? {
    while true {
      switch queue.take() {
      case .finished: return nil
      case .morsel(let morsel):
        rowGroupsRead.add(1, ordering: .relaxed)
        return morsel
      case .open(let fileIndices):
        do {
          if fileIndices.count > 1 {
            table.connector.readFooters(of: fileIndices.map { chosen.files[$0].info })
          }
          var found: [FileMorsel] = []
          for index in fileIndices { found += try morsels(of: index) }
          queue.opened(found)
        } catch {
          queue.opened([])
          throw error
        }
      }
    }
  }

  /// Opens a file and returns those of its row groups that may have rows.
  private func morsels(of fileIndex: Int) throws(SQLError) -> [FileMorsel] {
    let tableFile = chosen.files[fileIndex]
    let constants = table.constants(of: tableFile)
    let reader = try table.connector.open(tableFile.info)
    filesRead.add(1, ordering: .relaxed)
    let file = try table.connector.footers.footer(of: reader) { noteRead(byteCount: $0) }
    var adaptations: [ColumnAdaptation] = []
    for column in request.columns where column < table.fileColumnCount {
      adaptations.append(try adaptation(column, file))
    }

    var domains: [FileDomain] = []
    for (column, domain) in request.domains.sorted(by: { $0.key < $1.key }) {
      guard column < table.fileColumnCount, table.obstacles[column] == nil else { continue }
      let adaptation = try adaptation(column, file)
      switch adaptation.source {
      case .column(let index):
        if adaptation.keepsOrder {
          domains.append(FileDomain(tableColumn: column, column: index, domain: domain))
        } else {
          pruning.note(.incomparable, column)
        }
      case .missing:
        // All rows are NULL here.
        if !domain.allowsNull {
          for _ in 0..<file.rowGroupCount { pruning.note(.none, column) }
          rowGroupsPruned.add(file.rowGroupCount, ordering: .relaxed)
          return []
        }
      }
    }
    let summary = try summaries?.columns(of: file)
    var morsels: [FileMorsel] = []
    for rowGroup in 0..<file.rowGroupCount {
      if file.rowCount(ofRowGroup: rowGroup) == 0 { continue }
      if let fraction = request.sampledFraction, Double.random(in: 0..<1) >= fraction { continue }
      guard mayMatch(file, rowGroup, domains) else {
        rowGroupsPruned.add(1, ordering: .relaxed)
        continue
      }
      if let summary, let row = summary.row(rowGroup: rowGroup) {
        summaries?.append(row, partition: constants)
        rowGroupsSummarized.add(1, ordering: .relaxed)
        continue
      }
      morsels.append(
        FileMorsel(
          partitionValues: constants,
          reader: reader,
          file: file,
          rowGroup: rowGroup,
          adaptations: adaptations,
          domains: domains
        )
      )
    }
    rowGroupsFound.add(morsels.count, ordering: .relaxed)
    return morsels
  }

  /// Whether a row group may have rows by its statistics.
  private func mayMatch(_ file: ParquetFile, _ rowGroup: Int, _ domains: [FileDomain]) -> Bool {
    for domain in domains {
      let verdict = file.verdict(on: domain.domain, column: domain.column, rowGroup: rowGroup)
      pruning.note(verdict, domain.tableColumn)
      if verdict == .none { return false }
    }
    return true
  }

  private func adaptation(
    _ column: Int,
    _ file: ParquetFile
  ) throws(SQLError) -> ColumnAdaptation {
    let field = table.schema.fields[column]
    return try ColumnAdaptation(field.name, type: field.type, in: file)
  }
}
