package import ApusValues
package import ApusVectors

/// Errors met while evaluating an expression over a batch, each with its row.
///
/// They are data until it is known whether the row counts: CASE, TRY, AND, OR and filters that come
/// first may drop it. Only then does the operator raise the first that is left.
package struct RowErrors {
  package private(set) var entries: [(row: Int, error: SQLError)] = []

  package init() {}

  package var isEmpty: Bool { entries.isEmpty }

  /// Records that evaluating `row` failed; the value of the row is NULL.
  package mutating func record(_ error: SQLError, row: Int) { entries.append((row, error)) }

  /// Keeps those errors for which `keep` holds.
  package mutating func filter(_ keep: (Int, SQLError) -> Bool) {
    entries = entries.filter { keep($0.row, $0.error) }
  }

  /// Adds the errors of another evaluation over the same batch.
  package mutating func append(_ other: RowErrors) { entries.append(contentsOf: other.entries) }

  /// Throws the error of the lowest row among those selected, if there is any.
  package func raise(for rows: Selection? = nil) throws(SQLError) {
    guard !entries.isEmpty else { return }
    let selected = rows?.indices.map { Set($0.map { Int($0) }) }
    var first: (row: Int, error: SQLError)?
    for entry in entries where selected?.contains(entry.row) ?? true {
      if first.map({ entry.row < $0.row }) ?? true { first = entry }
    }
    if let first { throw first.error }
  }
}
