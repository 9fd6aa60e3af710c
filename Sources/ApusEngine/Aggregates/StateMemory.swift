/// Memory for one state per group that grows with the groups; new states are all zeros.
///
/// Safety: owned by one accumulator; pointers are valid until the next `grow`. Element types hold no
/// references.
final class StateMemory {
  private(set) var base: UnsafeMutableRawPointer
  private(set) var byteCount: Int
  private let stride: Int
  /// The number of states.
  private(set) var count = 0

  /// - Parameter stride: bytes of a state.
  init(stride: Int) {
    self.stride = stride
    byteCount = 64
    base = .allocate(byteCount: 64, alignment: 16)
    base.initializeMemory(as: UInt8.self, repeating: 0, count: 64)
  }

  deinit { base.deallocate() }

  /// Makes room for `count` states in all.
  func grow(to count: Int) {
    guard count > self.count else { return }
    self.count = count
    let needed = count * stride
    guard needed > byteCount else { return }
    let newByteCount = max(needed, byteCount * 2)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: newByteCount, alignment: 16)
    memory.copyMemory(from: base, byteCount: byteCount)
    (memory + byteCount).initializeMemory(
      as: UInt8.self,
      repeating: 0,
      count: newByteCount - byteCount
    )
    base.deallocate()
    base = memory
    byteCount = newByteCount
  }

  /// The states as what they are.
  @inline(__always)
  func states<State>(as state: State.Type) -> UnsafeMutablePointer<State> {
    base.assumingMemoryBound(to: State.self)
  }
}
