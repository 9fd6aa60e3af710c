extension Value {
  /// Whether `left = right`, nil for unknown: three-valued as SQL, element by element.
  public static func areEqual(_ left: Value, _ right: Value) -> Bool? {
    switch (left, right) {
    case (.null, _), (_, .null):
      return nil
    case (.array(let a), .array(let b)), (.row(let a), .row(let b)):
      guard a.count == b.count else { return false }
      return all(zip(a, b).lazy.map { areEqual($0, $1) })
    case (.map(let a), .map(let b)):
      guard a.count == b.count else { return false }
      return all(
        a.lazy.map { entry in
          guard let other = b.first(where: { areSame($0.key, entry.key) }) else { return false }
          return areEqual(entry.value, other.value)
        }
      )
    case (.double(let a), .double(let b)):
      return a == b
    case (.real(let a), .real(let b)):
      return a == b
    default:
      return compare(left, right) == 0
    }
  }

  /// Whether `left IS NOT DISTINCT FROM right`: NULL and NaN are the same as themselves.
  public static func areSame(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.null, .null):
      return true
    case (.null, _), (_, .null):
      return false
    case (.array(let a), .array(let b)), (.row(let a), .row(let b)):
      return a.count == b.count && zip(a, b).allSatisfy { areSame($0, $1) }
    case (.map(let a), .map(let b)):
      return a.count == b.count
        && a.allSatisfy { entry in
          b.contains { areSame($0.key, entry.key) && areSame($0.value, entry.value) }
        }
    default:
      return compare(left, right) == 0
    }
  }

  /// AND of three-valued terms.
  private static func all(_ terms: some Sequence<Bool?>) -> Bool? {
    var result: Bool? = true
    for term in terms {
      guard let term else {
        result = nil
        continue
      }
      if !term { return false }
    }
    return result
  }
}
