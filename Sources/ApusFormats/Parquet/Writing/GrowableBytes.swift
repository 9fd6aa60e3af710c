/// Raw memory that grows at its end; kernels write through its pointer, others by value.
///
/// Safety: `reserve` makes the room that raw writes need; `count` says how much of it is defined.
final class GrowableBytes {
  private(set) var base: UnsafeMutableRawPointer
  private(set) var capacity: Int
  /// Bytes that have been written.
  private(set) var count = 0

  init(capacity: Int = 64) {
    self.capacity = max(capacity, 64)
    base = UnsafeMutableRawPointer.allocate(byteCount: self.capacity, alignment: 16)
  }

  deinit { base.deallocate() }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

  /// The first byte that is not written yet.
  var end: UnsafeMutableRawPointer { base + count }

  /// Makes room for `additional` bytes behind those written, at least doubling where it grows.
  func reserve(_ additional: Int) {
    if count + additional <= capacity { return }
    let greater = max(capacity * 2, count + additional)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: greater, alignment: 16)
    memory.copyMemory(from: base, byteCount: count)
    base.deallocate()
    base = memory
    capacity = greater
  }

  /// Counts bytes that were written at `end`, for which room was reserved.
  func advance(_ written: Int) { count += written }

  func append(_ source: UnsafeRawBufferPointer) {
    guard let start = source.baseAddress else { return }
    reserve(source.count)
    end.copyMemory(from: start, byteCount: source.count)
    count += source.count
  }

  func append(byte: UInt8) {
    reserve(1)
    end.storeBytes(of: byte, as: UInt8.self)
    count += 1
  }

  /// Appends four bytes, the lowest first.
  func append(littleEndian value: UInt32) {
    reserve(4)
    end.storeBytes(of: value.littleEndian, as: UInt32.self)
    count += 4
  }

  func store(littleEndian value: UInt32, at offset: Int) {
    base.storeBytes(of: value.littleEndian, toByteOffset: offset, as: UInt32.self)
  }

  func appendVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(byte: UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(byte: UInt8(rest))
  }

  /// Forgets the content and keeps the memory, unless it is more than `retaining` bytes.
  func removeAll(retaining limit: Int = .max) {
    count = 0
    guard capacity > limit else { return }
    base.deallocate()
    capacity = max(limit, 64)
    base = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
  }
}
