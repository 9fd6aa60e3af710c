import ApusValues
import Synchronization

/// Rows from sources through operators into one sink.
struct Pipeline: Sendable {
  /// One way into the sink.
  struct Branch: Sendable {
    var source: any BatchSource
    var operators: [any StreamingOperator] = []
    /// Set when one worker has learned that no more rows are wanted, for the others whose rows do not
    /// get as far as the operator that knows.
    let isSatisfied = Flag()

    init(source: any BatchSource) { self.source = source }
  }

  /// Something that becomes true once, for all workers.
  final class Flag: Sendable {
    private let flag = Atomic<Bool>(false)

    var isSet: Bool { flag.load(ordering: .relaxed) }

    func set() { flag.store(true, ordering: .relaxed) }
  }

  /// Branches of one stage run at the same time; a stage begins when the one before has ended on
  /// all workers. A full join makes a second stage: the build rows that no probe row met.
  var stages: [[Branch]]
  var sink: any BatchSink
  /// Whether the sink must learn where morsels end.
  var isOrdered: Bool
  /// Whether one worker must do it all: a limit on rows in order.
  var isSequential: Bool
  /// Makes the pipelines that come next, once this one has ended on all workers.
  var continuation: Continuation?

  /// Called by one worker while the others wait.
  ///
  /// Safety: what it closes over is the planner's, which nobody uses at that time.
  struct Continuation: @unchecked Sendable {
    let makePipelines: () throws(SQLError) -> [Pipeline]
  }
}
