/// Rows from sources through operators into one sink.
struct Pipeline: Sendable {
  /// One way into the sink.
  struct Branch: Sendable {
    var source: any BatchSource
    var operators: [any StreamingOperator] = []
  }

  /// Branches of one stage run at the same time; a stage begins when the one before has ended on
  /// all workers. A full join makes a second stage: the build rows that no probe row met.
  var stages: [[Branch]]
  var sink: any BatchSink
  /// Whether the sink must learn where morsels end.
  var isOrdered: Bool
  /// Whether one worker must do it all: a limit on rows in order.
  var isSequential: Bool
}
