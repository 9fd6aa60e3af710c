import ApusEngine
import ApusPlanner
import ApusValues
import ApusVectors
import Testing

// Expressions in tests: written as trees over columns by position, evaluated over small batches in
// every encoding.

/// The column at a position of the batch.
func column(_ position: Int, _ type: SQLType) -> Expression {
  .column(PlanColumn(id: ColumnID(position), name: "c\(position)", type: type))
}

func literal(_ value: Value, _ type: SQLType) -> Expression { .literal(Literal(value, type)) }

func text(_ value: String) -> Expression { literal(.text(value), .text) }

func bigint(_ value: Int64) -> Expression { literal(.integer(value), .bigint) }

func double(_ value: Double) -> Expression { literal(.double(value), .double) }

/// A decimal as it is written.
func decimal(_ digits: String, _ precision: Int, _ scale: Int) -> Expression {
  let unscaled = Decimal.parse(digits)?.unscaled ?? 0
  let value: Value = precision <= 18 ? .integer(Int64(unscaled)) : .wide(unscaled)
  return literal(value, .decimal(precision: precision, scale: scale))
}

func date(_ text: String) -> Expression {
  literal(.integer(Int64(CalendarDate(text)?.daysSinceEpoch ?? 0)), .date)
}

func timestamp(_ text: String, _ precision: Int = 3) -> Expression {
  let picoseconds = Timestamp.parse(text)?.picoseconds ?? 0
  let type = SQLType.timestamp(precision: precision)
  return precision <= 6
    ? literal(.integer(Int64(picoseconds / 1_000_000)), type) : literal(.wide(picoseconds), type)
}

/// A flat vector of the values.
func flat(_ values: [Value], _ type: SQLType) -> ColumnVector {
  let builder = VectorBuilder(type: type, capacity: values.count)
  for (row, value) in values.enumerated() { builder.set(row, value) }
  return builder.finish(count: values.count)
}

/// The same values as a dictionary vector with entries in no particular order.
func dictionary(_ values: [Value], _ type: SQLType) -> ColumnVector {
  var entries: [Value] = []
  let buffer = VectorBuffer(byteCount: values.count * 4)
  let indices = buffer.base.assumingMemoryBound(to: Int32.self)
  for (row, value) in values.enumerated() {
    let index = entries.firstIndex(of: value) ?? entries.count
    if index == entries.count { entries.append(value) }
    indices[row] = Int32(index)
  }
  return ColumnVector(
    type: type,
    count: values.count,
    encoding: .dictionary,
    storage: flat(entries, type).storage,
    indexBuffer: buffer
  )
}

let settings = EvaluationSettings(startMicroseconds: 1_700_000_000_000_000, user: "tester")

/// What an expression gave: values of the selected rows and the errors by row.
struct Outcome {
  var values: [Value]
  var texts: [String?]
  var errors: [Int: SQLError]
}

/// Compiles and evaluates.
func evaluate(
  _ expression: Expression,
  over columns: [ColumnVector] = [],
  rows: Selection? = nil,
  library: FunctionLibrary = FunctionLibrary([])
) throws -> Outcome {
  let positions = columns.indices.map { (ColumnID($0), $0) }
  let compiler = ExpressionCompiler(
    library: library,
    columns: Dictionary(uniqueKeysWithValues: positions),
    settings: settings
  )
  let compiled = try compiler.compile(expression)
  let count = columns.first?.count ?? 1
  let selection = rows ?? .all(count)
  var errors = RowErrors()
  let batch = Batch(columns: columns, rowCount: count)
  let vector = try compiled.evaluate(batch, rows: selection, errors: &errors)
  #expect(vector.count == count)
  #expect(vector.type.physicalType == expression.type.physicalType)
  var outcome = Outcome(values: [], texts: [], errors: [:])
  for row in selection.indices.map({ $0.map { Int($0) } }) ?? Array(0..<count) {
    outcome.values.append(vector.value(row))
    outcome.texts.append(vector.text(row))
  }
  for entry in errors.entries {
    #expect(vector.isNull(entry.row), "a row with an error is NULL")
    if outcome.errors[entry.row] == nil { outcome.errors[entry.row] = entry.error }
  }
  return outcome
}

/// Returns what one row prints: NULL as "NULL", an error as its code and message.
func printed(_ expression: Expression, library: FunctionLibrary = FunctionLibrary([])) -> String {
  do {
    let outcome = try evaluate(expression, library: library)
    if let error = outcome.errors[0] { return "\(error)" }
    return outcome.texts[0] ?? "NULL"
  } catch {
    return "\(error)"
  }
}

/// Checks that the expression gives the same for its columns in every encoding and selection.
///
/// - Parameter columns: the values and type of each column.
func expectSameInEveryEncoding(
  _ expression: Expression,
  _ columns: [(values: [Value], type: SQLType)],
  library: FunctionLibrary = FunctionLibrary([]),
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let flats = columns.map { flat($0.values, $0.type) }
  let count = flats[0].count
  let expected = try evaluate(expression, over: flats, library: library)
  // A slice, which starts at an offset.
  let sliced = columns.map { column in
    flat([.null, .null] + column.values, column.type).slice(2..<(count + 2))
  }
  let dictionaries = columns.map { dictionary($0.values, $0.type) }
  let slicedDictionaries = columns.map { column in
    dictionary([column.values[0]] + column.values, column.type).slice(1..<(count + 1))
  }
  for variant in [sliced, dictionaries, slicedDictionaries, [dictionaries[0]] + flats.dropFirst()] {
    let outcome = try evaluate(expression, over: variant, library: library)
    #expect(outcome.texts == expected.texts, sourceLocation: sourceLocation)
    #expect(
      outcome.errors.mapValues(\.code) == expected.errors.mapValues(\.code),
      sourceLocation: sourceLocation
    )
  }
  // Few rows, many rows, no row.
  let selections = [
    (0..<count).filter { $0 % 7 == 1 }, (0..<count).filter { $0 % 7 != 1 }, [],
  ]
  for selected in selections {
    let selection = Selection(rowCount: count, indices: selected.map { Int32($0) })
    for variant in [flats, dictionaries] {
      let outcome = try evaluate(expression, over: variant, rows: selection, library: library)
      #expect(outcome.texts == selected.map { expected.texts[$0] }, sourceLocation: sourceLocation)
      #expect(
        outcome.errors.mapValues(\.code)
          == expected.errors.filter { selected.contains($0.key) }.mapValues(\.code),
        sourceLocation: sourceLocation
      )
    }
  }
  // One row as a constant.
  for row in stride(from: 0, to: count, by: max(1, count / 5)) {
    let constants = columns.map { ColumnVector.constant($0.values[row], type: $0.type, count: 3) }
    let outcome = try evaluate(expression, over: constants, library: library)
    #expect(
      outcome.texts == Array(repeating: expected.texts[row], count: 3),
      sourceLocation: sourceLocation
    )
  }
}
