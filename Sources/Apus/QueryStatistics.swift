import ApusEngine
import ApusPlanner

/// What a query has read and used so far; complete once its last row has been taken.
public struct QueryStatistics: Sendable, Equatable {
  /// Since the query was started.
  public var elapsed = Duration.zero
  /// Of all processors together.
  public var processorTime = Duration.zero
  /// Scans of tables.
  public var scanCount = 0
  public var bytesScanned = 0
  /// The most bytes that were held at a time.
  public var peakMemory = 0
  /// Bytes written to temporary files for want of memory.
  public var bytesSpilled = 0
  /// The part of the tables' row groups that has been read, 0...1; nil where none are known.
  public var fractionScanned: Double?

  public init() {}
}

extension QueryStatistics {
  init(_ profile: QueryProfile) {
    elapsed = .nanoseconds(profile.wallNanoseconds)
    processorTime = .nanoseconds(profile.cpuNanoseconds)
    peakMemory = profile.peakByteCount
    bytesSpilled = profile.spilledByteCount
    var done = 0
    var expected = 0
    for scan in profile.operators.compactMap(\.scan) {
      scanCount += 1
      bytesScanned += scan.bytesRead
      done += scan.rowGroupsDone
      expected += max(scan.rowGroupsExpected, scan.rowGroupsDone)
    }
    if expected > 0 { fractionScanned = Double(done) / Double(expected) }
  }
}
