// Thrift's compact protocol, as far as Parquet's footer and page headers use it.
//
//   field      [delta of the field number << 4 | type], or [type] and the number as a zigzag varint
//   struct     fields up to a zero byte
//   integer    zigzag varint        boolean    in the field's type: 1 true, 2 false
//   binary     varint length, bytes
//   list       [count << 4 | type] or [15 << 4 | type] and the count as a varint, elements
//
// Source: thrift/doc/specs/thrift-compact-protocol.md.

/// The type nibbles of the protocol.
enum ThriftType: UInt8 {
  case stop = 0
  case booleanTrue = 1
  case booleanFalse = 2
  case int8 = 3
  case int16 = 4
  case int32 = 5
  case int64 = 6
  case double = 7
  case binary = 8
  case list = 9
  case set = 10
  case map = 11
  case structure = 12
  case uuid = 13
}

struct ThriftField {
  var id: Int
  var type: ThriftType
}

/// Reads values one after the other.
///
/// Every count is compared with the bytes that are left before anything is done with it, and
/// skipped values nest at most 32 deep, so that a hostile footer costs no more than its size.
///
/// Safety: `bytes` must outlive the reader; reads go through checked subscripts.
struct ThriftReader {
  let bytes: UnsafeRawBufferPointer
  private(set) var position = 0
  /// Where `bytes` start in the file, for errors.
  let fileOffset: Int

  init(_ bytes: UnsafeRawBufferPointer, fileOffset: Int) {
    self.bytes = bytes
    self.fileOffset = fileOffset
  }

  var remaining: Int { bytes.count - position }

  func corrupt(_ message: String) -> FormatError {
    FormatError.corrupt(message, at: fileOffset + position)
  }

