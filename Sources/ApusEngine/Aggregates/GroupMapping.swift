/// Groups of one accumulator, each with the group of another that it is added to.
///
/// Safety: valid as long as the memory that it was made of.
package struct GroupMapping: Sequence {
  private let sources: UnsafeBufferPointer<Int32>
  private let targets: UnsafeBufferPointer<Int32>

  /// - Parameters:
  ///   - sources: groups of the accumulator that is added.
  ///   - targets: for each of them the group that it goes to; as many.
  package init(sources: UnsafeBufferPointer<Int32>, targets: UnsafeBufferPointer<Int32>) {
    precondition(sources.count == targets.count)
    self.sources = sources
    self.targets = targets
  }

  package func makeIterator() -> Iterator { Iterator(self) }

  package struct Iterator: IteratorProtocol {
    private let mapping: GroupMapping
    private var position = 0

    fileprivate init(_ mapping: GroupMapping) { self.mapping = mapping }

    @inline(__always)
    package mutating func next() -> (group: Int, target: Int)? {
      guard position < mapping.sources.count else { return nil }
      defer { position += 1 }
      return (Int(mapping.sources[position]), Int(mapping.targets[position]))
    }
  }
}
