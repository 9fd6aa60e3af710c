import ApusPlanner
import ApusValues
import ApusVectors

/// Collects texts that point into an argument's heaps, some for each row.
///
/// Safety: views are valid as long as the argument that they were taken from, whose heaps the result
/// does not need: arrays copy their elements.
struct TextArrayBuilder {
  private var views: [StringView] = []
  private var validity: [UInt8] = []
  private var hasNulls = false
  private var ends: [Int32] = []

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    views.append(StringView(bytes))
    validity.append(1)
  }

  mutating func appendNull() {
    views.append(StringView())
    validity.append(0)
    hasNulls = true
  }

  /// Drops what was appended since the last row's end.
  mutating func dropRow() {
    let count = Int(ends.last ?? 0)
    views.removeLast(views.count - count)
    validity.removeLast(validity.count - count)
  }

  mutating func endRow() { ends.append(Int32(truncatingIfNeeded: views.count)) }

  func finish(_ type: SQLType, validity rowValidity: [UInt8]) -> ColumnVector {
    guard case .array(let element) = type else { return .nulls(type, count: ends.count) }
    let builder = VectorBuilder(type: element, capacity: views.count)
    let output = builder.values(as: StringView.self)
    for (position, view) in views.enumerated() { output[position] = view }
    if hasNulls {
      let flags = builder.makeValidity()
      for (position, flag) in validity.enumerated() { flags[position] = flag }
    }
    let elements = builder.finish(count: views.count)
    return .arrays(ArrayElements(ends: ends, elements: elements), type: type, validity: rowValidity)
  }
}

/// Makes an array of texts of each row without NULL arguments.
///
/// - Parameter fill: appends a row's texts; what it throws is the error of the row.
func mapTextArrays(
  _ arguments: [ColumnVector],
  to type: SQLType,
  rows: Selection,
  range: SourceRange?,
  errors: inout RowErrors,
  _ fill: (_ row: Int, _ output: inout TextArrayBuilder) throws(SQLError) -> Void
) -> ColumnVector {
  var output = TextArrayBuilder()
  var isValid = [UInt8](repeating: 0, count: rows.rowCount)
  rows.visit { row in isValid[row] = arguments.contains { $0.isNull(row) } ? 0 : 1 }
  for row in 0..<rows.rowCount {
    if isValid[row] != 0 {
      do throws(SQLError) {
        try fill(row, &output)
      } catch {
        output.dropRow()
        isValid[row] = 0
        errors.record(error.located(at: range), row: row)
      }
    }
    output.endRow()
  }
  return output.finish(type, validity: isValid)
}
