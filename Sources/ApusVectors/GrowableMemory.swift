import CApusKernels

// Tables of groups and keys are read at random and grow to hundreds of megabytes. In pages of 4 KiB
// most of such reads miss the processor's table of pages, and the first write to each page is a call
// into the system. From a few megabytes on, memory is therefore mapped in pages of 2 MiB, and grows by
// moving its pages, not its bytes.
//
// Safety: owns its memory, which is valid from `base` for `byteCount` bytes until the next `grow`.

/// A block of raw memory with one owner, aligned to 64 bytes, that can grow.
public struct GrowableMemory: ~Copyable {
  public private(set) var base: UnsafeMutableRawPointer
  public private(set) var byteCount: Int
  /// Whether memory that nobody has written to is all zeros; otherwise it is undefined.
  private let isZeroed: Bool
  private var isMapped = false

  /// Blocks from this size on are mapped.
  private static let mappedByteCount = Int(APUS_HUGE_PAGE_SIZE)

  /// - Parameter byteCount: at least so many bytes.
  public init(byteCount: Int, isZeroed: Bool = false) {
    self.isZeroed = isZeroed
    self.byteCount = max(byteCount, 64)
    if let mapped = Self.map(&self.byteCount) {
      base = mapped
      isMapped = true
    } else {
      base = .allocate(byteCount: self.byteCount, alignment: 64)
      if isZeroed { base.initializeMemory(as: UInt8.self, repeating: 0, count: self.byteCount) }
    }
  }

  deinit { Self.free(base, byteCount, isMapped: isMapped) }

  /// Makes room for at least so many bytes, at a new place; what was written stays.
  public mutating func grow(to byteCount: Int) {
    guard byteCount > self.byteCount else { return }
    var newByteCount = byteCount
    if isMapped {
      newByteCount = Self.mappedSize(byteCount)
      if let moved = apus_remap(base, self.byteCount, newByteCount) {
        base = moved
        self.byteCount = newByteCount
        return
      }
    }
    let larger = Self.map(&newByteCount)
    let isMapped = larger != nil
    let target = larger ?? .allocate(byteCount: newByteCount, alignment: 64)
    target.copyMemory(from: base, byteCount: self.byteCount)
    if isZeroed, !isMapped {
      (target + self.byteCount).initializeMemory(
        as: UInt8.self,
        repeating: 0,
        count: newByteCount - self.byteCount
      )
    }
    Self.free(base, self.byteCount, isMapped: self.isMapped)
    base = target
    self.byteCount = newByteCount
    self.isMapped = isMapped
  }

  /// The memory as elements of a type without references.
  @inlinable
  public func elements<Element: BitwiseCopyable>(
    as element: Element.Type
  ) -> UnsafeMutablePointer<Element> {
    base.assumingMemoryBound(to: Element.self)
  }

  private static func mappedSize(_ byteCount: Int) -> Int {
    (byteCount + mappedByteCount - 1) / mappedByteCount * mappedByteCount
  }

  /// Maps a block that is large enough for it, and says how large it became.
  private static func map(_ byteCount: inout Int) -> UnsafeMutableRawPointer? {
    guard byteCount >= mappedByteCount else { return nil }
    let rounded = mappedSize(byteCount)
    guard let memory = apus_map(rounded) else { return nil }
    byteCount = rounded
    return memory
  }

  private static func free(_ base: UnsafeMutableRawPointer, _ byteCount: Int, isMapped: Bool) {
    if isMapped { apus_unmap(base, byteCount) } else { base.deallocate() }
  }
}
