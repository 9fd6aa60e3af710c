// The other direction of `ThriftReader`, with the same picture; see there.

/// Writes values one after the other. Fields of a structure come in ascending order of their ids.
struct ThriftWriter {
  private(set) var bytes: [UInt8] = []
  /// The last field written of every open structure.
  private var lastFields: [Int] = [0]

  mutating func field(_ id: Int, _ type: ThriftType) {
    let level = lastFields.count - 1
    let delta = id - lastFields[level]
    if (1...15).contains(delta) {
      bytes.append(UInt8(delta) << 4 | type.rawValue)
    } else {
      bytes.append(type.rawValue)
      zigzag(Int64(id))
    }
    lastFields[level] = id
  }

  mutating func field(_ id: Int, int32 value: Int) {
    field(id, .int32)
    zigzag(Int64(value))
  }

  mutating func field(_ id: Int, int64 value: Int) {
    field(id, .int64)
    zigzag(Int64(value))
  }

  mutating func field(_ id: Int, int8 value: Int8) {
    field(id, .int8)
    bytes.append(UInt8(bitPattern: value))
  }

  mutating func field(_ id: Int, _ value: Bool) {
    field(id, value ? .booleanTrue : .booleanFalse)
  }

  mutating func field(_ id: Int, _ value: String) {
    field(id, .binary)
    binary(Array(value.utf8))
  }

  mutating func field(_ id: Int, _ value: [UInt8]) {
    field(id, .binary)
    binary(value)
  }

  /// Writes a structure with the fields that `content` writes.
  mutating func field(_ id: Int, structure content: (inout ThriftWriter) -> Void) {
    field(id, .structure)
    structure(content)
  }

  /// Writes a list's field; its `count` elements must follow.
  mutating func field(_ id: Int, listOf element: ThriftType, count: Int) {
    field(id, .list)
    if count < 15 {
      bytes.append(UInt8(count) << 4 | element.rawValue)
    } else {
      bytes.append(0xf0 | element.rawValue)
      varint(UInt64(count))
    }
  }

  /// Writes a structure that is an element or stands alone.
  mutating func structure(_ content: (inout ThriftWriter) -> Void) {
    lastFields.append(0)
    content(&self)
    lastFields.removeLast()
    bytes.append(ThriftType.stop.rawValue)
  }

  mutating func binary(_ value: [UInt8]) {
    varint(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  mutating func binary(_ value: String) { binary(Array(value.utf8)) }

  /// Writes a boolean that is an element of a list.
  mutating func element(_ value: Bool) {
    bytes.append((value ? ThriftType.booleanTrue : ThriftType.booleanFalse).rawValue)
  }

  mutating func zigzag(_ value: Int64) {
    varint(UInt64(bitPattern: value << 1 ^ value >> 63))
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
