import ApusValues

// Text in memory.
//
// A string is a 16-byte view: the length, then either all of its bytes or the place where they are.
//
//   "Newark"                                    "San Francisco International"
//   ┌────────┬────────┬─────────────────┐       ┌────────┬────────┬─────────────────┐
//   │ 6      │ N e w a│ r k 0 0 0 0 0 0 │       │ 27     │ S a n  │ pointer         │
//   └────────┴────────┴─────────────────┘       └────────┴────────┴─────────────────┘
//    length   first 4   next 8 bytes             length   first 4   to all 27 bytes
//
// Up to 12 bytes lie in the view, padded with zeros, so equality of short strings is equality of
// two words, and most unequal long ones differ in the first word. The layout is that of Umbra
// (Neumann and Freitag, CIDR 2020) and, but for the pointer in place of buffer and offset, that of
// Arrow's Utf8View: with a pointer, a view can be compared, hashed and moved between vectors
// without its heap at hand. Whoever holds views keeps the heaps they point into.
//
// Safety: a view is valid as long as the heap that it points into; vectors retain their heaps.

/// A string of bytes: its length with either its content or a pointer to it.
@frozen
public struct StringView {
  /// The length in the low 32 bits, the first four bytes in the high ones.
  public var low: UInt64
  /// The bytes 4..<12, or the address of all bytes.
  public var high: UInt64

  /// The longest string that lies in the view itself.
  public static var inlineCapacity: Int { 12 }

  @inlinable
  public init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  /// The empty string.
  @inlinable
  public init() {
    low = 0
    high = 0
  }

  /// Makes a view of `count` bytes at `bytes`, which must outlive it if they are more than 12.
  @inlinable
  public init(_ bytes: UnsafeRawPointer, count: Int) {
    if count >= 12 {
      let prefix = UInt64(bytes.loadUnaligned(as: UInt32.self))
      low = UInt64(UInt32(truncatingIfNeeded: count)) | prefix << 32
      if count == 12 {
        high = bytes.loadUnaligned(fromByteOffset: 4, as: UInt64.self)
      } else {
        high = UInt64(UInt(bitPattern: bytes))
      }
      return
    }
    var prefix: UInt64 = 0
    var rest: UInt64 = 0
    var index = 0
    while index < count {
      let byte = UInt64(bytes.load(fromByteOffset: index, as: UInt8.self))
      if index < 4 {
        prefix |= byte << UInt64(index * 8)
      } else {
        rest |= byte << UInt64((index - 4) * 8)
      }
      index += 1
    }
    low = UInt64(count) | prefix << 32
    high = rest
  }

  /// Makes a view of bytes that outlive it.
  @inlinable
  public init(_ bytes: UnsafeRawBufferPointer) {
    if let base = bytes.baseAddress {
      self.init(base, count: bytes.count)
    } else {
      self.init()
    }
  }

  /// The length in bytes.
  @inlinable
  public var count: Int { Int(low & 0xffff_ffff) }

  @inlinable
  public var isInline: Bool { count <= 12 }

  /// The bytes of the view at `pointer`; valid while both the view's memory and its heap are.
  @inlinable
  public static func bytes(at pointer: UnsafePointer<StringView>) -> UnsafeRawBufferPointer {
    let view = pointer.pointee
    let count = view.count
    if count <= 12 {
      return UnsafeRawBufferPointer(start: UnsafeRawPointer(pointer) + 4, count: count)
    }
    return UnsafeRawBufferPointer(
      start: UnsafeRawPointer(bitPattern: UInt(view.high)),
      count: count
    )
  }

  /// Calls `body` with the bytes.
  @inlinable
  public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    withUnsafePointer(to: self) { body(StringView.bytes(at: $0)) }
  }

  /// Whether both hold the same bytes.
  @inlinable
  public static func == (left: StringView, right: StringView) -> Bool {
    if left.low != right.low { return false }
    if left.high == right.high { return true }
    return left.count > 12 && compareLong(left, right) == 0
  }

  /// Compares as unsigned bytes, which for UTF-8 is the order of code points.
  ///
  /// - Returns: a negative number, 0 or a positive number.
  @inlinable
  public static func compare(_ left: StringView, _ right: StringView) -> Int {
    let leftPrefix = UInt32(truncatingIfNeeded: left.low >> 32).byteSwapped
    let rightPrefix = UInt32(truncatingIfNeeded: right.low >> 32).byteSwapped
    if leftPrefix != rightPrefix { return leftPrefix < rightPrefix ? -1 : 1 }
    if left.isInline, right.isInline {
      // Bytes beyond an end are zeros, and the shorter one comes first where all else is equal.
      let leftRest = left.high.byteSwapped
      let rightRest = right.high.byteSwapped
      return leftRest == rightRest ? left.count - right.count : leftRest < rightRest ? -1 : 1
    }
    return compareLong(left, right)
  }

  @usableFromInline
  static func compareLong(_ left: StringView, _ right: StringView) -> Int {
    left.withBytes { leftBytes in
      right.withBytes { rightBytes in
        compareBytes(leftBytes, rightBytes)
      }
    }
  }

  /// Copies the bytes into a Swift string, repairing what is not UTF-8.
  public var string: String { withBytes { String(decoding: $0, as: UTF8.self) } }
}
