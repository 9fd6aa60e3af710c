import Glibc

/// Memory that grows by doubling.
///
/// Safety: `base` is valid until the next `grow`, aligned to 64 bytes; what is new is undefined.
/// Frees what it allocates.
struct GrowingMemory: ~Copyable {
  private(set) var base: UnsafeMutableRawPointer
  private(set) var byteCount = 64

  init() { base = .allocate(byteCount: 64, alignment: 64) }

  deinit { base.deallocate() }

  /// Makes room for `needed` bytes in all.
  mutating func grow(to needed: Int) {
    guard needed > byteCount else { return }
    let newByteCount = max(needed, byteCount * 2)
    let memory = GrowingMemory.allocate(newByteCount)
    memory.copyMemory(from: base, byteCount: byteCount)
    base.deallocate()
    base = memory
    byteCount = newByteCount
  }

  private static let hugePageByteCount = 2 << 20

  /// Returns memory that is read and written here and there: on huge pages where it is large, so
  /// that finding a page takes no longer than reading it.
  static func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
    guard byteCount >= 2 * hugePageByteCount else {
      return .allocate(byteCount: byteCount, alignment: 64)
    }
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: byteCount,
      alignment: hugePageByteCount
    )
    // A wish: without huge pages all is slower and nothing wrong.
    _ = madvise(memory, byteCount, MADV_HUGEPAGE)
    return memory
  }
}
