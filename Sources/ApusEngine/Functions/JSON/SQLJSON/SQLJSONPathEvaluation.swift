import ApusValues

/// Why a path has no value for a document; in lax mode, less of it is an error.
struct SQLJSONPathFailure: Error {
  var message: String

  init(_ message: String) { self.message = message }

  static func type(expected: String, actual: String) -> SQLJSONPathFailure {
    SQLJSONPathFailure("invalid item type. Expected: \(expected), actual: \(actual)")
  }
}

/// Evaluates a path for one document.
struct SQLJSONPathEvaluation {
  typealias Node = SQLJSONPath.Node

  /// Where a node is evaluated: in a filter, in a subscript.
  struct Place {
    var currentItem: JSONItem?
    var last: Int?
  }

  private static let itemLimit = 10_000_000

  let isLax: Bool
  let document: JSONItem
  /// A sequence for each: what is NULL and JSON has no items.
  let parameters: [[JSONItem]]
  private var objectCount: Int64 = 0

  init(_ path: SQLJSONPath, document: JSONItem, parameters: [[JSONItem]]) {
    isLax = path.isLax
    self.document = document
    self.parameters = parameters
  }

  /// Returns the items that the path leads to.
  mutating func items(_ node: Node, _ place: Place = Place()) throws(SQLJSONPathFailure)
    -> [JSONItem]
  {
    switch node {
    case .document: return [document]
    case .currentItem: return place.currentItem.map { [$0] } ?? []
    case .last: return place.last.map { [.integer(Int64($0), isWide: false)] } ?? []
    case .parameter(let index): return parameters[index]
    case .literal(let item): return [item]
    case .member(let base, let name): return try members(unwrapped(base, place), name)
    case .descendant(let base, let name):
      var found: [JSONItem] = []
      for item in try items(base, place) { appendDescendants(of: item, name, to: &found) }
      return found
    case .elements(let base, let subscripts): return try elements(base, subscripts, place)
    case .filter(let base, let condition):
      var kept: [JSONItem] = []
      for item in try unwrapped(base, place) {
        var inner = place
        inner.currentItem = item
        if holds(condition, inner) == true { kept.append(item) }
      }
      return kept
    case .method(let base, let method): return try apply(method, to: base, place)
    case .datetime(let base, let template):
      return try map(unwrapped(base, place)) { item throws(SQLJSONPathFailure) in
        guard case .string(let text) = item else {
          throw .type(expected: "TEXT", actual: item.kind)
        }
        return if let template { try template.item(text) } else { try .datetime(text) }
      }
    case .negation(let base):
      return try map(unwrapped(base, place)) { item throws(SQLJSONPathFailure) in
        try item.negated()
      }
    case .identity(let base):
      return try map(unwrapped(base, place)) { item throws(SQLJSONPathFailure) in
        try item.requireNumber()
      }
    case .arithmetic(let op, let left, let right):
      let leftItems = try unwrapped(left, place)
      let rightItems = try unwrapped(right, place)
      guard leftItems.count == 1, rightItems.count == 1 else {
        throw SQLJSONPathFailure("arithmetic binary expression requires singleton operands")
      }
      return [try JSONItem.compute(op, leftItems[0], rightItems[0])]
    case .comparison, .and, .or, .not, .exists, .isUnknown, .startsWith, .likeRegex:
      return []
    }
  }

  /// Returns the items of a node; in lax mode, with the elements of arrays in place of the arrays.
  mutating func unwrapped(_ node: Node, _ place: Place) throws(SQLJSONPathFailure) -> [JSONItem] {
    let items = try items(node, place)
    guard isLax else { return items }
    return items.flatMap { item in
      if case .array(let elements) = item { elements } else { [item] }
    }
  }

  private func map(
    _ items: [JSONItem],
    _ transform: (JSONItem) throws(SQLJSONPathFailure) -> JSONItem
  ) throws(SQLJSONPathFailure) -> [JSONItem] {
    var result: [JSONItem] = []
    for item in items { result.append(try transform(item)) }
    return result
  }

  private func members(_ items: [JSONItem], _ name: String?) throws(SQLJSONPathFailure)
    -> [JSONItem]
  {
    var found: [JSONItem] = []
    for item in items {
      guard case .object(let members) = item else {
        if isLax { continue }
        throw .type(expected: "OBJECT", actual: item.kind)
      }
      guard let name else {
        found += members.map(\.value)
        continue
      }
      if let member = members.first(where: { $0.name == name }) {
        found.append(member.value)
      } else if !isLax {
        throw SQLJSONPathFailure("structural error: missing member '\(name)' in JSON object")
      }
    }
    return found
  }

