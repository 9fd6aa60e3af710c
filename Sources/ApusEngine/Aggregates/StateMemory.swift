import ApusVectors

/// Memory for one state per group that grows with the groups; new states are all zeros.
///
/// Safety: owned by one accumulator; pointers are valid until the next `grow`. Element types hold no
/// references.
final class StateMemory {
  private var memory = GrowableMemory(byteCount: 64, isZeroed: true)
  private let stride: Int
  /// The number of states.
  private(set) var count = 0

  /// - Parameter stride: bytes of a state.
  init(stride: Int) { self.stride = stride }

  var base: UnsafeMutableRawPointer { memory.base }

  var byteCount: Int { memory.byteCount }

  /// Makes room for `count` states in all.
  func grow(to count: Int) {
    guard count > self.count else { return }
    self.count = count
    let needed = count * stride
    if needed > memory.byteCount { memory.grow(to: max(needed, memory.byteCount * 2)) }
  }

  /// The states as what they are.
  @inline(__always)
  func states<State>(as state: State.Type) -> UnsafeMutablePointer<State> {
    memory.base.assumingMemoryBound(to: State.self)
  }
}
