import ApusSyntax
import ApusValues

extension Binder {
  /// Returns the two sides of a set operation with the columns that both have, in the left one's order.
  ///
  /// - Throws: NOT_SUPPORTED, as Trino for a list of columns; MISSING_COLUMN_NAME and AMBIGUOUS_NAME where
  ///   names do not tell the columns apart, MISMATCHED_COLUMN_ALIASES if there is none in common.
  func corresponding(
    _ left: BoundRelation,
    _ right: BoundRelation,
    _ clause: CorrespondingClause,
    at range: SourceRange
  ) throws(SQLError) -> (BoundRelation, BoundRelation) {
    guard clause.columns.isEmpty else {
      throw SQLError(
        .notSupported,
        "CORRESPONDING with columns is unsupported",
        at: clause.range,
        hint: "List the columns in both queries."
      )
    }
    var (left, right) = (left.visible, right.visible)
    let (leftNames, rightNames) = (
      try distinctNames(left.fields, at: range), try distinctNames(right.fields, at: range)
    )
    let common = leftNames.filter { rightNames.contains($0) }
    guard !common.isEmpty else {
      throw SQLError(.mismatchedColumnAliases, "No corresponding columns", at: range)
    }
    func chosen(_ fields: [ScopeField], _ names: [String]) -> [ScopeField] {
      let byName = Dictionary(zip(names, fields), uniquingKeysWith: { first, _ in first })
      return common.compactMap { byName[$0] }
    }
    left.fields = chosen(left.fields, leftNames)
    right.fields = chosen(right.fields, rightNames)
    return (left, right)
  }

  private func distinctNames(_ fields: [ScopeField], at range: SourceRange) throws(SQLError)
    -> [String]
  {
    var names: [String] = []
    for field in fields {
      guard let name = field.name?.lowercased() else {
        throw SQLError(
          .missingColumnName,
          "Anonymous columns are not allowed in set operations with CORRESPONDING",
          at: range
        )
      }
      guard !names.contains(name) else {
        throw SQLError(
          .ambiguousName,
          "Duplicate columns found when using CORRESPONDING in set operations: \(name)",
          at: range
        )
      }
      names.append(name)
    }
    return names
  }
}
