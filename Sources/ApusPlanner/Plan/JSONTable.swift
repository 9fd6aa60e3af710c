public import ApusValues

/// Puts out each row once for each row that paths find in its document.
///
/// A path of rows leads to items; an item is a row, whose columns are found by paths from the item,
/// and within which further paths of rows may lead on. A document that is NULL has no rows.
public struct JSONTable: Sendable {
  /// A path of SQL/JSON as it is written.
  public struct Path: Sendable {
    public var text: String
    public var range: SourceRange?

    public init(_ text: String, at range: SourceRange?) {
      self.text = text
      self.range = range
    }
  }

  /// A column and what fills it.
  public struct Column: Sendable {
    public var column: PlanColumn
    /// The path whose rows it belongs to, by its position.
    public var path: Int
    public var source: Source
    public var range: SourceRange?

    public init(_ column: PlanColumn, path: Int, source: Source, at range: SourceRange?) {
      self.column = column
      self.path = path
      self.source = source
      self.range = range
    }
  }

  public enum Source: Sendable {
    /// The number of the row among those of its path within one item, from 1.
    case ordinality
    /// What `JSON_VALUE` gives, with the options and the two defaults of its call.
    case value(Path, options: [String], defaults: [Expression])
    /// What `JSON_QUERY` gives, with the options of its call.
    case query(Path, options: [String])
  }

  /// How the rows of several paths go together.
  public indirect enum Rows: Sendable {
    /// The rows of a path, each once for each row of `nested`; where that has none, not at all or,
    /// if it is outer, once.
    case path(Int, nested: Rows?, isOuter: Bool)
    /// The rows of one after those of the other.
    case union([Rows])
    /// All combinations.
    case cross([Rows])
  }

  public var input: LogicalPlan
  public var document: Expression
  /// How bytes hold the document: UTF8, UTF16 or UTF32.
  public var encoding: String
  /// What stands behind PASSING, for the first path alone, as in a call of `JSON_VALUE`.
  public var parameters: Expression
  public var paths: [Path]
  public var columns: [Column]
  public var rows: Rows
  /// Whether a path of rows that fails is an error; else it has no rows.
  public var raisesErrors: Bool
  /// Whether a row of the input without any rows is put out once, with NULLs.
  public var isOuter = false

  public init(
    input: LogicalPlan,
    document: Expression,
    encoding: String,
    parameters: Expression,
    paths: [Path],
    columns: [Column],
    rows: Rows,
    raisesErrors: Bool
  ) {
    self.input = input
    self.document = document
    self.encoding = encoding
    self.parameters = parameters
    self.paths = paths
    self.columns = columns
    self.rows = rows
    self.raisesErrors = raisesErrors
  }

  /// The columns that are not the input's.
  public var added: [PlanColumn] { columns.map(\.column) }

  /// The document, the parameters, and the defaults of the columns one after another.
  public var expressions: [Expression] {
    [document, parameters] + columns.flatMap(\.source.defaults)
  }

  mutating func mapExpressions<Failure: Error>(
    _ transform: (Expression) throws(Failure) -> Expression
  ) throws(Failure) {
    document = try transform(document)
    parameters = try transform(parameters)
    for index in columns.indices {
      guard case .value(let path, let options, let defaults) = columns[index].source else {
        continue
      }
      columns[index].source = .value(
        path,
        options: options,
        defaults: try defaults.map(transform)
      )
    }
  }
}

extension JSONTable.Source {
  fileprivate var defaults: [Expression] {
    if case .value(_, _, let defaults) = self { defaults } else { [] }
  }

  /// Whether no document makes the column fail.
  var neverFails: Bool {
    switch self {
    case .ordinality: true
    case .value(_, let options, _): !options.contains("ERROR")
    case .query(_, let options):
      options.count == 5 && options[2] != "ERROR" && options[3] != "ERROR"
    }
  }
}
