import ApusSyntax
import ApusValues

/// A column as a name can find it.
struct ScopeField {
  /// nil for a column that has no name to be found by.
  var name: String?
  /// The parts that may stand before the name: the alias, or the table's own name.
  var qualifier: [String]
  var column: PlanColumn
  /// Whether `*` leaves the column out.
  var isHidden = false
}

/// What names mean at one place of a statement: the columns of FROM, then those of the queries
/// around.
final class Scope {
  let fields: [ScopeField]
  let parent: Scope?

  init(_ fields: [ScopeField], parent: Scope?) {
    self.fields = fields
    self.parent = parent
  }

  /// Returns the column that `parts` names here or in a query around, or nil.
  ///
  /// - Throws: AMBIGUOUS_NAME if several columns of one level go by the name.
  func resolve(_ parts: [Identifier], at range: SourceRange) throws(SQLError) -> PlanColumn? {
    let names = parts.map { $0.value.lowercased() }
    guard let name = names.last else { return nil }
    let qualifier = Array(names.dropLast())
    var level: Scope? = self
    while let scope = level {
      let matches = scope.fields.filter {
        $0.name?.lowercased() == name && ends($0.qualifier, with: qualifier)
      }
      // One column may be reachable twice, as after USING; it is then no ambiguity.
      if let first = matches.first {
        if matches.contains(where: { $0.column != first.column }) {
          throw SQLError(
            .ambiguousName,
            "Column '\(names.joined(separator: "."))' is ambiguous",
            at: range,
            hint: "Put the table's name or alias before it."
          )
        }
        return first.column
      }
      level = scope.parent
    }
    return nil
  }

  /// Returns the error for a name that means nothing, with a near name as a hint.
  ///
  /// - Parameter more: other names that would have meant something.
  func notFound(_ parts: [Identifier], or more: [String] = [], at range: SourceRange) -> SQLError {
    let written = parts.map(\.value).joined(separator: ".")
    let wanted = parts.last?.value ?? written
    let qualifier = parts.dropLast().map(\.value)
    var names = more
    var elsewhere: String?
    var level: Scope? = self
    while let scope = level {
      elsewhere =
        elsewhere
        ?? scope.fields.first { $0.name?.lowercased() == wanted.lowercased() }?.qualifier.last
      names += scope.fields.filter { qualifier.isEmpty || ends($0.qualifier, with: qualifier) }
        .compactMap(\.name)
      level = scope.parent
    }
    return SQLError(
      .columnNotFound,
      "Column '\(written)' cannot be resolved",
      at: range,
      hint: (nearestName(to: wanted, among: names)
        ?? (qualifier.isEmpty ? nil : elsewhere.map { "\($0).\(wanted)" }))
        .map { "Did you mean '\($0)'?" }
    )
  }

  private func ends(_ qualifier: [String], with suffix: [String]) -> Bool {
    suffix.isEmpty
      || (qualifier.count >= suffix.count
        && Array(qualifier.suffix(suffix.count)).map { $0.lowercased() } == suffix)
  }
}
