/// Pairs rows of two inputs. The right one is the build side, except that a plan says otherwise.
public struct Join: Sendable {
  public enum Kind: Hashable, Sendable {
    case inner
    case left
    case right
    case full
    /// Puts out each left row that has a match, once.
    case semi
    /// Puts out each left row without a match.
    case anti
    /// Puts out each left row with a boolean: TRUE if it has a match, else FALSE, or NULL where
    /// `isNullAware` and the answer is unknown.
    case mark(PlanColumn)
    /// Puts out each right row that has a match, once: a semi join whose preserved side is built.
    case rightSemi
    /// Puts out each right row without a match.
    case rightAnti
  }

  /// Expressions of one type over the left and the right input that must be equal and not NULL.
  public struct Criterion: Sendable {
    public var left: Expression
    public var right: Expression

    public init(left: Expression, right: Expression) {
      self.left = left
      self.right = right
    }
  }

  public var kind: Kind
  public var left: LogicalPlan
  public var right: LogicalPlan
  /// None makes a cross product (with the filter on each pair).
  public var criteria: [Criterion]
  /// What a pair must satisfy besides, over the columns of both sides.
  public var filter: Expression?
  /// For anti and mark joins that stand for NOT IN and IN: NULL on either side makes the answer
  /// unknown unless there is a match (an anti join drops the row).
  public var isNullAware: Bool

  public init(
    kind: Kind,
    left: LogicalPlan,
    right: LogicalPlan,
    criteria: [Criterion] = [],
    filter: Expression? = nil,
    isNullAware: Bool = false
  ) {
    self.kind = kind
    self.left = left
    self.right = right
    self.criteria = criteria
    self.filter = filter
    self.isNullAware = isNullAware
  }

  /// The left columns, then the right ones or the mark, as the kind has it.
  public var output: [PlanColumn] {
    switch kind {
    case .inner, .left, .right, .full: left.output + right.output
    case .semi, .anti: left.output
    case .mark(let column): left.output + [column]
    case .rightSemi, .rightAnti: right.output
    }
  }
}
