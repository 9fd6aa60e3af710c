import ApusFormats
import ApusPlanner
import ApusStorage
import ApusValues
import ApusVectors
import Synchronization

/// A row group to be read, with all that its file says.
struct FileMorsel: Sendable {
  /// Of the file, one for each partition column.
  var partitionValues: [Value]
  var reader: any ObjectReader
  var file: ParquetFile
  var rowGroup: Int
  /// For each wanted column that lies in files, in the order wanted.
  var adaptations: [ColumnAdaptation]
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

  private let filesRead = Atomic<Int>(0)
  private let chosen: ChosenFiles
  private let rowGroupsRead = Atomic<Int>(0)
  private let rowGroupsPruned = Atomic<Int>(0)
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
    // Where a request takes long, several footers are asked for at once.
    let isRemote = chosen.files.first?.info.path.scheme != nil
    queue = MorselQueue(
      files: Array(chosen.files.indices),
      openedTogether: isRemote ? FilesScan.filesOpenedTogether : 1
    )
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
    metrics.rowGroupsDone = rowGroupsDone.load(ordering: .relaxed)
    // Files that have not been opened count like the mean of those that have.
    let found = rowGroupsFound.load(ordering: .relaxed)
    metrics.rowGroupsExpected =
      metrics.filesRead == 0
      ? chosen.files.count : found * chosen.files.count / metrics.filesRead
    return metrics
  }

  func makeCursor() throws(SQLError) -> any BatchCursor { FilesCursor(self) }

  /// Notes that a row group has been read to its end.
  func noteDone() { rowGroupsDone.add(1, ordering: .relaxed) }

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
    let reader = try table.connector.open(tableFile.info)
    filesRead.add(1, ordering: .relaxed)
    let file = try table.connector.footers.footer(of: reader) { noteRead(byteCount: $0) }
    var adaptations: [ColumnAdaptation] = []
    for column in request.columns where column < table.fileColumnCount {
      adaptations.append(try adaptation(column, file))
    }

    var domains: [Int: ColumnDomain] = [:]
    for (column, domain) in request.domains where column < table.fileColumnCount {
      guard table.obstacles[column] == nil else { continue }
      let adaptation = try adaptation(column, file)
      switch adaptation.source {
      case .column(let index): if adaptation.keepsOrder { domains[index] = domain }
      case .missing:
        // All rows are NULL here.
        if !domain.allowsNull {
          rowGroupsPruned.add(file.rowGroupCount, ordering: .relaxed)
          return []
        }
      }
    }
    let summary = try summaries?.columns(of: file)
    var morsels: [FileMorsel] = []
    for rowGroup in 0..<file.rowGroupCount {
      if file.rowCount(ofRowGroup: rowGroup) == 0 { continue }
      guard file.mayMatch(rowGroup: rowGroup, domains: domains) else {
        rowGroupsPruned.add(1, ordering: .relaxed)
        continue
      }
      if let summary, let row = summary.row(rowGroup: rowGroup) {
        summaries?.append(row, partition: tableFile.values)
        rowGroupsSummarized.add(1, ordering: .relaxed)
        continue
      }
      morsels.append(
        FileMorsel(
          partitionValues: tableFile.values,
          reader: reader,
          file: file,
          rowGroup: rowGroup,
          adaptations: adaptations
        )
      )
    }
    rowGroupsFound.add(morsels.count, ordering: .relaxed)
    return morsels
  }

  private func adaptation(
    _ column: Int,
    _ file: ParquetFile
  ) throws(SQLError) -> ColumnAdaptation {
    let field = table.schema.fields[column]
    return try ColumnAdaptation(field.name, type: field.type, in: file)
  }
}