  mutating func byte() throws(FormatError) -> UInt8 {
    guard position < bytes.count else { throw corrupt("metadata ends too early") }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func varint() throws(FormatError) -> UInt64 {
    var result: UInt64 = 0
    var shift: UInt64 = 0
    while shift < 64 {
      let next = try byte()
      result |= UInt64(next & 0x7f) << shift
      if next < 0x80 { return result }
      shift += 7
    }
    throw corrupt("a number in the metadata is too long")
  }

  mutating func zigzag() throws(FormatError) -> Int64 {
    let raw = try varint()
    return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
  }

  /// Reads the next field's header of a struct; nil at the struct's end.
  ///
  /// - Parameter last: the number of the field before, 0 at first; updated.
  mutating func field(after last: inout Int) throws(FormatError) -> ThriftField? {
    let header = try byte()
    guard let type = ThriftType(rawValue: header & 0x0f) else {
      throw corrupt("unknown type in the metadata")
    }
    if type == .stop { return nil }
    if header >> 4 != 0 {
      last += Int(header >> 4)
    } else {
      last = Int(Int16(truncatingIfNeeded: try zigzag()))
    }
    return ThriftField(id: last, type: type)
  }

  mutating func integer(_ field: ThriftField) throws(FormatError) -> Int64 {
    switch field.type {
    case .int16, .int32, .int64: return try zigzag()
    case .int8: return Int64(Int8(bitPattern: try byte()))
    default: throw corrupt("field \(field.id) of the metadata is no number")
    }
  }

  /// Reads a number that must lie within 0...`limit`.
  mutating func count(
    _ field: ThriftField,
    limit: Int = 1 << 48,
    _ what: String
  ) throws(FormatError) -> Int {
    let value = try integer(field)
    guard value >= 0, value <= Int64(limit) else { throw corrupt("\(what) is \(value)") }
    return Int(value)
  }

  func boolean(_ field: ThriftField) throws(FormatError) -> Bool {
    switch field.type {
    case .booleanTrue: return true
    case .booleanFalse: return false
    default: throw corrupt("field \(field.id) of the metadata is no boolean")
    }
  }

  /// Reads a length and returns the bytes it counts.
  mutating func binary(_ field: ThriftField) throws(FormatError) -> UnsafeRawBufferPointer {
    guard field.type == .binary else {
      throw corrupt("field \(field.id) of the metadata is no text")
    }
    return try binary()
  }

  mutating func binary() throws(FormatError) -> UnsafeRawBufferPointer {
    let count = try varint()
    guard count <= UInt64(remaining) else { throw corrupt("a text in the metadata is cut short") }
    defer { position += Int(count) }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + Int(count)])
  }

  mutating func string(_ field: ThriftField) throws(FormatError) -> String {
    String(decoding: try binary(field), as: UTF8.self)
  }

  mutating func expectStructure(_ field: ThriftField) throws(FormatError) {
    guard field.type == .structure else {
      throw corrupt("field \(field.id) of the metadata is no structure")
    }
  }

  /// Reads a list's header; each element takes at least one byte, which bounds the count.
  mutating func list(
    _ field: ThriftField,
    of element: ThriftType
  ) throws(FormatError) -> Int {
    guard field.type == .list else { throw corrupt("field \(field.id) of the metadata is no list") }
    let (type, count) = try listHeader()
    guard type == element || count == 0 else {
      throw corrupt("a list in the metadata has another type than expected")
    }
    return count
  }

  /// Reads a list of booleans, a byte each; writers disagree about the number of their type.
  mutating func booleans(_ field: ThriftField) throws(FormatError) -> [Bool] {
    guard field.type == .list else { throw corrupt("field \(field.id) of the metadata is no list") }
    let (type, count) = try listHeader()
    guard type == .booleanTrue || type == .booleanFalse || count == 0 else {
      throw corrupt("a list in the metadata has another type than expected")
    }
    var values: [Bool] = []
    for _ in 0..<count { values.append(try byte() == 1) }
    return values
  }

  private mutating func listHeader() throws(FormatError) -> (ThriftType, Int) {
    let header = try byte()
    guard let type = ThriftType(rawValue: header & 0x0f) else {
      throw corrupt("unknown type in the metadata")
    }
    let count = header >> 4 == 15 ? try varint() : UInt64(header >> 4)
    guard count <= UInt64(remaining) else { throw corrupt("a list in the metadata is cut short") }
    return (type, Int(count))
  }

  mutating func skip(_ field: ThriftField) throws(FormatError) {
    try skip(field.type, depth: 0, inField: true)
  }

  private mutating func skip(
    _ type: ThriftType,
    depth: Int,
    inField: Bool
  ) throws(FormatError) {
    guard depth < 32 else { throw corrupt("the metadata is nested too deep") }
    switch type {
    case .stop: throw corrupt("unexpected end of a structure in the metadata")
    case .booleanTrue, .booleanFalse:
      // In a struct the value is the type itself, in a list it is a byte.
      if !inField { _ = try byte() }
    case .int8: _ = try byte()
    case .int16, .int32, .int64: _ = try varint()
    case .double: try skip(byteCount: 8)
    case .uuid: try skip(byteCount: 16)
    case .binary: _ = try binary()
    case .list, .set:
      let (element, count) = try listHeader()
      for _ in 0..<count { try skip(element, depth: depth + 1, inField: false) }
    case .map:
      let count = try varint()
      guard count <= UInt64(remaining) else { throw corrupt("a map in the metadata is cut short") }
      if count == 0 { return }
      let types = try byte()
      guard let key = ThriftType(rawValue: types >> 4), let value = ThriftType(rawValue: types & 15)
      else { throw corrupt("unknown type in the metadata") }
      for _ in 0..<count {
        try skip(key, depth: depth + 1, inField: false)
        try skip(value, depth: depth + 1, inField: false)
      }
    case .structure:
      var last = 0
      while let field = try field(after: &last) {
        try skip(field.type, depth: depth + 1, inField: true)
      }
    }
  }

  private mutating func skip(byteCount: Int) throws(FormatError) {
    guard byteCount <= remaining else { throw corrupt("metadata ends too early") }
    position += byteCount
  }
}
