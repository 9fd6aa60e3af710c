import CApusKernels

/// A block of raw memory, aligned to 64 bytes, that is freed with its last owner.
///
/// Safety: written only by the builder that made it, before it is shared; read-only afterwards.
/// That is why it may be `Sendable` without a lock.
public final class VectorBuffer: @unchecked Sendable {
  public let base: UnsafeMutableRawPointer
  public let byteCount: Int

  /// Allocates `byteCount` bytes with undefined content.
  public init(byteCount: Int) {
    self.byteCount = byteCount
    // Where there is no memory left, the standard allocation says so and ends the process.
    base =
      apus_block_allocate(max(byteCount, 16))
      ?? .allocate(byteCount: max(byteCount, 16), alignment: 64)
  }

  deinit { apus_block_free(base, max(byteCount, 16)) }
}
