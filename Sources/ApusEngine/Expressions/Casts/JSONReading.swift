import ApusValues

/// Why a part of a document is no value of a type.
enum JSONCastFailure: Error {
  /// The text or number in the document does not convert, as the same value in SQL would not.
  case unconvertible(String)
  /// The document has something else there.
  case unexpected(String)
  case malformed
}

/// Reads SQL values from the tokens of a document.
///
/// Every function reads the value whose first token has been read, and goes to its last one; a JSON
/// null is nil.
struct JSONValueReader {
  var reader: JSONReader
  private var scratch: [UInt8] = []

  init(_ document: UnsafeRawBufferPointer) { reader = JSONReader(document) }

  mutating func next() throws(JSONCastFailure) -> JSONToken {
    do throws(JSONFailure) { return try reader.next() } catch { throw .malformed }
  }

  /// The token as the document has it, for messages.
  var shown: String {
    if reader.hasEscapes, reader.token == .string || reader.token == .name {
      var text: [UInt8] = []
      reader.appendText(to: &text)
      return String(decoding: text, as: UTF8.self)
    }
    return String(decoding: reader.bytes, as: UTF8.self)
  }

  private func unexpected(_ type: String) -> JSONCastFailure {
    .unexpected("Unexpected token when cast to \(type): \(shown)")
  }

