/// Finds runs of rows in each partition that match a pattern, and says what is asked of the matches:
/// MATCH_RECOGNIZE, and the row pattern of a window.
///
/// What conditions and measures read of a match's rows stands in `inputs`, each as a column of its
/// own: the expressions are then ordinary ones over these columns. The pattern names its variables by
/// their positions in `variables`.
public struct MatchRecognize: Sendable {
  public struct Variable: Sendable {
    /// What `classifier()` answers.
    public var name: String
    /// Nil for a variable without a definition, which any row satisfies.
    public var condition: Expression?
  }

  public struct Measure: Sendable {
    public var column: PlanColumn
    public var expression: Expression
  }

  /// A column that conditions and measures read, and where its value comes from.
  public struct Input: Sendable {
    public var column: PlanColumn
    public var source: Source
  }

  public enum Source: Hashable, Sendable {
    /// A value of the row that a navigation leads to; NULL if there is none.
    case value(Expression, Navigation)
    /// The name of that row's variable; NULL if it is no row of the match.
    case classifier(Navigation)
    /// The number of the match in its partition, from 1.
    case matchNumber
    case aggregate(Aggregation)
  }

  /// The way to a row: the n-th of those that match some variables, then some rows to and fro.
  public struct Navigation: Hashable, Sendable {
    /// Whose rows count; empty for all.
    public var variables: Set<Int> = []
    /// Whether rows are counted from the first of the match, and not back from the last.
    public var isFirst = false
    /// Whether the last row is that of the match, and not the current one.
    public var isFinal = false
    public var offset = 0
    /// How many rows of the partition to go on from there: negative for PREV.
    public var rowOffset = 0

    public init() {}
  }

  /// An aggregate over the rows of a match.
  public struct Aggregation: Hashable, Sendable {
    public var function: BoundFunction
    /// Over the columns of the input and the two below.
    public var arguments: [Expression]
    /// What stands in the arguments for the name of the aggregated row's variable.
    public var classifier: PlanColumn
    /// What stands in the arguments for the match's number.
    public var matchNumber: PlanColumn
    /// Whose rows are aggregated; empty for all.
    public var variables: Set<Int>
    /// Whether all rows of the match are, and not those up to the current one.
    public var isFinal: Bool
  }

  /// A regular expression over rows.
  public indirect enum Pattern: Sendable {
    case variable(Int)
    case empty
    case partitionStart
    case partitionEnd
    case permutation([Pattern])
    case exclusion(Pattern)
    case sequence([Pattern])
    case alternation([Pattern])
    case repetition(Pattern, atLeast: Int, atMost: Int?, isReluctant: Bool)
  }

  /// Which rows are put out.
  public enum Rows: String, Sendable {
    case onePerMatch = "one row"
    case all = "all rows"
    case allWithoutEmptyMatches = "all rows, no empty matches"
    case allWithUnmatchedRows = "all rows, also unmatched"
    /// Each row of the input with the match that begins there; without measures if there is none.
    case window = "each row"
  }

  /// How a window looks for matches: from each row on that no match before has skipped.
  public struct Search: Sendable {
    /// Where the rows end that can be seen from a row, which itself is the first.
    public var end: Window.Frame.Bound
    /// Whether a match may begin behind the row.
    public var seeks: Bool
    /// Receives a number by which the rows of a partition are in their order.
    public var position: PlanColumn
    /// Receive how many rows on from the row the match begins and ends; 1 and 0 if it has no rows.
    public var first: PlanColumn
    public var last: PlanColumn

    var columns: [PlanColumn] { [position, first, last] }
  }

  /// Where the search goes on after a match.
  public enum Skip: Sendable {
    case nextRow
    case pastLastRow
    /// To the first or the last row of some variables.
    case toVariables(Set<Int>, isFirst: Bool)
  }

  public var input: LogicalPlan
  public var partitionBy: [Expression]
  public var orderBy: [SortKey]
  public var variables: [Variable]
  public var pattern: Pattern
  public var inputs: [Input]
  public var measures: [Measure]
  public var rows: Rows
  public var skip: Skip
  /// The columns of the input that are put out, before those of the measures.
  public var passed: [PlanColumn]
  /// For `window`.
  public var search: Search?

  public var output: [PlanColumn] {
    passed + measures.map(\.column) + (search?.columns ?? [])
  }

  /// The columns that the node makes, put out or not.
  var made: [PlanColumn] {
    measures.map(\.column) + (search?.columns ?? [])
      + inputs.flatMap { input in
        if case .aggregate(let call) = input.source {
          [input.column, call.classifier, call.matchNumber]
        } else {
          [input.column]
        }
      }
  }

