import Synchronization

/// A flag for each row of a build side: whether any worker has found a match for it.
///
/// Safety: workers set flags at the same time, each atomically; rows are below `count`.
final class MatchFlags: @unchecked Sendable {
  let count: Int
  private let flags: UnsafeMutablePointer<Atomic<UInt8>>

  init(count: Int) {
    self.count = count
    flags = .allocate(capacity: max(count, 1))
    for row in 0..<count { (flags + row).initialize(to: Atomic(0)) }
  }

  deinit {
    flags.deinitialize(count: count)
    flags.deallocate()
  }

  @inline(__always)
  func set(_ row: Int) { flags[row].store(1, ordering: .relaxed) }

  func isSet(_ row: Int) -> Bool { flags[row].load(ordering: .relaxed) != 0 }
}
