import ApusStorage
import ApusValues

// Hive's layout keeps a column in the names of directories: `year=2013/month=1/part-0.parquet` has
// the values 2013 and 1 for all rows of the file. What is special in a name is percent-encoded.

/// The partition columns of a set of files and their values.
struct HivePartitions: Sendable {
  /// In the order of the directories; names in lower case.
  var fields: [Field] = []
  /// For each file, a value for each field.
  var values: [[Value]] = []

  /// The directory name of a partition whose value is NULL.
  static let nullName = "__HIVE_DEFAULT_PARTITION__"

  /// Reads the values from the directories of each path.
  ///
  /// A key counts if all files have it. Its type is integer or bigint if all values are whole
  /// numbers, date if all are ISO dates, and varchar otherwise.
  init(_ files: [ObjectPath]) {
    guard let first = files.first else { return }
    var keys = HivePartitions.assignments(first).map(\.key)
    let all = files.map { HivePartitions.assignments($0) }
    keys = keys.enumerated().filter { position, key in
      keys.firstIndex(of: key) == position
        && all.allSatisfy { $0.contains { $0.key == key } }
    }.map(\.element)
    guard !keys.isEmpty else { return }
    var columns: [[String?]] = []
    for key in keys {
      columns.append(all.map { assignments in assignments.first { $0.key == key }?.value })
    }
    let typed = columns.map { HivePartitions.typed($0) }
    fields = zip(keys, typed).map { Field(name: $0, type: $1.type) }
    values = files.indices.map { file in typed.map { $0.values[file] } }
  }

  /// Returns the first file whose partition has all those of `wanted` that are partition columns.
  func file(preferring wanted: [String: Value]) -> Int? {
    values.indices.first { file in
      fields.indices.allSatisfy { column in
        wanted[fields[column].name].map { $0 == values[file][column] } ?? true
      }
    }
  }

  /// The `key=value` directories of a path; a value of nil is NULL.
  private static func assignments(_ path: ObjectPath) -> [(key: String, value: String?)] {
    path.text.split(separator: "/").dropLast().compactMap { part in
      guard let equals = part.firstIndex(of: "="), equals > part.startIndex else { return nil }
      let key = percentDecoded(part[..<equals]).lowercased()
      let value = percentDecoded(part[part.index(after: equals)...])
      return (key, value == nullName ? nil : value)
    }
  }

  private static func typed(_ texts: [String?]) -> (type: SQLType, values: [Value]) {
    let present = texts.compactMap { $0 }
    if !present.isEmpty {
      let numbers = texts.map { $0.map { wholeNumber($0) } ?? .some(nil) }
      if numbers.allSatisfy({ $0 != nil }) {
        let values = numbers.map { $0.flatMap { $0 } }
        let isNarrow = values.allSatisfy { $0.map { Int32(exactly: $0) != nil } ?? true }
        return (isNarrow ? .integer : .bigint, values.map { $0.map { .integer($0) } ?? .null })
      }
      if present.allSatisfy({ $0.utf8.count == 10 && CalendarDate($0) != nil }) {
        let values = texts.map { text in
          text.flatMap { CalendarDate($0) }.map { Value.integer(Int64($0.daysSinceEpoch)) } ?? .null
        }
        return (.date, values)
      }
    }
    return (.text, texts.map { $0.map { .text($0) } ?? .null })
  }

  /// Reads `[-]digits` that fit 64 bits; `.some(nil)` never.
  private static func wholeNumber(_ text: String) -> Int64?? {
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }),
      let value = Int64(text)
    else { return nil }
    return .some(value)
  }

  /// Replaces `%3A` and its like by the bytes they stand for; what is no such thing stays.
  static func percentDecoded(_ text: some StringProtocol) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
    let bytes = Array(text.utf8)
    var output: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
        let high = hexadecimalValue(bytes[index + 1]), let low = hexadecimalValue(bytes[index + 2])
      {
        output.append(high << 4 | low)
        index += 3
      } else {
        output.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  private static func hexadecimalValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
