// Arrays, maps and rows as bytes, which a string view points to. So whatever moves, keeps, groups or
// spills strings does the same with nested values.
//
//   array  │ count │ flags │ validity │ elements │       count and flags: 4 bytes each
//   map    │ bytes of the keys │ keys: array │ values: array │
//   row    │ validity │ ends │ fields │                  validity: a byte per field
//
// An array whose flags are 1 has a byte of validity per element, otherwise there is no NULL. Elements
// of a fixed size follow one another. Strings and nested elements are preceded by the positions of
// their ends, 4 bytes each, counted from the first byte after them; so are the fields of a row, of
// whatever type. Nothing is aligned. No bytes at all are an empty array, too: what a NULL has.
//
// Safety: bytes are those that an encoder has made, so counts and ends lie within them.

/// The bytes of an array.
struct EncodedArray {
  let count: Int
  /// A byte per element; nil without NULLs.
  let validity: UnsafePointer<UInt8>?
  /// The first element of a fixed size, or the first end; anything if there is none.
  let elements: UnsafeRawPointer

  static let headerByteCount = 8
  private static let emptyBuffer = VectorBuffer(byteCount: 0)

  init(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress, bytes.count >= EncodedArray.headerByteCount else {
      count = 0
      validity = nil
      elements = UnsafeRawPointer(EncodedArray.emptyBuffer.base)
      return
    }
    count = Int(base.loadUnaligned(as: UInt32.self))
    let start = base + EncodedArray.headerByteCount
    let hasNulls = base.loadUnaligned(fromByteOffset: 4, as: UInt32.self) != 0
    validity = hasNulls ? start.assumingMemoryBound(to: UInt8.self) : nil
    elements = hasNulls ? start + count : start
  }

  /// The bytes of an element that is a string or nested.
  func bytes(_ index: Int) -> UnsafeRawBufferPointer {
    let start = index == 0 ? 0 : end(index - 1)
    return UnsafeRawBufferPointer(
      start: elements + count * 4 + start,
      count: end(index) - start
    )
  }

  private func end(_ index: Int) -> Int {
    Int(elements.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
  }
}

/// The bytes of a row.
struct EncodedRow {
  private let bytes: UnsafeRawBufferPointer
  private let fieldCount: Int

  init(_ bytes: UnsafeRawBufferPointer, fieldCount: Int) {
    self.bytes = bytes
    self.fieldCount = fieldCount
  }

  func isNull(_ field: Int) -> Bool { bytes.isEmpty || bytes[field] == 0 }

  /// The bytes of a field of a row that has any.
  func bytes(_ field: Int) -> UnsafeRawBufferPointer {
    let start = fieldCount * 5
    let first = field == 0 ? 0 : end(field - 1)
    return UnsafeRawBufferPointer(rebasing: bytes[(start + first)..<(start + end(field))])
  }

  private func end(_ field: Int) -> Int {
    Int(bytes.loadUnaligned(fromByteOffset: fieldCount + field * 4, as: UInt32.self))
  }
}

/// The bytes of a map.
struct EncodedMap {
  let keys: UnsafeRawBufferPointer
  let values: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress, bytes.count >= 4 else {
      keys = UnsafeRawBufferPointer(start: nil, count: 0)
      values = keys
      return
    }
    let keyByteCount = Int(base.loadUnaligned(as: UInt32.self))
    keys = UnsafeRawBufferPointer(rebasing: bytes[4..<4 + keyByteCount])
    values = UnsafeRawBufferPointer(rebasing: bytes[(4 + keyByteCount)...])
  }
}

/// How many elements the bytes of an array say it has.
public func nestedCount(_ array: UnsafeRawBufferPointer) -> Int { EncodedArray(array).count }
