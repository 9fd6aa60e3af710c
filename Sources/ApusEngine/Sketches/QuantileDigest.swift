import ApusValues

/// A summary of a distribution of integers whose quantiles are off by a known part of all ranks.
///
/// Shrivastava, Buragohain, Agrawal and Suri, "Medians and beyond: new aggregation techniques for
/// sensor networks", SenSys 2004. The values are the leaves of a binary tree over 64 bits, of which
/// only branchings and what has a weight is kept; where the weights below a node are small, the node
/// takes them over and stands for all values below it:
///
///     level 3   000…111 (0)
///     level 1             110…111 (5)     five of 6 or 7
///     level 0   000 (9)                   nine of 0
///
/// A node's value is any below it. With the error e, no path from the root to a leaf has more than e
/// of all weights but for the leaf's.
struct QuantileDigest: Sketch {
  struct Node {
    /// The bits that order as the numbers do.
    var value: UInt64
    var weight: Double
    /// Below it lie the values that differ from its own in so many of the lowest bits.
    var level: Int
    var left: Int32
    var right: Int32
  }

  static let nothing: Int32 = -1
  /// Weights below are none at all.
  static let leastWeight = 1e-5

  /// Of `qdigest_agg` without an error.
  static let standardError = 0.01

  let maximalError: Double
  var nodes: [Node] = []
  private var free: [Int32] = []
  var root = QuantileDigest.nothing
  var weight = 0.0
  var minimum = Int64.max
  var maximum = Int64.min

  init(maximalError: Double = standardError) { self.maximalError = maximalError }

  var nodeCount: Int { nodes.count - free.count }

  /// - Parameter weight: positive.
  mutating func add(_ value: Int64, weight added: Double = 1) {
    minimum = min(minimum, value)
    maximum = max(maximum, value)
    let before = weight
    insert(QuantileDigest.bits(value), added)
    // With each further multiple of the factor the bound for what is kept apart rises.
    let factor = compressionFactor
    if (before / factor).rounded(.down) != (weight / factor).rounded(.down) { compress() }
  }

  /// - Throws: INVALID_FUNCTION_ARGUMENT for another error.
  mutating func merge(_ other: QuantileDigest) throws(SQLError) {
    guard abs(maximalError - other.maximalError) < 1e-6 else {
      throw invalidArgument(
        "Cannot merge qdigests with different accuracies (\(maximalError) vs. "
          + "\(other.maximalError))"
      )
    }
    root = merge(root, other, other.root)
    minimum = min(minimum, other.minimum)
    maximum = max(maximum, other.maximum)
    compress()
  }

  // MARK: Questions

  /// The least value whose rank is the quantile's or more, within the error.
  ///
  /// - Parameter quantile: 0...1.
  func value(at quantile: Double) -> Int64 {
    var sum = 0.0
    var result: Int64?
    visit(root) { node in
      sum += node.weight
      if sum > quantile * weight {
        result = min(upperBound(node), maximum)
        return false
      }
      return true
    }
    return result ?? maximum
  }

  /// The part of the weights that lies below a value; nil outside of what was added.
  func quantile(of value: Int64) -> Double? {
    guard weight > 0 else { return nil }
    var least = minimum
    visit(root) { node in
      if node.weight < QuantileDigest.leastWeight { return true }
      least = max(minimum, lowerBound(node))
      return false
    }
    var largest = maximum
    visit(root, isReversed: true) { node in
      if node.weight < QuantileDigest.leastWeight { return true }
      largest = min(maximum, upperBound(node))
      return false
    }
    guard value >= least, value <= largest else { return nil }
    var sum = 0.0
    visit(root) { node in
      if value <= upperBound(node) { return false }
      sum += node.weight
      return true
    }
    return sum / weight
  }

  private func upperBound(_ node: Node) -> Int64 {
    QuantileDigest.number(node.value | QuantileDigest.mask(node.level))
  }