  /// Appends the members of that name, the outer before the inner.
  private func appendDescendants(of item: JSONItem, _ name: String, to found: inout [JSONItem]) {
    switch item {
    case .object(let members):
      if let member = members.first(where: { $0.name == name }) { found.append(member.value) }
      for member in members { appendDescendants(of: member.value, name, to: &found) }
    case .array(let elements):
      for element in elements { appendDescendants(of: element, name, to: &found) }
    default:
      break
    }
  }

  private mutating func elements(
    _ base: Node,
    _ subscripts: [SQLJSONPath.Subscript],
    _ place: Place
  ) throws(SQLJSONPathFailure) -> [JSONItem] {
    var found: [JSONItem] = []
    for item in try items(base, place) {
      let elements: [JSONItem]
      if case .array(let inner) = item {
        elements = inner
      } else if isLax {
        elements = [item]
      } else {
        throw .type(expected: "ARRAY", actual: item.kind)
      }
      if subscripts.isEmpty {
        found += elements
        continue
      }
      if elements.isEmpty {
        if isLax { continue }
        throw SQLJSONPathFailure("structural error: invalid array subscript for empty array")
      }
      var inner = place
      inner.last = elements.count - 1
      for subscription in subscripts {
        let from = try index(subscription.from, "from", inner)
        var to = from
        if let end = subscription.to { to = try index(end, "to", inner) }
        let range = 0..<Int64(elements.count)
        if !isLax, !range.contains(from) || !range.contains(to) || from > to {
          throw SQLJSONPathFailure(
            "structural error: invalid array subscript: [\(from), \(to)] for array of size "
              + "\(elements.count)"
          )
        }
        let first = max(from, 0)
        let last = min(to, range.upperBound - 1)
        if first <= last { found += elements[Int(first)...Int(last)] }
        // Subscripts that repeat an element, one step after the other, would fill the memory.
        guard found.count <= SQLJSONPathEvaluation.itemLimit else {
          throw SQLJSONPathFailure("a path leads to too many items")
        }
      }
    }
    return found
  }

  private mutating func index(_ node: Node, _ end: String, _ place: Place)
    throws(SQLJSONPathFailure) -> Int64
  {
    let items = try items(node, place)
    guard items.count == 1 else {
      throw SQLJSONPathFailure("array subscript '\(end)' value must be singleton numeric")
    }
    switch try items[0].requireNumber() {
    case .integer(let value, _): return value
    case .double(let value):
      if let index = Int64(exactly: value.rounded(.toNearestOrAwayFromZero)) { return index }
    case .real(let value):
      if let index = Int64(exactly: value.rounded(.toNearestOrAwayFromZero)) { return index }
    case .decimal(let unscaled, let scale):
      let rounded = Decimal.divideRounding(unscaled, by: PowersOfTen.wide[scale])
      if let index = Int64(exactly: rounded) { return index }
    default: break
    }
    throw SQLJSONPathFailure("cannot convert an array subscript to bigint")
  }

  private mutating func apply(_ method: SQLJSONPath.Method, to base: Node, _ place: Place)
    throws(SQLJSONPathFailure) -> [JSONItem]
  {
    switch method {
    case .type:
      return try items(base, place).map { .string($0.typeName) }
    case .size:
      let isLax = isLax
      return try map(items(base, place)) { item throws(SQLJSONPathFailure) in
        if case .array(let elements) = item {
          return .integer(Int64(elements.count), isWide: false)
        }
        guard isLax else { throw .type(expected: "ARRAY", actual: item.kind) }
        return .integer(1, isWide: false)
      }
    case .double:
      return try map(unwrapped(base, place)) { item throws(SQLJSONPathFailure) in
        try item.toDouble()
      }
    case .ceiling:
      return try map(unwrapped(base, place)) { item throws(SQLJSONPathFailure) in
        try item.rounded(.up)
      }
    case .floor:
      return try map(unwrapped(base, place)) { item throws(SQLJSONPathFailure) in
        try item.rounded(.down)
      }
    case .abs:
      return try map(unwrapped(base, place)) { item throws(SQLJSONPathFailure) in
        try item.magnitude()
      }
    case .keyvalue:
      var pairs: [JSONItem] = []
      for item in try unwrapped(base, place) {
        guard case .object(let members) = item else {
          throw .type(expected: "OBJECT", actual: item.kind)
        }
        for member in members {
          pairs.append(
            .object([
              ("name", .string(member.name)), ("value", member.value),
              ("id", .integer(objectCount, isWide: false)),
            ])
          )
        }
        objectCount += 1
      }
      return pairs
    }
  }
}
