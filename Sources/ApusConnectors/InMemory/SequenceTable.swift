public import ApusPlanner
public import ApusValues
public import ApusVectors
import Synchronization

/// The numbers from one to another by steps: what `TABLE(sequence(start, stop, step))` is.
public struct SequenceTable: Table {
  private let start: Int64
  private let step: Int64
  /// How many numbers there are.
  private let count: UInt64

  /// The function, which FROM TABLE(…) calls.
  public static let function = TableFunction([
    TableFunction.Parameter("start", standard: .integer(0)), TableFunction.Parameter("stop"),
    TableFunction.Parameter("step", standard: .integer(1)),
  ]) { values throws(SQLError) in
    var numbers: [Int64] = []
    for (value, name) in zip(values, ["Start", "Stop", "Step"]) {
      guard case .integer(let number) = value else {
        throw SQLError(.invalidFunctionArgument, "\(name) is null")
      }
      numbers.append(number)
    }
    return try SequenceTable(start: numbers[0], stop: numbers[1], step: numbers[2])
  }

  /// - Throws: INVALID_FUNCTION_ARGUMENT if the steps lead away from the end.
  init(start: Int64, stop: Int64, step: Int64) throws(SQLError) {
    if start < stop, step <= 0 {
      throw SQLError(
        .invalidFunctionArgument,
        "Step must be positive for sequence [\(start), \(stop)]"
      )
    }
    if start > stop, step >= 0 {
      throw SQLError(
        .invalidFunctionArgument,
        "Step must be negative for sequence [\(start), \(stop)]"
      )
    }
    self.start = start
    self.step = step
    // The distance of two numbers of 64 bits needs no sign and then has room.
    let distance = UInt64(bitPattern: stop >= start ? stop &- start : start &- stop)
    let stepCount = step == 0 ? 0 : distance / step.magnitude
    count = stepCount == .max ? .max : stepCount + 1
  }

  public var schema: Schema { Schema([Field(name: "sequential_number", type: .bigint)]) }

  public func statistics(for domains: [Int: ColumnDomain]) -> TableStatistics {
    TableStatistics(rowCount: Int(clamping: count))
  }

  public func scan(_ request: ScanRequest) throws(SQLError) -> any TableScan {
    SequenceScan(start: start, step: step, count: count, request: request)
  }
}

/// Hands out the numbers, some at a time.
private final class SequenceScan: TableScan {
  private let start: Int64
  private let step: Int64
  private let count: UInt64
  private let request: ScanRequest
  private let next = Mutex<UInt64>(0)

  init(start: Int64, step: Int64, count: UInt64, request: ScanRequest) {
    self.start = start
    self.step = step
    self.count = count
    self.request = request
  }

  var metrics: ScanMetrics { ScanMetrics() }

  func makeCursor() throws(SQLError) -> any BatchCursor { Cursor(self) }

  private func take() -> Batch? {
    let (first, rowCount) = next.withLock { next in
      let rowCount = Int(min(count - next, UInt64(request.batchCapacity)))
      defer { next += UInt64(rowCount) }
      return (next, rowCount)
    }
    guard rowCount > 0 else { return nil }
    let columns = request.columns.map { _ in
      let builder = VectorBuilder(type: .bigint, capacity: rowCount)
      // All numbers lie between start and stop, so that what wraps around wraps back.
      var number = start &+ Int64(truncatingIfNeeded: first) &* step
      for row in 0..<rowCount {
        builder.set(row, .integer(number))
        number &+= step
      }
      return builder.finish(count: rowCount)
    }
    return Batch(columns: columns, rowCount: rowCount)
  }

  private final class Cursor: BatchCursor {
    private let scan: SequenceScan

    init(_ scan: SequenceScan) { self.scan = scan }

    func next() throws(SQLError) -> Batch? { scan.take() }
  }
}
