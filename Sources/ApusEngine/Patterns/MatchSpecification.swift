import ApusPlanner
import ApusValues
import ApusVectors

/// What a node of MATCH_RECOGNIZE computes, prepared for all its workers.
///
/// Columns are named by their positions among those of `partitions`, variables by theirs in the
/// pattern.
struct MatchSpecification: Sendable {
  var partitions: PartitionSpecification
  var program: PatternProgram
  /// What the conditions look back at.
  var memory: PatternMemory
  /// By variable; nil where any row will do.
  var conditions: [MatchCondition?]
  /// The names of the variables, flat.
  var names: ColumnVector
  /// The columns that measures are computed of.
  var inputs: [MatchInput]
  var measures: [any CompiledExpression]
  var rows: MatchRecognize.Rows
  var skip: Skip
  /// The collected columns that are put out, before the measures.
  var passed: [Int]
  /// For the row pattern of a window.
  var search: Search?

  /// How matches are looked for from each row.
  struct Search: Sendable {
    enum End: Sendable {
      case currentRow
      /// So many rows behind it as the column says.
      case following(Int)
      case partitionEnd
    }

    /// The rows that can be seen.
    var end: End
    /// Whether a match may begin behind the row.
    var seeks: Bool
  }

  enum Skip: Sendable {
    case nextRow
    case pastLastRow
    case to(MatchNavigation)
  }
}

/// The condition of a variable in two parts, both of which must hold.
struct MatchCondition: Sendable {
  /// What depends on the row and its neighbours alone, and can be computed for all rows beforehand.
  var local: Local?
  /// What depends on the match so far.
  var dependent: Dependent?

  struct Local: Sendable {
    var expression: any CompiledExpression
    /// What the expression reads: columns, each so many rows on.
    var inputs: [(column: Int, rowOffset: Int)]
  }

  struct Dependent: Sendable {
    var expression: any CompiledExpression
    var inputs: [MatchInput]
  }
}

/// A column that is read of the rows of matches.
struct MatchInput: Sendable {
  enum Source: Sendable {
    case value(column: Int, MatchNavigation)
    case classifier(MatchNavigation)
    case matchNumber
    case aggregate(MatchAggregate)
  }

  var source: Source
  var type: SQLType
}

/// The way to a row of a match.
struct MatchNavigation: Sendable {
  /// For each variable whether its rows count; nil if all do.
  var members: [Bool]?
  var isFirst: Bool
  var isFinal: Bool
  var offset: Int
  var rowOffset: Int
  /// The position of the first `offset` rows among `PatternMemory.anchors`, in conditions.
  var anchor: Int?
  /// The position of `members` among `PatternMemory.trails`, in conditions.
  var trail: Int?

  func counts(_ variable: Int32) -> Bool { members?[Int(variable)] ?? true }
}

/// An aggregate over the rows of a match.
struct MatchAggregate: Sendable {
  var function: BoundFunction
  var overload: AggregateOverload
  var lambdas: [CompiledLambda]
  /// Over `columns`, then the classifier and the match's number if they are read.
  var arguments: [any CompiledExpression]
  var columns: [Int]
  var readsClassifier: Bool
  var readsMatchNumber: Bool
  var members: [Bool]?
  var isFinal: Bool
  /// The aggregate's number among those of all conditions.
  var number: Int?

  func makeAccumulator() throws(SQLError) -> any Accumulator {
    try overload.makeAccumulator(function, lambdas)
  }

  func counts(_ variable: Int32) -> Bool { members?[Int(variable)] ?? true }
}

/// What a thread of a matcher remembers of the rows that it has taken, for conditions to look back at.
struct PatternMemory: Sendable {
  /// The rows of some variables.
  struct Trail: Sendable {
    /// For each variable whether its rows count.
    var members: [Bool]
    /// How many of the last rows conditions can see; nil for all.
    var depth: Int?
  }

  /// The n-th row of a trail.
  struct Anchor: Sendable {
    var trail: Int
    var offset: Int
  }

  private(set) var trails: [Trail] = []
  private(set) var anchors: [Anchor] = []
  /// Whether conditions can see the variable of any row.
  var seesVariables = false
  private(set) var aggregateCount = 0

  /// Whether two threads at one place of the program may go different ways.
  var isNeeded: Bool { !trails.isEmpty || seesVariables }

  /// Returns the position of the trail of some variables, of which a condition sees the last `depth`
  /// rows.
  mutating func trail(_ members: [Bool], depth: Int?) -> Int {
    guard let known = trails.firstIndex(where: { $0.members == members }) else {
      trails.append(Trail(members: members, depth: depth))
      return trails.count - 1
    }
    if let before = trails[known].depth { trails[known].depth = depth.map { max($0, before) } }
    return known
  }

  /// Returns the position of the anchor at the n-th row of a trail.
  mutating func anchor(_ trail: Int, offset: Int) -> Int {
    if let known = anchors.firstIndex(where: { $0.trail == trail && $0.offset == offset }) {
      return known
    }
    anchors.append(Anchor(trail: trail, offset: offset))
    return anchors.count - 1
  }

  mutating func makeAggregateNumber() -> Int {
    aggregateCount += 1
    return aggregateCount - 1
  }
}
