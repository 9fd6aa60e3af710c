/// A query ready to run: pipelines in an order in which each finds what it depends on.
struct PhysicalPlan {
  var pipelines: [Pipeline]
  var results: ResultQueue
  /// Where the profile finds what scans did.
  var scans: ScanList
  /// Nodes of the logical plan.
  var nodeCount: Int
}
