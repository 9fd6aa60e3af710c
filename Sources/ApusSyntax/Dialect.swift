/// Says whose SQL a text is written in; the tree is the same for all.
///
/// A production of Grammar/ that only some dialects have carries its name, as in `@postgres`.
public enum Dialect: String, Sendable, CaseIterable {
  /// Athena's queries.
  case trino
  /// What PostgreSQL's clients send.
  case postgres
}
