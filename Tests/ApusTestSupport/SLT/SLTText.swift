import ApusValues

/// Values and rows as test files write them.
enum SLTText {
  /// The letter of a type.
  static func letter(_ type: SQLType) -> Character {
    switch type {
    case .tinyint, .smallint, .integer, .bigint: "I"
    case .real, .double, .decimal: "R"
    case .varchar, .char: "T"
    case .boolean: "B"
    case .date, .time, .timeWithTimeZone, .timestamp, .timestampWithTimeZone,
      .intervalDayToSecond, .intervalYearToMonth:
      "D"
    case .varbinary, .hyperLogLog, .quantileDigest, .tDigest, .setDigest: "X"
    case .json: "J"
    case .uuid, .ipAddress, .ipPrefix, .color: "U"
    case .geometry, .sphericalGeography, .bingTile: "G"
    case .array, .map, .row: "N"
    case .unknown: "?"
    }
  }

  /// A value as a cell of a line.
  static func cell(_ value: String?) -> String {
    guard let value else { return "NULL" }
    if value.isEmpty { return "(empty)" }
    var result = ""
    let scalars = Array(value.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case " ":
        let isAtEnd = index == 0 || index == scalars.count - 1
        let hasNeighbour =
          (index > 0 && scalars[index - 1] == " ")
          || (index + 1 < scalars.count && scalars[index + 1] == " ")
        result += isAtEnd || hasNeighbour ? "␣" : " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The cells of an expected line; single spaces separate where nothing else gives the count.
  static func columns(of line: String, count: Int) -> [String] {
    let line = trimmedEnd(line)
    if count == 1 { return [trimmedStart(line)] }
    var cells: [String] = []
    var current = ""
    var spaces = 0
    for character in line {
      if character == "\t" {
        spaces = 2
      } else if character == " " {
        spaces += 1
      } else {
        if spaces >= 2, !current.isEmpty {
          cells.append(current)
          current = ""
        } else if spaces == 1, !current.isEmpty {
          current += " "
        }
        spaces = 0
        current.append(character)
      }
    }
    if !current.isEmpty { cells.append(current) }
    if cells.count == count { return cells }
    let words = line.split(separator: " ").map(String.init)
    return words.count == count ? words : cells
  }

  /// Lines of rows, columns below each other, numbers to the right.
  static func aligned(_ rows: [[String]], numbers: [Bool]) -> [String] {
    var widths: [Int] = []
    for row in rows {
      for (index, cell) in row.enumerated() {
        if index == widths.count { widths.append(0) }
        widths[index] = max(widths[index], cell.count)
      }
    }
    return rows.map { row in
      let cells = row.enumerated().map { index, cell in
        let padding = String(repeating: " ", count: widths[index] - cell.count)
        let isNumber = row.count > 1 && numbers.indices.contains(index) && numbers[index]
        return isNumber ? padding + cell : cell + padding
      }
      return trimmedEnd(cells.joined(separator: "  "))
    }
  }

  static func trimmedEnd(_ line: String) -> String {
    var line = line[...]
    while line.last == " " || line.last == "\t" { line.removeLast() }
    return String(line)
  }

  private static func trimmedStart(_ line: String) -> String {
    String(line.drop { $0 == " " || $0 == "\t" })
  }

  /// The lines that differ, those expected with `-`, those that came with `+`.
  static func difference(expected: [String], actual: [String]) -> String {
    let common = zip(expected, actual).prefix { $0 == $1 }.count
    var text = "the result differs from row \(common + 1) on"
    let limit = 20
    for line in expected.dropFirst(common).prefix(limit) { text += "\n- " + line }
    for line in actual.dropFirst(common).prefix(limit) { text += "\n+ " + line }
    if max(expected.count, actual.count) > common + limit { text += "\n…" }
    return text
  }

  /// FNV-1a with 64 bits over all cells, each ended by a zero byte, as 16 hexadecimal digits.
  static func hash(_ rows: [[String]]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for row in rows {
      for cell in row {
        for byte in cell.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = hash &* 0x100_0000_01b3
      }
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