  /// Calls `body` with the text of a name or string.
  private mutating func withText<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    guard reader.hasEscapes else { return body(reader.bytes) }
    scratch.removeAll(keepingCapacity: true)
    reader.appendText(to: &scratch)
    return scratch.withUnsafeBytes(body)
  }

  mutating func boolean() throws(JSONCastFailure) -> Bool? {
    switch reader.token {
    case .null: return nil
    case .true: return true
    case .false: return false
    case .integer:
      guard let value: Int64 = parseInteger(reader.bytes) else { throw .malformed }
      return value != 0
    case .decimal: return reader.double != 0
    case .string, .name:
      switch shown.lowercased() {
      case "true", "t", "1": return true
      case "false", "f", "0": return false
      default: throw .unconvertible("Cannot cast '\(shown)' to BOOLEAN")
      }
    default: throw unexpected("boolean")
    }
  }

  mutating func integer<Target: FixedWidthInteger & SignedInteger>(
    _ target: Target.Type,
    _ type: SQLType
  ) throws(JSONCastFailure) -> Target? {
    switch reader.token {
    case .null: return nil
    case .true: return 1
    case .false: return 0
    case .integer:
      guard let value: Target = parseInteger(reader.bytes) else { throw .malformed }
      return value
    case .decimal:
      let value = reader.double
      guard let result = Target(exactly: value.rounded(.toNearestOrAwayFromZero)) else {
        let shown = floatingPointText(value, shortest: value.description)
        throw .unconvertible("Unable to cast \(shown) to \(type)")
      }
      return result
    case .string, .name:
      guard let value: Target = withText({ parseInteger($0) }) else {
        let name = type == .integer ? "INT" : type.description.uppercased()
        throw .unconvertible("Cannot cast '\(shown)' to \(name)")
      }
      return value
    default: throw unexpected(type.description)
    }
  }

  mutating func floating<Target: BinaryFloatingPoint & LosslessStringConvertible>(
    _ target: Target.Type,
    _ type: SQLType
  ) throws(JSONCastFailure) -> Target? {
    switch reader.token {
    case .null: return nil
    case .true: return 1
    case .false: return 0
    case .integer, .decimal:
      guard let value: Target = parseFloating(reader.bytes) else { throw .malformed }
      return value
    case .string, .name:
      guard let value: Target = withText({ parseFloating($0) }) else {
        throw .unconvertible("Cannot cast '\(shown)' to \(type.description.uppercased())")
      }
      return value
    default: throw unexpected(type.description)
    }
  }

  /// The unscaled value.
  mutating func decimal(precision: Int, scale: Int) throws(JSONCastFailure) -> Int128? {
    let name = "DECIMAL(\(precision),\(scale))"
    switch reader.token {
    case .null: return nil
    case .true, .false:
      guard reader.token == .true else { return 0 }
      guard precision > scale else { throw .unconvertible("Cannot cast input json to \(name)") }
      return PowersOfTen.wide[scale]
    case .integer, .decimal, .string, .name:
      let isNumber = withText { text in
        // Unlike a cast of text, spaces around the number are none of it.
        text.first.map { $0 > 0x20 } ?? false && text.last.map { $0 > 0x20 } ?? false
          && Double(String(decoding: text, as: UTF8.self)) != nil
          && text.allSatisfy { "+-.eE0123456789".utf8.contains($0) }
      }
      guard isNumber else { throw .malformed }
      guard let value = withText({ parseDecimal($0, precision: precision, scale: scale) }) else {
        throw .unconvertible("Cannot cast input json to \(name)")
      }
      return value
    default: throw unexpected(name)
    }
  }

  /// Calls `body` with the text that a scalar has as a varchar.
  ///
  /// - Returns: nil for a JSON null.
  mutating func text<Result>(_ body: (UnsafeRawBufferPointer) -> Result)
    throws(JSONCastFailure) -> Result?
  {
    switch reader.token {
    case .null: return nil
    case .string, .name: return withText(body)
    case .integer, .true, .false: return body(reader.bytes)
    case .decimal:
      let value = reader.double
      var text = floatingPointText(value, shortest: value.description)
      return text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    default: throw unexpected("varchar")
    }
  }

  /// Reads a value of any type that JSON casts to.
  mutating func value(_ type: SQLType) throws(JSONCastFailure) -> Value {
    switch type {
    case .boolean: try boolean().map { .boolean($0) } ?? .null
    case .tinyint: try integer(Int8.self, type).map { .integer(Int64($0)) } ?? .null
    case .smallint: try integer(Int16.self, type).map { .integer(Int64($0)) } ?? .null
    case .integer: try integer(Int32.self, type).map { .integer(Int64($0)) } ?? .null
    case .bigint: try integer(Int64.self, type).map { .integer($0) } ?? .null
    case .real: try floating(Float.self, type).map { .real($0) } ?? .null
    case .double: try floating(Double.self, type).map { .double($0) } ?? .null
    case .decimal(let precision, let scale):
      try decimal(precision: precision, scale: scale).map { unscaled in
        type.physicalType == .int64
          ? .integer(Int64(truncatingIfNeeded: unscaled)) : .wide(unscaled)
      } ?? .null
    case .varchar(let length):
      try text { text in
        let end = length.map { codePoints($0, of: text) } ?? text.count
        return .text(String(decoding: text[..<end], as: UTF8.self))
      } ?? .null
    case .json: .text(try document())
    case .array(let element): try array(element)
    case .map(let key, let value): try map(key, value)
    case .row(let fields): try row(fields)
    default: throw .unexpected("Unsupported type: \(type)")
    }
  }

  private mutating func document() throws(JSONCastFailure) -> String {
    var output: [UInt8] = []
    do throws(JSONFailure) {
      try reader.appendValue(to: &output, scratch: &scratch)
    } catch {
      throw .malformed
    }
    return String(decoding: output, as: UTF8.self)
  }

  private mutating func array(_ element: SQLType) throws(JSONCastFailure) -> Value {
    if reader.token == .null { return .null }
    guard reader.token == .beginArray else {
      throw .unexpected("Expected a json array, but got \(shown)")
    }
    var elements: [Value] = []
    while try next() != .endArray { elements.append(try value(element)) }
    return .array(elements)
  }

  private mutating func map(_ keyType: SQLType, _ valueType: SQLType) throws(JSONCastFailure)
    -> Value
  {
    if reader.token == .null { return .null }
    guard reader.token == .beginObject else {
      throw .unexpected("Expected a json object, but got \(shown)")
    }
    var entries: [Value.MapEntry] = []
    var keys: Set<Value> = []
    while try next() != .endObject {
      let key = try value(keyType)
      _ = try next()
      entries.append(Value.MapEntry(key, try value(valueType)))
      guard keys.insert(key).inserted else {
        throw .unexpected("Duplicate keys are not allowed")
      }
    }
    return .map(entries)
  }

  /// An array gives the fields by position, an object by name in any case.
  private mutating func row(_ fields: [RowField]) throws(JSONCastFailure) -> Value {
    switch reader.token {
    case .null:
      return .null
    case .beginArray:
      var values: [Value] = []
      for field in fields {
        _ = try next()
        values.append(try value(field.type))
      }
      guard try next() == .endArray else {
        throw .unexpected("Expected json array ending, but got \(shown)")
      }
      return .row(values)
    case .beginObject:
      guard fields.first?.name != nil else {
        throw .unexpected(
          "Cannot cast a JSON object to anonymous row type. Input must be a JSON array."
        )
      }
      return try rowByName(fields)
    default:
      throw .unexpected("Expected a json array or object, but got \(shown)")
    }
  }

  private mutating func rowByName(_ fields: [RowField]) throws(JSONCastFailure) -> Value {
    var values: [Value?] = Array(repeating: nil, count: fields.count)
    while try next() != .endObject {
      let name = shown.lowercased()
      _ = try next()
      guard let index = fields.lastIndex(where: { $0.name?.lowercased() == name }) else {
        do throws(JSONFailure) { try reader.skipChildren() } catch { throw .malformed }
        continue
      }
      guard values[index] == nil else { throw .unexpected("Duplicate field: \(name)") }
      values[index] = try value(fields[index].type)
    }
    return .row(values.map { $0 ?? .null })
  }
}
