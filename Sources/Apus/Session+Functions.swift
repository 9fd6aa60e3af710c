import ApusEngine
package import ApusPlanner

extension Session {
  /// Returns what the reference says of functions and of forms of the language, in its order.
  ///
  /// - Parameter pattern: as of LIKE; of a name of several words, one has to match. nil is all.
  package func functionDescriptions(like pattern: String?) -> [FunctionDescription] {
    let pattern = pattern.map { NamePattern($0, .like) }
    return FunctionReference.families.flatMap(\.functions).filter { function in
      guard let pattern else { return true }
      return pattern.matches(function.name)
        || function.name.split(separator: " ").contains { pattern.matches(String($0)) }
    }
  }
}
