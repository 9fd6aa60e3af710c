package import ApusValues

// Single nested values to bytes and back, for literals, results and tests.

extension Value {
  /// The bytes of a value inside a nested one, or of a nested value.
  func encoded(as type: SQLType) -> [UInt8] {
    switch (self, type) {
    case (.array(let values), .array(let element)):
      return Value.encodedArray(values, element)
    case (.map(let entries), .map(let key, let value)):
      let keys = Value.encodedArray(entries.map(\.key), key)
      return bytes(of: UInt32(keys.count)) + keys + Value.encodedArray(entries.map(\.value), value)
    case (.row(let values), .row(let fields)):
      let validity: [UInt8] = values.map { $0.isNull ? 0 : 1 }
      return validity + Value.withEnds(zip(values, fields).map { $0.encoded(as: $1.type) })
    default:
      // What a vector of one row holds.
      let builder = VectorBuilder(type: type, capacity: 1)
      builder.set(0, self)
      let vector = builder.finish(count: 1)
      return withExtendedLifetime(vector) {
        let start = UnsafeRawPointer(vector.storage.values.base)
        if type.physicalType == .string {
          return Array(StringView.bytes(at: vector.values(as: StringView.self)))
        }
        return Array(UnsafeRawBufferPointer(start: start, count: type.physicalType.stride))
      }
    }
  }

  private static func encodedArray(_ values: [Value], _ element: SQLType) -> [UInt8] {
    let hasNulls = values.contains(where: \.isNull)
    var result = bytes(of: UInt32(values.count)) + bytes(of: UInt32(hasNulls ? 1 : 0))
    if hasNulls { result += values.map { $0.isNull ? 0 : 1 } }
    let elements = values.map { value -> [UInt8] in
      if !value.isNull { return value.encoded(as: element) }
      let isFixed = element.physicalType != .string
      return Array(repeating: 0, count: isFixed ? element.physicalType.stride : 0)
    }
    return result
      + (element.physicalType == .string ? withEnds(elements) : Array(elements.joined()))
  }

  private static func withEnds(_ parts: [[UInt8]]) -> [UInt8] {
    var end = 0
    var ends: [UInt8] = []
    for part in parts {
      end += part.count
      ends += bytes(of: UInt32(end))
    }
    return ends + parts.joined()
  }

  /// Reads what `encoded` has made; the value is not NULL.
  package init(encoded bytes: UnsafeRawBufferPointer, as type: SQLType) {
    switch type {
    case .array(let element):
      self = .array(Value.decodedArray(bytes, element))
    case .map(let keyType, let valueType):
      let map = EncodedMap(bytes)
      let keys = Value.decodedArray(map.keys, keyType)
      let values = Value.decodedArray(map.values, valueType)
      self = .map(zip(keys, values).map { MapEntry($0, $1) })
    case .row(let fields):
      let row = EncodedRow(bytes, fieldCount: fields.count)
      self = .row(
        fields.indices.map { index in
          row.isNull(index) ? .null : Value(encoded: row.bytes(index), as: fields[index].type)
        }
      )
    case .varbinary, .ipPrefix, .hyperLogLog, .quantileDigest, .tDigest, .setDigest, .geometry,
      .sphericalGeography:
      self = .binary(Array(bytes))
    default:
      if type.physicalType == .string {
        self = .text(String(decoding: bytes, as: UTF8.self))
      } else {
        self = bytes.baseAddress.map { Value(fixed: $0, as: type) } ?? .null
      }
    }
  }

  private static func decodedArray(_ bytes: UnsafeRawBufferPointer, _ element: SQLType) -> [Value] {
    let array = EncodedArray(bytes)
    let physicalType = element.physicalType
    return (0..<array.count).map { index in
      if let validity = array.validity, validity[index] == 0 { return .null }
      if physicalType == .string { return Value(encoded: array.bytes(index), as: element) }
      return Value(fixed: array.elements + index * physicalType.stride, as: element)
    }
  }

  /// Reads a value of a fixed size.
  init(fixed pointer: UnsafeRawPointer, as type: SQLType) {
    switch type.physicalType {
    case .boolean: self = .boolean(pointer.loadUnaligned(as: UInt8.self) != 0)
    case .int8: self = .integer(Int64(pointer.loadUnaligned(as: Int8.self)))
    case .int16: self = .integer(Int64(pointer.loadUnaligned(as: Int16.self)))
    case .int32: self = .integer(Int64(pointer.loadUnaligned(as: Int32.self)))
    case .int64: self = .integer(pointer.loadUnaligned(as: Int64.self))
    case .int128:
      let value = pointer.loadUnaligned(as: Int128.self)
      self = type.isZoned ? .zoned(ZonedTime(packed: value)) : .wide(value)
    case .float32: self = .real(pointer.loadUnaligned(as: Float.self))
    case .float64: self = .double(pointer.loadUnaligned(as: Double.self))
    case .string: self = .null
    }
  }
}

private func bytes(of number: UInt32) -> [UInt8] { withUnsafeBytes(of: number) { Array($0) } }
