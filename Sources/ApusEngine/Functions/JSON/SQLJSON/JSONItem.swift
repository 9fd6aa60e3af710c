import ApusValues

/// A value that a path of SQL/JSON works on: a document, a part of one, or what a path has computed.
indirect enum JSONItem: Sendable {
  case null
  case boolean(Bool)
  /// An integer, or a bigint where `isWide`; arithmetic overflows as theirs does.
  case integer(Int64, isWide: Bool)
  /// An integer of a document with more digits than a bigint has.
  case long(String)
  case decimal(unscaled: Int128, scale: Int)
  case double(Double)
  /// A parameter, or what is computed of one.
  case real(Float)
  case string(String)
  case array([JSONItem])
  /// Names differ.
  case object([(name: String, value: JSONItem)])
  /// A value of SQL that JSON has no notation for: a date, a time, a timestamp.
  case temporal(Value, SQLType)
}

extension JSONItem {
  /// Reads a whole document.
  init(document: UnsafeRawBufferPointer) throws(JSONFailure) {
    var reader = JSONReader(document)
    try reader.next()
    self = try JSONItem.read(&reader)
    guard try reader.next() == .end else { throw .malformed }
  }

  /// Reads a whole document.
  init(document: String) throws(JSONFailure) {
    let result = Array(document.utf8).withUnsafeBytes { bytes -> Result<JSONItem, JSONFailure> in
      do throws(JSONFailure) {
        return .success(try JSONItem(document: bytes))
      } catch {
        return .failure(error)
      }
    }
    self = try result.get()
  }

  /// Reads the value whose first token has been read.
  private static func read(_ reader: inout JSONReader) throws(JSONFailure) -> JSONItem {
    switch reader.token {
    case .null: return .null
    case .true: return .boolean(true)
    case .false: return .boolean(false)
    case .integer:
      guard let value: Int64 = parseInteger(reader.bytes) else {
        return .long(String(decoding: reader.bytes, as: UTF8.self))
      }
      return .integer(value, isWide: Int32(exactly: value) == nil)
    case .decimal: return .double(reader.double)
    case .string: return .string(try readText(reader))
    case .beginArray:
      var elements: [JSONItem] = []
      while try reader.next() != .endArray { elements.append(try read(&reader)) }
      return .array(elements)
    case .beginObject:
      var members: [(name: String, value: JSONItem)] = []
      var positions: [String: Int] = [:]
      while try reader.next() != .endObject {
        let name = try readText(reader)
        try reader.next()
        let value = try read(&reader)
        // The last of equal names counts, at the place of the first.
        if let position = positions[name] {
          members[position].value = value
        } else {
          positions[name] = members.count
          members.append((name, value))
        }
      }
      return .object(members)
    case .endArray, .endObject, .name, .end:
      throw .malformed
    }
  }

  private static func readText(_ reader: JSONReader) throws(JSONFailure) -> String {
    guard reader.hasEscapes else { return String(decoding: reader.bytes, as: UTF8.self) }
    var text: [UInt8] = []
    guard reader.appendText(to: &text) else { throw .malformed }
    return String(decoding: text, as: UTF8.self)
  }

  /// What a value of SQL is in a path; nil for types that have no place there.
  init?(_ value: Value, _ type: SQLType) {
    switch (value, type) {
    case (.null, _): self = .null
    case (.boolean(let value), _): self = .boolean(value)
    case (.double(let value), _): self = .double(value)
    case (.real(let value), _): self = .real(value)
    case (.text(let value), .char(let length)): self = .string(padded(value, to: length))
    case (.text(let value), .varchar): self = .string(value)
    case (.integer(let value), .decimal(_, let scale)):
      self = .decimal(unscaled: Int128(value), scale: scale)
    case (.wide(let value), .decimal(_, let scale)):
      self = .decimal(unscaled: value, scale: scale)
    case (.integer(let value), _) where type.isInteger:
      self = .integer(value, isWide: type == .bigint)
    case (_, .date): self = .temporal(value, type)
    default:
      guard type.isAnyTime || type.isAnyTimestamp else { return nil }
      self = .temporal(value, type)
    }
  }

  /// The value in SQL of what is no array and no object; nil for those, and for numbers with more
  /// digits than SQL has.
  var sqlValue: (value: Value, type: SQLType)? {
    switch self {
    case .null: return (.null, .unknown)
    case .boolean(let value): return (.boolean(value), .boolean)
    case .integer(let value, let isWide): return (.integer(value), isWide ? .bigint : .integer)
    case .decimal(let unscaled, let scale):
      return (.wide(unscaled), .decimal(precision: 38, scale: scale))
    case .double(let value): return (.double(value), .double)
    case .real(let value): return (.real(value), .real)
    case .string(let value): return (.text(value), .text)
    case .temporal(let value, let type): return (value, type)
    case .array, .object, .long: return nil
    }
  }

  /// What messages call the kind.
  var kind: String {
    switch self {
    case .null: "NULL"
    case .boolean: "BOOLEAN"
    case .integer, .long, .decimal, .double, .real: "NUMBER"
    case .string: "STRING"
    case .array: "ARRAY"
    case .object: "OBJECT"
    case .temporal(_, let type): type.description
    }
  }

  /// What the method type() calls the kind.
  var typeName: String {
    switch self {
    case .temporal(_, .time): "time without time zone"
    case .temporal(_, .timeWithTimeZone): "time with time zone"
    case .temporal(_, .timestamp): "timestamp without time zone"
    case .temporal(_, .timestampWithTimeZone): "timestamp with time zone"
    case .temporal: "date"
    default: kind.lowercased()
    }
  }

  /// Appends the document that the item is; false if it holds a value that JSON has none for.
  func append(to output: inout [UInt8]) -> Bool {
    switch self {
    case .null: output.append(contentsOf: "null".utf8)
    case .boolean(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
    case .integer(let value, _): output.append(contentsOf: String(value).utf8)
    case .long(let digits): output.append(contentsOf: digits.utf8)
    case .decimal(let unscaled, let scale):
      JSONText.append(unscaled: unscaled, scale: scale, to: &output)
    case .double(let value):
      JSONText.append(value, shortest: value.description, to: &output)
    case .real(let value):
      JSONText.append(Double(value), shortest: value.description, to: &output)
    case .string(let text): JSONText.appendQuoted(text, to: &output)
    case .array(let elements):
      output.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        guard element.append(to: &output) else { return false }
      }
      output.append(UInt8(ascii: "]"))
    case .object(let members):
      output.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        JSONText.appendQuoted(member.name, to: &output)
        output.append(UInt8(ascii: ":"))
        guard member.value.append(to: &output) else { return false }
      }
      output.append(UInt8(ascii: "}"))
    case .temporal:
      return false
    }
    return true
  }
}
