import ApusFormats
import ApusPlanner
import ApusValues
import ApusVectors
import Synchronization

/// Counts what a scan leaves out by the domain of each column.
final class PruningRecord: Sendable {
  private let byColumn: Mutex<[Int: DomainMetrics]>

  init(_ schema: Schema, _ domains: [Int: ColumnDomain], _ chosen: ChosenFiles) {
    var byColumn: [Int: DomainMetrics] = [:]
    for column in domains.keys {
      var metrics = DomainMetrics(column: schema.fields[column].name)
      metrics.prunedByPartition = chosen.prunedByColumn[column] ?? 0
      byColumn[column] = metrics
    }
    self.byColumn = Mutex(byColumn)
  }

  /// In the order of the table's columns.
  var metrics: [DomainMetrics] {
    byColumn.withLock { columns in columns.sorted { $0.key < $1.key }.map(\.value) }
  }

  /// Notes what the statistics of a row group say of a column's domain.
  func note(_ verdict: BoundsVerdict, _ column: Int) {
    byColumn.withLock { columns in
      switch verdict {
      case .none: columns[column]?.rowGroupsByStatistics += 1
      case .some, .all: columns[column]?.obstacle = .overlap
      case .unknown: columns[column]?.obstacle = .noStatistics
      case .incomparable: columns[column]?.obstacle = .incomparable
      }
    }
  }

  /// Notes what a probe has found of a row group.
  func note(_ findings: RowGroupFindings, _ domains: [FileDomain]) {
    byColumn.withLock { columns in
      for domain in domains {
        if let pages = findings.pages[domain.column] {
          columns[domain.tableColumn]?.pageCount += pages.count
          columns[domain.tableColumn]?.pagesPruned += pages.prunedCount
        }
        guard let excluded = findings.excluded, excluded.column == domain.column else { continue }
        switch excluded.means {
        case .pageIndex: columns[domain.tableColumn]?.rowGroupsByPageIndex += 1
        case .bloomFilter: columns[domain.tableColumn]?.rowGroupsByBloomFilter += 1
        case .dictionary: columns[domain.tableColumn]?.rowGroupsByDictionary += 1
        }
      }
    }
  }
}
