public import ApusValues

/// Is what follows OVER: `w` or `(PARTITION BY a ORDER BY b)`.
public enum Window: SyntaxNode {
  case name(Identifier)
  case specification(WindowSpecification)

  public var range: SourceRange {
    switch self {
    case .name(let node): node.range
    case .specification(let node): node.range
    }
  }
}

/// Says which rows a window function sees, and in which order.
public struct WindowSpecification: SyntaxNode {
  /// A named window on which this one builds.
  public var existingName: Identifier?
  public var partitionBy: [Expression]
  public var orderBy: [SortItem]
  public var frame: WindowFrame?
  @SourcePlace public var range: SourceRange

  public init(
    existingName: Identifier? = nil,
    partitionBy: [Expression] = [],
    orderBy: [SortItem] = [],
    frame: WindowFrame? = nil,
    range: SourceRange
  ) {
    self.existingName = existingName
    self.partitionBy = partitionBy
    self.orderBy = orderBy
    self.frame = frame
    self.range = range
  }
}

/// Is `ROWS BETWEEN 1 PRECEDING AND CURRENT ROW`.
public struct WindowFrame: SyntaxNode {
  public var unit: FrameUnit
  public var start: FrameBound
  /// Nil where BETWEEN was not written: up to the current row.
  public var end: FrameBound?
  /// Nil where nothing stands before or behind the bounds.
  public var pattern: FramePattern?
  @SourcePlace public var range: SourceRange

  public init(
    unit: FrameUnit,
    start: FrameBound,
    end: FrameBound? = nil,
    pattern: FramePattern? = nil,
    range: SourceRange
  ) {
    self.unit = unit
    self.start = start
    self.end = end
    self.pattern = pattern
    self.range = range
  }
}

/// Says which rows within the bounds make the frame: those that match a row pattern.
public struct FramePattern: Hashable, Sendable {
  public var measures: [MeasureDefinition]
  public var skipTo: SkipTo?
  public var search: PatternSearch?
  /// May be missing as the text goes, though the rest means nothing then.
  public var pattern: RowPattern?
  public var subsets: [SubsetDefinition]
  public var definitions: [VariableDefinition]

  public init(
    measures: [MeasureDefinition] = [],
    skipTo: SkipTo? = nil,
    search: PatternSearch? = nil,
    pattern: RowPattern? = nil,
    subsets: [SubsetDefinition] = [],
    definitions: [VariableDefinition] = []
  ) {
    self.measures = measures
    self.skipTo = skipTo
    self.search = search
    self.pattern = pattern
    self.subsets = subsets
    self.definitions = definitions
  }
}

/// Is `top OVER w`: what a measure of the window's row pattern is for the row.
public struct WindowMeasure: SyntaxNode {
  public var name: Identifier
  public var over: Window
  @SourcePlace public var range: SourceRange

  public init(name: Identifier, over: Window, range: SourceRange) {
    self.name = name
    self.over = over
    self.range = range
  }
}

/// Says how the offsets of a frame count.
public enum FrameUnit: String, Hashable, Sendable, CaseIterable {
  case rows = "ROWS"
  case range = "RANGE"
  case groups = "GROUPS"
}

/// Is one end of a window frame.
public struct FrameBound: SyntaxNode {
  public var kind: FrameBoundKind
  @SourcePlace public var range: SourceRange

  public init(kind: FrameBoundKind, range: SourceRange) {
    self.kind = kind
    self.range = range
  }
}

/// Says where an end of a window frame lies.
public enum FrameBoundKind: Hashable, Sendable {
  case unboundedPreceding
  case preceding(Expression)
  case currentRow
  case following(Expression)
  case unboundedFollowing
}

/// Is `w AS (…)` in a WINDOW clause.
public struct NamedWindow: SyntaxNode {
  public var name: Identifier
  public var specification: WindowSpecification
  @SourcePlace public var range: SourceRange

  public init(name: Identifier, specification: WindowSpecification, range: SourceRange) {
    self.name = name
    self.specification = specification
    self.range = range
  }
}

/// Is `a DESC NULLS FIRST`.
public struct SortItem: SyntaxNode {
  public var key: Expression
  public var isDescending: Bool
  /// Nil where nothing was written, which means last, ascending or descending.
  public var nulls: NullsPosition?
  @SourcePlace public var range: SourceRange

  public init(
    key: Expression,
    isDescending: Bool = false,
    nulls: NullsPosition? = nil,
    range: SourceRange
  ) {
    self.key = key
    self.isDescending = isDescending
    self.nulls = nulls
    self.range = range
  }
}

/// Says where nulls stand in an order.
public enum NullsPosition: String, Hashable, Sendable, CaseIterable {
  case first = "FIRST"
  case last = "LAST"
}
