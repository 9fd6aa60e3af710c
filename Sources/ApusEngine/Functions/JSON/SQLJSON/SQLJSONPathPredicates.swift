import ApusValues

// Predicates of filters. They never fail: what cannot be evaluated is unknown, which is nil here.
extension SQLJSONPathEvaluation {
  /// Returns whether a predicate holds; nil is unknown.
  mutating func holds(_ predicate: Node, _ place: Place) -> Bool? {
    switch predicate {
    case .and(let left, let right):
      let first = holds(left, place)
      if first == false { return false }
      let second = holds(right, place)
      if second == false { return false }
      return first == nil || second == nil ? nil : true
    case .or(let left, let right):
      let first = holds(left, place)
      if first == true { return true }
      let second = holds(right, place)
      if second == true { return true }
      return first == nil || second == nil ? nil : false
    case .not(let operand): return holds(operand, place).map { !$0 }
    case .isUnknown(let operand): return holds(operand, place) == nil
    case .exists(let path): return (try? items(path, place)).map { !$0.isEmpty }
    case .comparison(let comparison, let left, let right):
      guard let leftItems = try? unwrapped(left, place),
        let rightItems = try? unwrapped(right, place)
      else { return nil }
      return compare(comparison, leftItems, rightItems)
    case .startsWith(let text, let prefix):
      guard let texts = try? unwrapped(text, place), let prefixes = try? items(prefix, place),
        prefixes.count == 1, case .string(let start) = prefixes[0]
      else { return nil }
      return anyText(texts) { $0.utf8.starts(with: start.utf8) }
    case .likeRegex(let text, let expression):
      guard let texts = try? unwrapped(text, place),
        let matcher = try? RegularExpressionMatcher(expression)
      else { return nil }
      return anyText(texts) { text in
        var text = text
        return text.withUTF8 { (try? matcher.search(UnsafeRawBufferPointer($0))) ?? nil } != nil
      }
    default:
      return nil
    }
  }

  /// Whether a condition holds for any text; unknown if there is anything but texts.
  private func anyText(_ items: [JSONItem], _ condition: (String) -> Bool) -> Bool? {
    var isFound = false
    for item in items {
      guard case .string(let text) = item else { return nil }
      if condition(text) {
        if isLax { return true }
        isFound = true
      }
    }
    return isFound
  }

  /// Whether any pair of items compares so. A null compares with everything and is equal to itself
  /// alone; arrays and objects compare with nothing else.
  private func compare(
    _ comparison: SQLJSONPath.Comparison,
    _ left: [JSONItem],
    _ right: [JSONItem]
  ) -> Bool? {
    if left.isEmpty || right.isEmpty { return false }
    let leftKinds = Kinds(left)
    let rightKinds = Kinds(right)
    if leftKinds.hasContainer && (rightKinds.hasContainer || rightKinds.hasScalar)
      || leftKinds.hasScalar && rightKinds.hasContainer
    {
      return nil
    }
    var isFound: Bool
    switch comparison {
    case .equal, .lessOrEqual, .greaterOrEqual:
      isFound = comparison == .equal && leftKinds.hasNull && rightKinds.hasNull
    case .notEqual:
      isFound =
        leftKinds.hasNull && (rightKinds.hasScalar || rightKinds.hasContainer)
        || rightKinds.hasNull && (leftKinds.hasScalar || leftKinds.hasContainer)
    case .less, .greater:
      isFound = false
    }
    if isFound, isLax { return true }
    for a in left where a.isScalar {
      for b in right where b.isScalar {
        guard let result = JSONItem.compare(comparison, a, b) else { return nil }
        if result {
          if isLax { return true }
          isFound = true
        }
      }
    }
    return isFound
  }

  private struct Kinds {
    var hasNull = false
    var hasScalar = false
    var hasContainer = false

    init(_ items: [JSONItem]) {
      for item in items {
        switch item {
        case .null: hasNull = true
        case .array, .object: hasContainer = true
        default: hasScalar = true
        }
      }
    }
  }
}

extension JSONItem {
  fileprivate var isScalar: Bool {
    switch self {
    case .null, .array, .object: false
    default: true
    }
  }

  /// Compares two scalars; nil for those of kinds that do not compare.
  fileprivate static func compare(
    _ comparison: SQLJSONPath.Comparison,
    _ left: JSONItem,
    _ right: JSONItem
  ) -> Bool? {
    func holds<Element: Comparable>(_ a: Element, _ b: Element) -> Bool {
      switch comparison {
      case .equal: a == b
      case .notEqual: a != b
      case .less: a < b
      case .lessOrEqual: a <= b
      case .greater: a > b
      case .greaterOrEqual: a >= b
      }
    }
    switch (left, right) {
    case (.boolean(let a), .boolean(let b)): return holds(a ? 1 : 0, b ? 1 : 0)
    case (.string(let a), .string(let b)):
      // As bytes: Swift takes some texts to be equal that SQL tells apart.
      let order =
        a.utf8.elementsEqual(b.utf8) ? 0 : a.utf8.lexicographicallyPrecedes(b.utf8) ? -1 : 1
      return holds(order, 0)
    case (.temporal(let a, let typeOfA), .temporal(let b, let typeOfB)):
      guard let type = SQLType.common(typeOfA, typeOfB),
        let first = try? ScalarCasts(to: type).cast(a, from: typeOfA),
        let second = try? ScalarCasts(to: type).cast(b, from: typeOfB)
      else { return nil }
      return holds(Value.compare(first, second), 0)
    case (.double(let a), _):
      return right.asDouble.map { holds(a, $0) }
    case (_, .double(let b)):
      return left.asDouble.map { holds($0, b) }
    case (.real(let a), _):
      return right.asReal.map { holds(a, $0) }
    case (_, .real(let b)):
      return left.asReal.map { holds($0, b) }
    default:
      guard let a = left.asDecimal, let b = right.asDecimal,
        let (first, second) = aligned(a, b)
      else { return nil }
      return holds(first, second)
    }
  }
}
