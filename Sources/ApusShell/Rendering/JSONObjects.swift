import ApusValues
import ApusVectors

/// Rows as JSON objects: what the two JSON formats share.
///
/// Integers, decimals and doubles are numbers with the digits that the engine has, so a decimal is
/// exact in the text (a reader that makes doubles of numbers rounds it on its side). NaN and the
/// infinities, which JSON has no numbers for, are strings; so are dates, times and varbinary, in
/// Athena's text. What is not UTF-8 becomes U+FFFD. A column whose name an earlier one has gets a
/// number behind its name, as a JSON object must not lose a column.
struct JSONObjects {
  /// `"name":` for each column.
  private var keys: [[UInt8]] = []

  init(_ schema: Schema) {
    var taken: Set<String> = []
    for field in schema.fields {
      var name = field.name
      var number = 2
      while !taken.insert(name).inserted {
        name = "\(field.name)_\(number)"
        number += 1
      }
      var key: [UInt8] = []
      name.withUTF8 { JSONObjects.append(string: UnsafeRawBufferPointer($0), to: &key) }
      key.append(ascii: ":")
      keys.append(key)
    }
  }

  /// Appends one row, `{"a":1,"b":null}`.
  func append(_ row: Int, of cells: [CellColumn], to output: inout [UInt8]) {
    output.append(ascii: "{")
    for index in cells.indices {
      if index > 0 { output.append(ascii: ",") }
      output.append(contentsOf: keys[index])
      if cells[index].isNull(row) {
        output.append(text: "null")
        continue
      }
      switch cells[index].content {
      case .boolean, .number:
        cells[index].appendText(row, to: &output)
      case .floatingPoint where cells[index].isFinite(row):
        cells[index].appendText(row, to: &output)
      case .floatingPoint, .plain:
        output.append(ascii: "\"")
        cells[index].appendText(row, to: &output)
        output.append(ascii: "\"")
      case .text where cells[index].vector.type.isNested:
        let vector = cells[index].vector
        JSONObjects.append(vector.value(row), vector.type, to: &output)
      case .text:
        cells[index].withText(row) { JSONObjects.append(string: $0, to: &output) }
      }
    }
    output.append(ascii: "}")
  }

  /// Appends a value inside a nested one: arrays as arrays, maps and rows as objects, fields without
  /// a name as `field0`, `field1`, ….
  private static func append(_ value: Value, _ type: SQLType, to output: inout [UInt8]) {
    switch (value, type) {
    case (.null, _):
      output.append(text: "null")
    case (.array(let values), .array(let element)):
      output.append(ascii: "[")
      for (index, value) in values.enumerated() {
        if index > 0 { output.append(ascii: ",") }
        append(value, element, to: &output)
      }
      output.append(ascii: "]")
    case (.map(let entries), .map(let keyType, let valueType)):
      let members = entries.map { ($0.key.text(as: keyType) ?? "", $0.value, valueType) }
      append(members, to: &output)
    case (.row(let values), .row(let fields)):
      let members = zip(fields, values).enumerated().map { index, field in
        (field.0.name ?? "field\(index)", field.1, field.0.type)
      }
      append(members, to: &output)
    default:
      let text = value.text(as: type) ?? ""
      let isBare =
        type == .boolean || (type.isNumeric && !["NaN", "Infinity", "-Infinity"].contains(text))
      if isBare { output.append(text: text) } else { append(string: text, to: &output) }
    }
  }

  private static func append(_ members: [(String, Value, SQLType)], to output: inout [UInt8]) {
    output.append(ascii: "{")
    for (index, (name, value, type)) in members.enumerated() {
      if index > 0 { output.append(ascii: ",") }
      append(string: name, to: &output)
      output.append(ascii: ":")
      append(value, type, to: &output)
    }
    output.append(ascii: "}")
  }

  private static func append(string: String, to output: inout [UInt8]) {
    var string = string
    string.withUTF8 { append(string: UnsafeRawBufferPointer($0), to: &output) }
  }

  private static func append(string bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) {
    output.append(ascii: "\"")
    let needsEscape = bytes.contains { byte in
      byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }
    if needsEscape {
      appendEscaped(bytes, to: &output)
    } else {
      output.append(contentsOf: bytes)
    }
    output.append(ascii: "\"")
  }

  private static func appendEscaped(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) {
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\""): output.append(text: "\\\"")
      case UInt8(ascii: "\\"): output.append(text: "\\\\")
      case UInt8(ascii: "\n"): output.append(text: "\\n")
      case UInt8(ascii: "\r"): output.append(text: "\\r")
      case UInt8(ascii: "\t"): output.append(text: "\\t")
      case 0..<0x20:
        output.append(text: "\\u00")
        output.append(hexadecimal: byte >> 4)
        output.append(hexadecimal: byte & 15)
      default: output.append(byte)
      }
    }
  }
}
