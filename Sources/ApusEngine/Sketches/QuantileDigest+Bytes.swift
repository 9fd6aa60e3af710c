import ApusValues

// The bytes of a qdigest, numbers with their lowest byte first:
//
//     0, error: double, decay: double, since: int64, minimum: int64, maximum: int64, count: int32
//     count times: byte, weight: double, value: uint64
//
// The nodes come children first, the lower one before the higher, the root last. A node's byte has bit
// 0 for a lower child, bit 1 for a higher one and above them the level, less one if it is not 0; a node
// with a child is read with the level that it had, a leaf with the level that is written. So a node
// that took over its children's weights stands for half as many values when it is read again; Trino's
// quantiles show that, and therefore it is kept. Values have their first bit turned over, so that they
// order as unsigned numbers.
//
// No aggregate makes digests that decay; such bytes are not read.
//
// Source: airlift, stats, `QuantileDigest`, as Trino 400 to 470 use it, and the bytes of Athena itself in
// the tests.
extension QuantileDigest {
  private enum Flag {
    static let left: UInt8 = 1
    static let right: UInt8 = 2
  }

  init(bytes: UnsafeRawBufferPointer) throws(SQLError) {
    var reader = SketchReader("qdigest", bytes)
    guard try reader.integer(UInt8.self) == 0 else { throw reader.invalid("Invalid format") }
    let error = try reader.double()
    guard error >= 0, error <= 1 else { throw reader.invalid("maxError must be in range [0, 1]") }
    guard try reader.double() == 0 else { throw reader.invalid("it decays") }
    _ = try reader.integer(Int64.self)
    self.init(maximalError: error)
    minimum = try reader.integer(Int64.self)
    maximum = try reader.integer(Int64.self)
    let count = Int(try reader.integer(Int32.self))
    guard count >= 0, count * 17 == reader.remaining else {
      throw reader.invalid("\(count) nodes in \(reader.remaining) bytes")
    }
    try readNodes(&reader, count)
  }

  private mutating func readNodes(_ reader: inout SketchReader, _ count: Int) throws(SQLError) {
    nodes.reserveCapacity(count)
    var roots: [Int32] = []
    for index in 0..<count {
      let structure = try reader.integer(UInt8.self)
      let hasLeft = structure & Flag.left != 0
      let hasRight = structure & Flag.right != 0
      var node = Node(
        value: 0,
        weight: try reader.double(),
        level: Int(structure >> 2) + (hasLeft || hasRight ? 1 : 0),
        left: QuantileDigest.nothing,
        right: QuantileDigest.nothing
      )
      node.value = try reader.integer(UInt64.self)
      guard node.weight >= 0, node.weight.isFinite else {
        throw reader.invalid("a weight is wrong")
      }
      if hasRight { node.right = try child(of: node, isRight: true, &roots, reader) }
      if hasLeft { node.left = try child(of: node, isRight: false, &roots, reader) }
      weight += node.weight
      nodes.append(node)
      roots.append(Int32(truncatingIfNeeded: index))
    }
    guard roots.count <= 1 else {
      throw reader.invalid("Tree is corrupted. Expected a single root node")
    }
    root = roots.last ?? QuantileDigest.nothing
  }

  /// Takes the last tree, which must fit below a node. As levels fall from node to child, no path is
  /// longer than the 65 levels.
  private func child(
    of node: Node,
    isRight: Bool,
    _ roots: inout [Int32],
    _ reader: SketchReader
  ) throws(SQLError) -> Int32 {
    guard let index = roots.popLast() else { throw reader.invalid("Tree is corrupted") }
    let child = nodes[Int(index)]
    guard child.level < node.level,
      QuantileDigest.isSameBranch(child.value, node.value, level: node.level),
      QuantileDigest.isRight(child.value, level: node.level) == isRight
    else { throw reader.invalid("Tree is corrupted") }
    return index
  }

  func serialized() -> [UInt8] {
    var digest = self
    digest.compress()
    var bytes: [UInt8] = [0]
    bytes.reserveCapacity(45 + digest.nodeCount * 17)
    bytes.append(littleEndian: maximalError)
    bytes.append(littleEndian: 0.0)
    bytes.append(littleEndian: Int64(0))
    bytes.append(littleEndian: minimum)
    bytes.append(littleEndian: maximum)
    bytes.append(littleEndian: Int32(truncatingIfNeeded: digest.nodeCount))
    for node in digest.ordered {
      var structure = UInt8(max(node.level - 1, 0)) << 2
      if node.left != QuantileDigest.nothing { structure |= Flag.left }
      if node.right != QuantileDigest.nothing { structure |= Flag.right }
      bytes.append(structure)
      bytes.append(littleEndian: node.weight)
      bytes.append(littleEndian: node.value)
    }
    return bytes
  }
}
