public import ApusValues
public import ApusVectors

// A count, a least or a greatest value of many rows need not be found by looking at each of them: a
// file's footer often knows it. A summarized table has a row for each stretch of rows that its
// statistics tell all of, and the rows themselves where they do not; sums of the counts, and the
// least and greatest of the bounds, are then those of the whole table:
//
//     month  x     $rows  $summary  x$count  x$min  x$max
//     1      NULL  27004  true      26483    -30    1301     a summary: only partition columns have values
//     2      12    1      false     1        12     12       a row
//     2      NULL  1      false     0        NULL   NULL

/// What is asked of summaries.
public struct SummaryRequest: Sendable {
  /// Columns whose values are counted, by position in the schema.
  public var counted: Set<Int>
  /// Columns whose least and greatest values are asked for.
  public var bounded: Set<Int>
  /// What all rows of a summary must meet; where some may not, the rows are put out.
  public var conditions: [Int: ColumnDomain]

  public init(counted: Set<Int>, bounded: Set<Int>, conditions: [Int: ColumnDomain]) {
    self.counted = counted
    self.bounded = bounded
    self.conditions = conditions
  }
}

/// Where the columns of a summarized table are: first those of the table, then `$rows` and
/// `$summary`, then three for each column that is counted or bounded.
public struct SummaryLayout: Sendable {
  public let base: Schema
  /// Columns that are counted or bounded, ascending.
  public let measured: [Int]

  public init(base: Schema, _ request: SummaryRequest) {
    self.base = base
    measured = request.counted.union(request.bounded).sorted()
  }

  public var schema: Schema {
    var fields = base.fields
    fields.append(Field(name: "$rows", type: .bigint))
    fields.append(Field(name: "$summary", type: .boolean))
    for column in measured {
      let field = base.fields[column]
      fields.append(Field(name: field.name + "$count", type: .bigint))
      fields.append(Field(name: field.name + "$min", type: field.type))
      fields.append(Field(name: field.name + "$max", type: field.type))
    }
    return Schema(fields)
  }

  /// Rows that a row stands for.
  public var rowCount: Int { base.fields.count }

  /// Whether a row is a summary.
  public var isSummary: Int { rowCount + 1 }

  /// Values of a column that are not NULL.
  public func count(of column: Int) -> Int { firstMeasure(of: column) }

  public func minimum(of column: Int) -> Int { firstMeasure(of: column) + 1 }

  public func maximum(of column: Int) -> Int { firstMeasure(of: column) + 2 }

  private func firstMeasure(of column: Int) -> Int {
    rowCount + 2 + 3 * (measured.firstIndex(of: column) ?? 0)
  }
}
