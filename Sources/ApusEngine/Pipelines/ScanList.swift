import ApusPlanner
import Synchronization

/// The scans of a query, for its profile; the steps of a recursion add theirs while it runs.
final class ScanList: Sendable {
  private let scans = Mutex<[TableScanSource]>([])

  func append(_ scan: TableScanSource) { scans.withLock { $0.append(scan) } }

  /// What was read and skipped, by plan node.
  var metrics: [Int: ScanMetrics] {
    var result: [Int: ScanMetrics] = [:]
    for scan in scans.withLock({ $0 }) {
      guard let metrics = scan.metrics else { continue }
      if result[scan.node] == nil {
        result[scan.node] = metrics
      } else {
        result[scan.node]?.add(metrics)
      }
    }
    return result
  }
}

extension ScanMetrics {
  /// Adds what another scan of the same table has done.
  fileprivate mutating func add(_ other: ScanMetrics) {
    filesRead += other.filesRead
    filesPruned += other.filesPruned
    rowGroupsRead += other.rowGroupsRead
    rowGroupsPruned += other.rowGroupsPruned
    rowGroupsSummarized += other.rowGroupsSummarized
    bytesRead += other.bytesRead
    rowsUnmatched += other.rowsUnmatched
    rowGroupsDone += other.rowGroupsDone
    rowGroupsExpected += other.rowGroupsExpected
    rowsPruned += other.rowsPruned
  }
}
