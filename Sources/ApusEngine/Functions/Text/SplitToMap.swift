import ApusPlanner
import ApusValues
import ApusVectors

/// `split_to_map(text, entryDelimiter, keyValueDelimiter)` and `split_to_multimap`.
enum SplitToMap: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("split_to_map('a=1;b=2', ';', '=')", "{a=1, b=2}"),
      FunctionExample("split_to_multimap('a=1;a=2', ';', '=')", "{a=[1, 2]}"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    overload(
      "split_to_map",
      .map(key: .text, value: .text),
      "Splits a text into entries, and these into keys, which differ, and values.",
      allowsDuplicates: false
    ) { keys, values, type, isValid throws(SQLError) in
      .maps(
        keys: keys.finish(.array(.text), validity: isValid),
        values: values.finish(.array(.text), validity: isValid),
        type: type
      )
    },
    overload(
      "split_to_multimap",
      .map(key: .text, value: .array(.text)),
      "Splits a text into entries, and these into keys and values.",
      allowsDuplicates: true
    ) { keys, values, type, isValid throws(SQLError) in
      let (keys, values) = (
        keys.finish(.array(.text), validity: isValid),
        values.finish(.array(.text), validity: isValid)
      )
      return try MapElements(
        keys: keys.arrayElements(.text, rows: .all(isValid.count)),
        values: values.arrayElements(.text, rows: .all(isValid.count))
      ).multimaps(type, validity: isValid)
    },
  ]

  /// - Parameter finish: makes the result of keys and values, as many of a row.
  private static func overload(
    _ name: String,
    _ type: SQLType,
    _ summary: String,
    allowsDuplicates: Bool,
    _ finish:
      @escaping @Sendable (TextArrayBuilder, TextArrayBuilder, SQLType, [UInt8]) throws(SQLError) ->
      ColumnVector
  ) -> ScalarOverload {
    ScalarOverload(
      FunctionSignature(
        name,
        [.anyVarchar, .anyVarchar, .anyVarchar],
        returns: .type(type),
        summary: summary
      )
    ) { call throws(SQLError) in
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let texts = arguments.map(\.texts)
        var keys = TextArrayBuilder()
        var values = TextArrayBuilder()
        var isValid = [UInt8](repeating: 0, count: rows.rowCount)
        rows.visit { row in isValid[row] = arguments.contains { $0.isNull(row) } ? 0 : 1 }
        for row in 0..<rows.rowCount {
          if isValid[row] != 0 {
            do throws(SQLError) {
              try split(
                texts[0].bytes(row),
                texts[1].bytes(row),
                texts[2].bytes(row),
                allowsDuplicates: allowsDuplicates
              ) { key, value in
                keys.append(key)
                values.append(value)
              }
            } catch {
              keys.dropRow()
              values.dropRow()
              isValid[row] = 0
              errors.record(error.located(at: range), row: row)
            }
          }
          keys.endRow()
          values.endRow()
        }
        return try finish(keys, values, type, isValid)
      }
    }
  }

  private static func split(
    _ text: UnsafeRawBufferPointer,
    _ entryDelimiter: UnsafeRawBufferPointer,
    _ keyDelimiter: UnsafeRawBufferPointer,
    allowsDuplicates: Bool,
    _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Void
  ) throws(SQLError) {
    guard !entryDelimiter.isEmpty else { throw invalidArgument("entryDelimiter is empty") }
    guard !keyDelimiter.isEmpty else { throw invalidArgument("keyValueDelimiter is empty") }
    guard !entryDelimiter.elementsEqual(keyDelimiter) else {
      throw invalidArgument("entryDelimiter and keyValueDelimiter must not be the same")
    }
    var known: Set<[UInt8]> = []
    var start = 0
    while start < text.count {
      let end = ByteSearch.find(entryDelimiter, in: text, from: start)
      let entry = UnsafeRawBufferPointer(rebasing: text[start..<(end ?? text.count)])
      guard let keyEnd = ByteSearch.find(keyDelimiter, in: entry, from: 0),
        ByteSearch.find(keyDelimiter, in: entry, from: keyEnd + keyDelimiter.count) == nil
      else {
        throw invalidArgument(
          "Key-value delimiter must appear exactly once in each entry. Bad input: "
            + "'\(String(decoding: entry, as: UTF8.self))'"
        )
      }
      let key = UnsafeRawBufferPointer(rebasing: entry[..<keyEnd])
      if !allowsDuplicates, !known.insert(Array(key)).inserted {
        throw invalidArgument(
          "Duplicate keys (\(String(decoding: key, as: UTF8.self))) are not allowed"
        )
      }
      body(key, UnsafeRawBufferPointer(rebasing: entry[(keyEnd + keyDelimiter.count)...]))
      guard let end else { return }
      start = end + entryDelimiter.count
    }
  }
}