  private func lowerBound(_ node: Node) -> Int64 {
    QuantileDigest.number(node.value & ~QuantileDigest.mask(node.level))
  }

  /// Visits what is below a node, children first, the lower one before the higher (unless reversed),
  /// until `body` gives false.
  @discardableResult
  private func visit(_ index: Int32, isReversed: Bool = false, _ body: (Node) -> Bool) -> Bool {
    guard index != QuantileDigest.nothing else { return true }
    let node = nodes[Int(index)]
    return visit(isReversed ? node.right : node.left, isReversed: isReversed, body)
      && visit(isReversed ? node.left : node.right, isReversed: isReversed, body)
      && body(node)
  }

  /// The nodes in the order of `visit`.
  var ordered: [Node] {
    var result: [Node] = []
    visit(root) { node in
      result.append(node)
      return true
    }
    return result
  }

  // MARK: Bits

  /// As many ones as the level.
  private static func mask(_ level: Int) -> UInt64 { level == 0 ? 0 : .max >> UInt64(64 - level) }

  private static func bits(_ value: Int64) -> UInt64 { UInt64(bitPattern: value) ^ 1 << 63 }

  private static func number(_ bits: UInt64) -> Int64 { Int64(bitPattern: bits ^ 1 << 63) }

  static func isSameBranch(_ left: UInt64, _ right: UInt64, level: Int) -> Bool {
    level >= 64 || left >> UInt64(level) == right >> UInt64(level)
  }

  /// Whether a value below a node of the level is on its right.
  static func isRight(_ value: UInt64, level: Int) -> Bool {
    level > 0 && value & 1 << UInt64(level - 1) != 0
  }

  // MARK: The tree

  private var compressionFactor: Double {
    guard root != QuantileDigest.nothing else { return 1 }
    let factor = (Double(nodes[Int(root)].level + 1) / maximalError).rounded(.down)
    return max(1, min(factor, Double(Int32.max)))
  }

  private mutating func makeNode(_ value: UInt64, level: Int, weight added: Double) -> Int32 {
    weight += added
    let node = Node(
      value: value,
      weight: added,
      level: level,
      left: QuantileDigest.nothing,
      right: QuantileDigest.nothing
    )
    if let index = free.popLast() {
      nodes[Int(index)] = node
      return index
    }
    nodes.append(node)
    return Int32(truncatingIfNeeded: nodes.count - 1)
  }

  private mutating func insert(_ value: UInt64, _ added: Double) {
    if added < QuantileDigest.leastWeight { return }
    var parent = QuantileDigest.nothing
    var isRight = false
    var current = root
    while current != QuantileDigest.nothing {
      let node = nodes[Int(current)]
      if !QuantileDigest.isSameBranch(value, node.value, level: node.level) {
        let leaf = makeNode(value, level: 0, weight: added)
        return setChild(parent, isRight, makeSiblings(current, leaf))
      }
      if node.level == 0 {
        nodes[Int(current)].weight += added
        weight += added
        return
      }
      isRight = QuantileDigest.isRight(value, level: node.level)
      parent = current
      current = isRight ? node.right : node.left
    }
    setChild(parent, isRight, makeNode(value, level: 0, weight: added))
  }

  private mutating func setChild(_ parent: Int32, _ isRight: Bool, _ child: Int32) {
    if parent == QuantileDigest.nothing {
      root = child
    } else if isRight {
      nodes[Int(parent)].right = child
    } else {
      nodes[Int(parent)].left = child
    }
  }

  /// Puts a node above two at the place where their values part.
  private mutating func makeSiblings(_ first: Int32, _ second: Int32) -> Int32 {
    let value = nodes[Int(first)].value
    let level = 64 - (value ^ nodes[Int(second)].value).leadingZeroBitCount
    let parent = makeNode(value, level: level, weight: 0)
    let isRight = QuantileDigest.isRight(value, level: level)
    nodes[Int(parent)].left = isRight ? second : first
    nodes[Int(parent)].right = isRight ? first : second
    return parent
  }

