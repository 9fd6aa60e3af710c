import ApusValues
import ApusVectors

/// All matches of a batch's texts with their groups, so that a lambda sees them at once.
struct RegexpMatches {
  /// The row of each match, ascending.
  private(set) var rows: [Int32] = []
  /// The groups of each match but for the whole one, arrays of texts.
  private(set) var groups: ColumnVector
  /// The place of each match in its text.
  private var ranges: [Range<Int>] = []

  /// - Parameters:
  ///   - texts: flat or constant.
  ///   - rows: where neither the text nor the expression is NULL.
  init(
    _ texts: ColumnVector,
    _ matchers: RegexpMatchers,
    rows selected: Selection,
    range: SourceRange?,
    errors: inout RowErrors
  ) {
    let text = texts.texts
    var output = TextArrayBuilder()
    var found: [(row: Int32, range: Range<Int>)] = []
    var failures = RowErrors()
    selected.visitRows { row in
      do throws(SQLError) {
        let bytes = text.bytes(row)
        let matcher = try matchers.matcher(row)
        try matcher.visit(bytes) { match throws(SQLError) in
          for number in 1..<max(matcher.expression.groupCount + 1, 1) {
            if let group = matcher.group(number) {
              output.append(UnsafeRawBufferPointer(rebasing: bytes[group]))
            } else {
              output.appendNull()
            }
          }
          output.endRow()
          found.append((Int32(truncatingIfNeeded: row), match))
          return true
        }
      } catch {
        failures.record(error.located(at: range), row: row)
      }
    }
    errors.append(failures)
    rows = found.map(\.row)
    ranges = found.map(\.range)
    groups = output.finish(
      .array(.text),
      validity: Array(repeating: 1, count: found.count)
    )
  }

  /// Returns the texts with a replacement for each match; NULL where a replacement is.
  ///
  /// - Parameters:
  ///   - replacements: decoded texts, one for each match.
  ///   - selected: rows that matches were looked for in, perhaps not all of them.
  func replaced(by replacements: ColumnVector, in texts: ColumnVector, rows selected: Selection)
    -> ColumnVector
  {
    let text = texts.texts
    let replacement = replacements.texts
    defer { extendLifetime(replacements) }
    let builder = VectorBuilder(type: .text, capacity: selected.rowCount)
    var isNull = [Bool](repeating: true, count: selected.rowCount)
    var match = 0
    var output: [UInt8] = []
    selected.visit { row in
      let bytes = text.bytes(row)
      output.removeAll(keepingCapacity: true)
      var copied = 0
      isNull[row] = false
      while match < rows.count, Int(rows[match]) < row { match += 1 }
      while match < rows.count, Int(rows[match]) == row {
        output.append(contentsOf: bytes[copied..<ranges[match].lowerBound])
        if replacement.isNull(match) {
          isNull[row] = true
        } else {
          output.append(contentsOf: replacement.bytes(match))
        }
        copied = ranges[match].upperBound
        match += 1
      }
      output.append(contentsOf: bytes[copied...])
      output.withUnsafeBytes { builder.setString(row, $0) }
    }
    for row in isNull.indices where isNull[row] { builder.setNull(row) }
    return builder.finish(count: selected.rowCount)
  }
}
