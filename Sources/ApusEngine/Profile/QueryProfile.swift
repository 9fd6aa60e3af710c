package import ApusPlanner

/// What one plan node has done, summed over workers.
package struct OperatorProfile: Sendable {
  /// Rows put out.
  package var rowCount = 0
  /// Batches put out.
  package var batchCount = 0
  /// Time spent in the node itself.
  package var nanoseconds: UInt64 = 0
  /// The most bytes reserved, for nodes that hold rows or groups.
  package var peakByteCount = 0
  /// For scans, what was read and skipped.
  package var scan: ScanMetrics?

  package init() {}
}

/// What a query has done so far; complete once its run has ended.
package struct QueryProfile: Sendable {
  /// By position of the plan node in pre-order: a node, then its children from left to right.
  package var operators: [OperatorProfile]
  package var wallNanoseconds: UInt64 = 0
  /// The processor time of all workers.
  package var cpuNanoseconds: UInt64 = 0
  package var peakByteCount = 0
  /// Bytes written to temporary files.
  package var spilledByteCount = 0
  package var workerCount = 0

  init(nodeCount: Int) {
    operators = Array(repeating: OperatorProfile(), count: nodeCount)
  }
}
