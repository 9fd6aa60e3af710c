@testable import ApusFormats

/// Any structure of Thrift's compact protocol, read without knowing what it means.
indirect enum ThriftTree: Equatable {
  case boolean(Bool)
  case integer(Int)
  case binary([UInt8])
  case list([ThriftTree])
  case structure([Int: ThriftTree])

  /// Reads the structure that begins at an offset of a file.
  init(structureIn bytes: [UInt8], at offset: Int) throws {
    self = try bytes[offset...].withUnsafeBytes { all in
      var reader = ThriftReader(all, fileOffset: offset)
      return try ThriftTree.structure(&reader)
    }
  }

  /// Reads the footer of a Parquet file.
  init(footerOf bytes: [UInt8]) throws {
    let length = bytes[(bytes.count - 8)...].prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    self = try ThriftTree(structureIn: bytes, at: bytes.count - 8 - length)
  }

  private static func structure(_ reader: inout ThriftReader) throws -> ThriftTree {
    var fields: [Int: ThriftTree] = [:]
    var last = 0
    while let field = try reader.field(after: &last) {
      switch field.type {
      case .booleanTrue: fields[field.id] = .boolean(true)
      case .booleanFalse: fields[field.id] = .boolean(false)
      default: fields[field.id] = try value(field.type, &reader)
      }
    }
    return .structure(fields)
  }

  private static func value(_ type: ThriftType, _ reader: inout ThriftReader) throws -> ThriftTree {
    switch type {
    case .booleanTrue, .booleanFalse: return .boolean(try reader.byte() == 1)
    case .int8: return .integer(Int(Int8(bitPattern: try reader.byte())))
    case .int16, .int32, .int64: return .integer(Int(try reader.zigzag()))
    case .binary: return .binary(Array(try reader.binary()))
    case .structure: return try structure(&reader)
    case .list:
      let header = try reader.byte()
      let count = header >> 4 == 15 ? Int(try reader.varint()) : Int(header >> 4)
      guard let element = ThriftType(rawValue: header & 15) else {
        throw TestFailure("a list of nothing")
      }
      return .list(try (0..<count).map { _ in try value(element, &reader) })
    case .stop, .double, .set, .map, .uuid: throw TestFailure("type \(type) in a Parquet file")
    }
  }

  /// A field of a structure.
  subscript(_ id: Int) -> ThriftTree? {
    if case .structure(let fields) = self { fields[id] } else { nil }
  }

  var elements: [ThriftTree] { if case .list(let elements) = self { elements } else { [] } }

  var integer: Int? { if case .integer(let value) = self { value } else { nil } }

  var bytes: [UInt8]? { if case .binary(let value) = self { value } else { nil } }
}
