import ApusPlanner
import ApusValues
import ApusVectors

/// `to_char(timestamp, format)`, `to_date(text, format)`, `to_timestamp(text, format)`, in
/// Teradata's letters: `yyyy`, `yy`, `mm`, `dd`, `hh24`, `hh`, `mi`, `ss`.
enum TeradataTime: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        "to_char(TIMESTAMP '2024-02-29 13:05:09', 'yyyy/mm/dd hh24:mi')",
        "2024/02/29 13:05"
      ),
      FunctionExample("to_date('29.02.2024', 'dd.mm.yyyy')", "2024-02-29"),
      FunctionExample(
        "to_timestamp('29.02.2024 13:05', 'dd.mm.yyyy hh24:mi')",
        "2024-02-29 13:05:00.000"
      ),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .text(
      .text(
        "to_char",
        [micros, .anyVarchar],
        "Writes a timestamp as a Teradata format says, such as yyyy-mm-dd hh24:mi."
      )
    ) { arguments in
      let times = arguments[0].bigints
      let formats = arguments[1].texts
      return { row, heap throws(SQLError) -> StringView? in
        let (days, time) = floorDivide(times[row], Timestamp.microsecondsPerDay)
        let pattern = try format(formats[row].string)
        return heap.store(pattern.write(days: Int(days), microseconds: time))
      }
    },
    .rows(
      FunctionSignature(
        "to_date",
        [.anyVarchar, .anyVarchar],
        returns: .type(.date),
        summary: "Reads a date as a Teradata format says, such as yyyy-mm-dd."
      )
    ) { arguments in
      let texts = arguments[0].texts
      let formats = arguments[1].texts
      return { row throws(SQLError) -> Int32? in
        let time = try format(formats[row].string).read(texts[row].string)
        return Int32(exactly: floorDivide(time, Timestamp.microsecondsPerDay).quotient)
      }
    },
    .rows(
      FunctionSignature(
        "to_timestamp",
        [.anyVarchar, .anyVarchar],
        returns: .type(.timestamp(precision: 3)),
        summary: "Reads a timestamp as a Teradata format says, such as yyyy-mm-dd hh24:mi."
      )
    ) { arguments in
      let texts = arguments[0].texts
      let formats = arguments[1].texts
      return { row throws(SQLError) -> Int64? in
        try format(formats[row].string).read(texts[row].string)
      }
    },
  ]

  private static let micros = FunctionSignature.Parameter.type(.timestamp(precision: 6))

  /// The words of a format with what they are in MySQL's; longer ones first.
  private static let words = [
    ("yyyy", "%Y"), ("hh24", "%H"), ("yy", "%y"), ("mm", "%m"), ("dd", "%d"), ("hh", "%I"),
    ("mi", "%i"), ("ss", "%s"),
  ]

  private static func format(_ text: String) throws(SQLError) -> MySQLFormat {
    var rest = Substring(text)
    var translated = ""
    while let first = rest.first {
      if let (word, letters) = words.first(where: { rest.hasPrefix($0.0) }) {
        translated += letters
        rest = rest.dropFirst(word.count)
      } else if "-/,.;: ".contains(first) {
        translated.append(first)
        rest = rest.dropFirst()
      } else {
        let offset = text.unicodeScalars.count - rest.unicodeScalars.count
        throw invalidArgument("Failed to tokenize string [\(text)] at offset [\(offset)]")
      }
    }
    return try MySQLFormat(translated)
  }
}
