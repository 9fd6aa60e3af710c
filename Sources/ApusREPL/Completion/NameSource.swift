/// Where the completer gets names from. Nothing here throws or keeps a person waiting: what cannot
/// be known in time is not offered.
protocol NameSource: AnyObject {
  /// The tables and views of a schema, or of the current one.
  func relations(in schema: String?) -> [String]
  func schemas() -> [String]
  func columns(of relation: RelationReference.Source) -> [String]
  func functions() -> [String]
  func properties() -> [String]
}
