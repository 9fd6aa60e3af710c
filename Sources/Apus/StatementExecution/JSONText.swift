import ApusValues

/// A value of JSON (RFC 8259), to be written; members of objects keep their order.
enum JSONText {
  case null
  case boolean(Bool)
  case integer(Int)
  /// Written with three digits behind the point.
  case decimal(Double)
  case text(String)
  case array([JSONText])
  case object([(String, JSONText)])

  /// The lines of the value, two spaces a level.
  var lines: [String] {
    switch self {
    case .null: return ["null"]
    case .boolean(let value): return [value ? "true" : "false"]
    case .integer(let value): return [String(value)]
    case .decimal(let value): return [JSONText.decimal(value)]
    case .text(let value): return [JSONText.quoted(value)]
    case .array(let items): return JSONText.block("[", items.map(\.lines), "]")
    case .object(let members):
      return JSONText.block(
        "{",
        members.map { name, value in
          var lines = value.lines
          lines[0] = JSONText.quoted(name) + ": " + lines[0]
          return lines
        },
        "}"
      )
    }
  }

  private static func block(_ begin: String, _ items: [[String]], _ end: String) -> [String] {
    guard !items.isEmpty else { return [begin + end] }
    var lines = [begin]
    for (index, item) in items.enumerated() {
      for (number, line) in item.enumerated() {
        let comma = number == item.count - 1 && index < items.count - 1 ? "," : ""
        lines.append("  " + line + comma)
      }
    }
    return lines + [end]
  }

  private static func decimal(_ value: Double) -> String {
    guard let thousandths = Int(exactly: (value * 1000).rounded()) else { return "null" }
    let sign = thousandths < 0 ? "-" : ""
    let magnitude = thousandths.magnitude
    return "\(sign)\(magnitude / 1000).\(zeroPadded(UInt64(magnitude % 1000), to: 3))"
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
