public import ApusValues

/// Calls a function by name: scalar, aggregate or window.
///
/// The forms with words inside are calls too, with the arguments in the order of the function:
/// `SUBSTRING(s FROM 2 FOR 3)` is `substr(s, 2, 3)`; `POSITION(a IN b)` is `strpos(b, a)`;
/// `TRIM(LEADING 'x' FROM s)` is `ltrim(s, 'x')`, TRAILING is `rtrim`, BOTH or nothing is `trim`;
/// `NORMALIZE(s, NFD)` is `normalize(s, 'NFD')` and without a form `normalize(s, 'NFC')`;
/// `OVERLAY(s PLACING t FROM 2 FOR 3)` is `overlay(s, t, 2, 3)`.
/// `LISTAGG(x, ',' ON OVERFLOW …) WITHIN GROUP (ORDER BY y)` is `listagg` with five arguments (the
/// value, the separator, whether overflow is an error, the filler, whether to count what was left
/// out) and `orderBy`.
public struct FunctionCall: SyntaxNode {
  public var name: QualifiedName
  /// DISTINCT or ALL before the arguments.
  public var quantifier: SetQuantifier?
  public var arguments: [Expression]
  /// Whether the argument is `*`, as in `count(*)`; then `arguments` is empty.
  public var isStar: Bool
  /// The variable before `.*`, in MATCH_RECOGNIZE: `count(a.*)`.
  public var starLabel: Identifier?
  /// The order in which an aggregate takes its rows.
  public var orderBy: [SortItem]
  /// `FILTER (WHERE …)`.
  public var filter: Expression?
  /// `IGNORE NULLS` or `RESPECT NULLS`; only beside `over`.
  public var nullTreatment: NullTreatment?
  public var over: Window?
  /// RUNNING or FINAL before the name, in MATCH_RECOGNIZE.
  public var processingMode: ProcessingMode?
  @SourcePlace public var range: SourceRange

  public init(
    name: QualifiedName,
    quantifier: SetQuantifier? = nil,
    arguments: [Expression],
    isStar: Bool = false,
    starLabel: Identifier? = nil,
    orderBy: [SortItem] = [],
    filter: Expression? = nil,
    nullTreatment: NullTreatment? = nil,
    over: Window? = nil,
    processingMode: ProcessingMode? = nil,
    range: SourceRange
  ) {
    self.name = name
    self.quantifier = quantifier
    self.arguments = arguments
    self.isStar = isStar
    self.starLabel = starLabel
    self.orderBy = orderBy
    self.filter = filter
    self.nullTreatment = nullTreatment
    self.over = over
    self.processingMode = processingMode
    self.range = range
  }
}

/// Says up to which row of a match a function of MATCH_RECOGNIZE sees.
public enum ProcessingMode: String, Hashable, Sendable, CaseIterable {
  case running = "RUNNING"
  case final = "FINAL"
}

/// Says whether a window function skips null values.
public enum NullTreatment: String, Hashable, Sendable, CaseIterable {
  case ignore = "IGNORE"
  case respect = "RESPECT"
}

/// Says whether equal rows or values count once.
public enum SetQuantifier: String, Hashable, Sendable, CaseIterable {
  case all = "ALL"
  case distinct = "DISTINCT"
}

/// Is `x -> x + 1`, `(k, v) -> v`, `() -> 1`; stands only as an argument.
public struct LambdaExpression: SyntaxNode {
  public var parameters: [Identifier]
  public var body: Expression
  @SourcePlace public var range: SourceRange

  public init(parameters: [Identifier], body: Expression, range: SourceRange) {
    self.parameters = parameters
    self.body = body
    self.range = range
  }
}

/// Is `ARRAY[1, 2]`.
public struct ArrayExpression: SyntaxNode {
  public var elements: [Expression]
  @SourcePlace public var range: SourceRange

  public init(elements: [Expression], range: SourceRange) {
    self.elements = elements
    self.range = range
  }
}

/// Is `ROW(1, 2)` or `(1, 2)`.
public struct RowExpression: SyntaxNode {
  /// Never empty.
  public var elements: [Expression]
  @SourcePlace public var range: SourceRange

  public init(elements: [Expression], range: SourceRange) {
    self.elements = elements
    self.range = range
  }
}

/// Is `EXTRACT(YEAR FROM d)`.
public struct ExtractExpression: SyntaxNode {
  public var field: ExtractField
  public var source: Expression
  @SourcePlace public var range: SourceRange

  public init(field: ExtractField, source: Expression, range: SourceRange) {
    self.field = field
    self.source = source
    self.range = range
  }
}

/// Is a part of a date, time or interval; `dow` is `dayOfWeek`, `doy` `dayOfYear`, `yow`
/// `yearOfWeek`, and `day_of_month` is `day`.
public enum ExtractField: String, Hashable, Sendable, CaseIterable {
  case year = "YEAR"
  case quarter = "QUARTER"
  case month = "MONTH"
  case week = "WEEK"
  case day = "DAY"
  case dayOfWeek = "DAY_OF_WEEK"
  case dayOfYear = "DAY_OF_YEAR"
  case yearOfWeek = "YEAR_OF_WEEK"
  case hour = "HOUR"
  case minute = "MINUTE"
  case second = "SECOND"
  case timeZoneHour = "TIMEZONE_HOUR"
  case timeZoneMinute = "TIMEZONE_MINUTE"
}

/// Is `CURRENT_DATE`, `CURRENT_TIMESTAMP(3)`.
public struct CurrentTimeExpression: SyntaxNode {
  public var function: CurrentTimeFunction
  /// Digits of a second; never beside `currentDate`.
  public var precision: Int?
  @SourcePlace public var range: SourceRange

  public init(function: CurrentTimeFunction, precision: Int? = nil, range: SourceRange) {
    self.function = function
    self.precision = precision
    self.range = range
  }
}

/// Is a reading of the clock at the start of the query.
public enum CurrentTimeFunction: String, Hashable, Sendable, CaseIterable {
  case currentDate = "CURRENT_DATE"
  case currentTime = "CURRENT_TIME"
  case currentTimestamp = "CURRENT_TIMESTAMP"
  case localTime = "LOCALTIME"
  case localTimestamp = "LOCALTIMESTAMP"
}

/// Is `CURRENT_USER` and its like.
public struct CurrentNameExpression: SyntaxNode {
  public var function: CurrentNameFunction
  @SourcePlace public var range: SourceRange

  public init(function: CurrentNameFunction, range: SourceRange) {
    self.function = function
    self.range = range
  }
}

/// Is a name that the session holds.
public enum CurrentNameFunction: String, Hashable, Sendable, CaseIterable {
  case currentUser = "CURRENT_USER"
  case currentCatalog = "CURRENT_CATALOG"
  case currentSchema = "CURRENT_SCHEMA"
  case currentPath = "CURRENT_PATH"
}

/// Is `GROUPING(a, t.b)`: a bit per column, set where the column is aggregated away.
public struct GroupingExpression: SyntaxNode {
  /// Identifiers and dereferences.
  public var columns: [Expression]
  @SourcePlace public var range: SourceRange

  public init(columns: [Expression], range: SourceRange) {
    self.columns = columns
    self.range = range
  }
}
