import ApusPlanner
import ApusValues
import ApusVectors

// The loops that nearly every operator and function is made of: a value per row computed from the
// values of its arguments, NULL where one of them is NULL. The transformations are closures that
// the compiler inlines into the loops, so that each use is a loop of its own over plain memory.
//
// `mapUnary` and `mapBinary` are for what cannot fail on any bits: they run over all rows, selected
// or not, unless few are selected. `mapRows` is for the rest: it visits selected rows that have no
// NULL argument, and keeps the errors it meets with their rows.
//
// Safety: pointers come from decoded vectors that `extendLifetime` keeps; rows are below their
// count, which is the selection's `rowCount`.

/// Computes each row from the same row of `input`; NULL gives NULL.
@inline(__always)
func mapUnary<Input, Output>(
  _ input: ColumnVector,
  to type: SQLType,
  rows: Selection,
  _ transform: (Input) -> Output
) -> ColumnVector {
  if input.isNullConstant { return .nulls(type, count: rows.rowCount) }
  let input = input.decoded
  defer { extendLifetime(input) }
  let source = input.values(as: Input.self)
  if input.encoding == .constant {
    let builder = VectorBuilder(type: type, capacity: 1)
    builder.values(as: Output.self).initialize(to: transform(source[0]))
    return builder.finishConstant(count: rows.rowCount)
  }
  let builder = VectorBuilder(type: type, capacity: rows.rowCount)
  let output = builder.values(as: Output.self)
  if rows.isDense {
    for row in 0..<rows.rowCount { output[row] = transform(source[row]) }
  } else {
    builder.zeroValues()
    rows.visit { row in output[row] = transform(source[row]) }
  }
  builder.mergeValidity(of: input)
  return builder.finish(count: rows.rowCount)
}

/// Computes each row from the same rows of two vectors; NULL gives NULL.
@inline(__always)
func mapBinary<Left, Right, Output>(
  _ left: ColumnVector,
  _ right: ColumnVector,
  to type: SQLType,
  rows: Selection,
  _ combine: (Left, Right) -> Output
) -> ColumnVector {
  let count = rows.rowCount
  if left.isNullConstant || right.isNullConstant { return .nulls(type, count: count) }
  let left = left.decoded
  let right = right.decoded
  defer { extendLifetime((left, right)) }
  let a = left.values(as: Left.self)
  let b = right.values(as: Right.self)
  if left.encoding == .constant, right.encoding == .constant {
    let builder = VectorBuilder(type: type, capacity: 1)
    builder.values(as: Output.self).initialize(to: combine(a[0], b[0]))
    return builder.finishConstant(count: count)
  }
  let builder = VectorBuilder(type: type, capacity: count)
  let output = builder.values(as: Output.self)
  if !rows.isDense {
    builder.zeroValues()
    let leftStride = left.encoding == .constant ? 0 : 1
    let rightStride = right.encoding == .constant ? 0 : 1
    rows.visit { row in output[row] = combine(a[row &* leftStride], b[row &* rightStride]) }
  } else if right.encoding == .constant {
    let constant = b[0]
    for row in 0..<count { output[row] = combine(a[row], constant) }
  } else if left.encoding == .constant {
    let constant = a[0]
    for row in 0..<count { output[row] = combine(constant, b[row]) }
  } else {
    for row in 0..<count { output[row] = combine(a[row], b[row]) }
  }
  builder.mergeValidity(of: left)
  builder.mergeValidity(of: right)
  return builder.finish(count: count)
}

/// Computes selected rows one by one where no argument is NULL.
///
/// - Parameters:
///   - arguments: flat or constant vectors; the caller keeps them alive. If all of them are
///     constant, `compute` is asked for row 0 only.
///   - range: the place of errors that have none.
///   - compute: gives the value of a row, nil for NULL; what it throws becomes the row's error.
@inline(__always)
func mapRows<Output>(
  _ arguments: [ColumnVector],
  to type: SQLType,
  rows: Selection,
  range: SourceRange?,
  errors: inout RowErrors,
  _ compute: (Int) throws(SQLError) -> Output?
) -> ColumnVector {
  mapRows(arguments, to: type, rows, range, &errors, { _ in }) {
    (row: Int, _: Void) throws(SQLError) -> Output? in try compute(row)
  }
}

/// Computes selected rows of text or bytes one by one where no argument is NULL.
///
/// - Parameter compute: gives the view of a row, nil for NULL; the view points into the heap that it
///   is handed or into an argument's.
@inline(__always)
func mapText(
  _ arguments: [ColumnVector],
  to type: SQLType,
  rows: Selection,
  range: SourceRange?,
  errors: inout RowErrors,
  _ compute: (Int, StringHeap) throws(SQLError) -> StringView?
) -> ColumnVector {
  mapRows(arguments, to: type, rows, range, &errors, { $0.heap }, compute)
}

@inline(__always)
private func mapRows<Output, Context>(
  _ arguments: [ColumnVector],
  to type: SQLType,
  _ rows: Selection,
  _ range: SourceRange?,
  _ errors: inout RowErrors,
  _ makeContext: (VectorBuilder) -> Context,
  _ compute: (Int, Context) throws(SQLError) -> Output?
) -> ColumnVector {
  let count = rows.rowCount
  if arguments.contains(where: { $0.isNullConstant }) { return .nulls(type, count: count) }
  if rows.isEmpty { return .nulls(type, count: count) }
  let isConstant = !arguments.isEmpty && arguments.allSatisfy { $0.encoding == .constant }
  let builder = VectorBuilder(type: type, capacity: isConstant ? 1 : count)
  if type.physicalType == .string {
    for argument in arguments where argument.type.physicalType == .string {
      builder.retain(heaps: argument.storage.heaps)
    }
  }
  let context = makeContext(builder)
  let output = builder.values(as: Output.self)
  if isConstant {
    do throws(SQLError) {
      if let value = try compute(0, context) { output[0] = value } else { builder.setNull(0) }
    } catch {
      let located = error.located(at: range)
      rows.visit { row in errors.record(located, row: row) }
      builder.setNull(0)
    }
    return builder.finishConstant(count: count)
  }
  for argument in arguments { builder.mergeValidity(of: argument) }
  let validity = builder.validity.map { UnsafePointer($0) }
  if rows.indices != nil || validity != nil, type.physicalType != .string { builder.zeroValues() }
  rows.visit { row in
    if let validity, validity[row] == 0 { return }
    do throws(SQLError) {
      if let value = try compute(row, context) {
        output[row] = value
      } else {
        builder.setNull(row)
      }
    } catch {
      errors.record(error.located(at: range), row: row)
      builder.setNull(row)
    }
  }
  return builder.finish(count: count)
}
