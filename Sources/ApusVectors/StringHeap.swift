/// Memory for the bytes of strings that do not fit their views: blocks that only grow.
///
/// Owned by one builder or operator at a time; its finished blocks are shared through
/// `VectorBuffer`s.
///
/// Safety: what `allocate` returns lies in one block, which no one else is given again.
public final class StringHeap {
  public private(set) var blocks: [VectorBuffer] = []
  private var position = 0
  private var capacity = 0
  private let blockSize: Int

  /// - Parameter blockSize: bytes of a block; longer strings get a block of their own.
  public init(blockSize: Int = 32 * 1024) { self.blockSize = blockSize }

  /// Bytes allocated so far.
  public private(set) var byteCount = 0

  /// Returns uninitialized memory for `count` bytes that lives as long as the blocks do.
  public func allocate(_ count: Int) -> UnsafeMutableRawPointer {
    if position + count > capacity || blocks.isEmpty {
      let block = VectorBuffer(byteCount: max(count, blockSize))
      blocks.append(block)
      byteCount += block.byteCount
      position = 0
      capacity = block.byteCount
    }
    let pointer = blocks[blocks.count - 1].base + position
    position += count
    return pointer
  }

  /// Copies bytes and returns their view.
  public func store(_ bytes: UnsafeRawBufferPointer) -> StringView {
    guard let base = bytes.baseAddress, bytes.count > 0 else { return StringView() }
    if bytes.count <= StringView.inlineCapacity { return StringView(base, count: bytes.count) }
    let copy = allocate(bytes.count)
    copy.copyMemory(from: base, byteCount: bytes.count)
    return StringView(copy, count: bytes.count)
  }

  /// Copies what a view points to, so that the new one depends on this heap alone.
  public func store(_ view: StringView) -> StringView {
    view.isInline ? view : view.withBytes { store($0) }
  }

  /// Copies the UTF-8 bytes of a string.
  public func store(_ string: String) -> StringView {
    var string = string
    return string.withUTF8 { store(UnsafeRawBufferPointer($0)) }
  }
}