  /// The expressions over the columns of the input.
  public var inputExpressions: [Expression] {
    var result = partitionBy + orderBy.map(\.expression)
    for input in inputs {
      switch input.source {
      case .value(let expression, _): result.append(expression)
      case .aggregate(let call):
        // What the arguments read besides comes from the match.
        let own = [call.classifier, call.matchNumber]
        for argument in call.arguments {
          result += argument.columns.filter { !own.contains($0) }.map { .column($0) }
        }
      case .classifier, .matchNumber: break
      }
    }
    if case .following(let offset)? = search?.end { result.append(offset) }
    return result
  }

  /// The expressions over `inputs`.
  var matchExpressions: [Expression] {
    variables.compactMap(\.condition) + measures.map(\.expression)
  }

  /// Returns the node with all its expressions replaced by others of the same type.
  func mapExpressions<Failure: Error>(
    _ transform: (Expression) throws(Failure) -> Expression
  ) throws(Failure) -> MatchRecognize {
    var node = self
    node.partitionBy = try partitionBy.map(transform)
    for index in orderBy.indices {
      node.orderBy[index].expression = try transform(orderBy[index].expression)
    }
    for index in inputs.indices {
      switch inputs[index].source {
      case .value(let expression, let navigation):
        node.inputs[index].source = .value(try transform(expression), navigation)
      case .aggregate(var call):
        call.arguments = try call.arguments.map(transform)
        node.inputs[index].source = .aggregate(call)
      case .classifier, .matchNumber: break
      }
    }
    if case .following(let offset)? = search?.end {
      node.search?.end = .following(try transform(offset))
    }
    for index in variables.indices {
      node.variables[index].condition = try variables[index].condition.map(transform)
    }
    for index in measures.indices {
      node.measures[index].expression = try transform(measures[index].expression)
    }
    return node
  }

  /// Returns the node with other columns in the places that are no expressions.
  func renaming(_ renamed: (PlanColumn) -> PlanColumn) -> MatchRecognize {
    var node = self
    node.passed = passed.map(renamed)
    if let search {
      node.search = Search(
        end: search.end,
        seeks: search.seeks,
        position: renamed(search.position),
        first: renamed(search.first),
        last: renamed(search.last)
      )
    }
    for index in measures.indices { node.measures[index].column = renamed(measures[index].column) }
    for index in inputs.indices {
      node.inputs[index].column = renamed(inputs[index].column)
      if case .aggregate(var call) = inputs[index].source {
        call.classifier = renamed(call.classifier)
        call.matchNumber = renamed(call.matchNumber)
        node.inputs[index].source = .aggregate(call)
      }
    }
    return node
  }

  /// Drops inputs that no condition and no measure reads.
  public mutating func pruneInputs() {
    let read = matchExpressions.reduce(into: Set<PlanColumn>()) { $0.formUnion($1.columns) }
    inputs.removeAll { !read.contains($0.column) }
  }

  /// What the node does, for EXPLAIN.
  var summary: String {
    var parts: [String] = []
    if !partitionBy.isEmpty {
      parts.append("by \(partitionBy.map(\.description).joined(separator: ", "))")
    }
    if !orderBy.isEmpty {
      parts.append("order \(orderBy.map(\.description).joined(separator: ", "))")
    }
    parts.append("pattern \(description(of: pattern))")
    for variable in variables {
      if let condition = variable.condition { parts.append("\(variable.name) := \(condition)") }
    }
    for measure in measures { parts.append("\(measure.column.name) := \(measure.expression)") }
    parts.append(rows.rawValue)
    return parts.joined(separator: "; ")
  }

  private func description(of pattern: Pattern) -> String {
    func list(_ patterns: [Pattern], _ separator: String) -> String {
      patterns.map { description(of: $0) }.joined(separator: separator)
    }
    switch pattern {
    case .variable(let index): return variables[index].name
    case .empty: return "()"
    case .partitionStart: return "^"
    case .partitionEnd: return "$"
    case .permutation(let patterns): return "PERMUTE(\(list(patterns, ", ")))"
    case .exclusion(let pattern): return "{- \(description(of: pattern)) -}"
    case .sequence(let patterns): return "(\(list(patterns, " ")))"
    case .alternation(let patterns): return "(\(list(patterns, " | ")))"
    case .repetition(let pattern, let atLeast, let atMost, let isReluctant):
      let quantifier =
        switch (atLeast, atMost) {
        case (0, nil): "*"
        case (1, nil): "+"
        case (0, 1): "?"
        default: "{\(atLeast),\(atMost.map(String.init) ?? "")}"
        }
      return description(of: pattern) + quantifier + (isReluctant ? "?" : "")
    }
  }
}
