import ApusValues

/// How one key of a sort orders its values.
struct SortOrder: Sendable {
  var type: SQLType
  var isAscending: Bool
  var nullsFirst: Bool
}
