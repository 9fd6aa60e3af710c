import ApusStorage
import ApusValues

/// The partition columns of a set of files and their values.
struct HivePartitions: Sendable {
  /// In the order of the directories; names in lower case.
  var fields: [Field] = []
  /// For each file, a value for each field.
  var values: [[Value]] = []

  /// Reads the values from the directories of each path.
  ///
  /// A key counts if all files have it. Its type is integer or bigint if all values are whole
  /// numbers, date if all are ISO dates, and varchar otherwise.
  init(_ files: [ObjectPath]) {
    guard let first = files.first else { return }
    var keys = HivePartitionPath.assignments(of: first).map(\.key)
    let all = files.map { HivePartitionPath.assignments(of: $0) }
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
}