  private mutating func copy(_ other: QuantileDigest, _ index: Int32) -> Int32 {
    guard index != QuantileDigest.nothing else { return index }
    let source = other.nodes[Int(index)]
    let node = makeNode(source.value, level: source.level, weight: source.weight)
    let left = copy(other, source.left)
    let right = copy(other, source.right)
    nodes[Int(node)].left = left
    nodes[Int(node)].right = right
    return node
  }

  /// Adds a tree of `other` to one here and returns the root of both.
  private mutating func merge(_ index: Int32, _ other: QuantileDigest, _ otherIndex: Int32) -> Int32
  {
    guard otherIndex != QuantileDigest.nothing else { return index }
    guard index != QuantileDigest.nothing else { return copy(other, otherIndex) }
    let node = nodes[Int(index)]
    let source = other.nodes[Int(otherIndex)]
    let level = max(node.level, source.level)
    guard QuantileDigest.isSameBranch(node.value, source.value, level: level) else {
      let copied = copy(other, otherIndex)
      return makeSiblings(index, copied)
    }
    if node.level > source.level {
      if QuantileDigest.isRight(source.value, level: node.level) {
        let right = merge(node.right, other, otherIndex)
        nodes[Int(index)].right = right
      } else {
        let left = merge(node.left, other, otherIndex)
        nodes[Int(index)].left = left
      }
      return index
    }
    if node.level < source.level {
      let isRight = QuantileDigest.isRight(node.value, level: source.level)
      let left = isRight ? copy(other, source.left) : merge(index, other, source.left)
      let right = isRight ? merge(index, other, source.right) : copy(other, source.right)
      let parent = makeNode(source.value, level: source.level, weight: source.weight)
      nodes[Int(parent)].left = left
      nodes[Int(parent)].right = right
      return parent
    }
    weight += source.weight
    nodes[Int(index)].weight += source.weight
    let left = merge(node.left, other, source.left)
    let right = merge(node.right, other, source.right)
    nodes[Int(index)].left = left
    nodes[Int(index)].right = right
    return index
  }

  /// Moves small weights to the nodes above them.
  mutating func compress() {
    compress(root, bound: (weight / compressionFactor).rounded(.down))
    if root != QuantileDigest.nothing, nodes[Int(root)].weight < QuantileDigest.leastWeight {
      root = removed(root)
    }
  }

  private mutating func compress(_ index: Int32, bound: Double) {
    guard index != QuantileDigest.nothing else { return }
    compress(nodes[Int(index)].left, bound: bound)
    compress(nodes[Int(index)].right, bound: bound)
    let node = nodes[Int(index)]
    let left = node.left == QuantileDigest.nothing ? 0 : nodes[Int(node.left)].weight
    let right = node.right == QuantileDigest.nothing ? 0 : nodes[Int(node.right)].weight
    let isSmall = node.weight + left + right < bound
    if node.left != QuantileDigest.nothing, isSmall || left < QuantileDigest.leastWeight {
      nodes[Int(index)].left = removed(node.left)
      nodes[Int(index)].weight += left
    }
    if node.right != QuantileDigest.nothing, isSmall || right < QuantileDigest.leastWeight {
      nodes[Int(index)].right = removed(node.right)
      nodes[Int(index)].weight += right
    }
  }

  /// Takes a node out of the tree, or its weight if two hang on it, and returns what is in its place.
  private mutating func removed(_ index: Int32) -> Int32 {
    let node = nodes[Int(index)]
    if node.left != QuantileDigest.nothing, node.right != QuantileDigest.nothing {
      nodes[Int(index)].weight = 0
      return index
    }
    free.append(index)
    return node.left != QuantileDigest.nothing ? node.left : node.right
  }

  var byteCount: Int { nodes.capacity * MemoryLayout<Node>.stride + MemoryLayout<Self>.stride }
}
