import ApusValues
import ApusVectors

extension CastOperation {
  /// Conversions of arrays, maps and rows: element by element.
  func nestedKernel() throws(SQLError) -> UnaryKernel {
    switch (from, to) {
    case (.array(let element), .array(let target)):
      let kernel = try inner(element, target)
      return { vector, rows, errors throws(SQLError) in
        try convertElements(of: vector, element, to: to, rows, &errors, kernel)
      }
    case (.map(let key, let value), .map(let targetKey, let targetValue)):
      let keyKernel = try inner(key, targetKey)
      let valueKernel = try inner(value, targetValue)
      return { vector, rows, errors throws(SQLError) in
        let keys = try convertElements(
          of: vector.mapKeys(key),
          key,
          to: .array(targetKey),
          rows,
          &errors,
          keyKernel
        )
        let values = try convertElements(
          of: vector.mapValues(value),
          value,
          to: .array(targetValue),
          rows,
          &errors,
          valueKernel
        )
        return .maps(keys: keys, values: values, type: to)
      }
    case (.row(let fields), .row(let targets)):
      var kernels: [UnaryKernel] = []
      for (field, target) in zip(fields, targets) {
        kernels.append(try inner(field.type, target.type))
      }
      return { [kernels] vector, rows, errors throws(SQLError) in
        var converted: [ColumnVector] = []
        for (index, field) in fields.enumerated() {
          let values = vector.rowField(index, field.type, of: fields.count).decoded
          converted.append(try kernels[index](values, rows, &errors))
        }
        return .rows(converted, type: to, count: vector.count, validity: validity(of: vector))
      }
    default:
      throw .notSupported("a cast from \(from) to \(to)", at: range)
    }
  }

  private func inner(_ from: SQLType, _ to: SQLType) throws(SQLError) -> UnaryKernel {
    try CastOperation(from: from, to: to, range: range).kernel()
  }

  private func convertElements(
    of vector: ColumnVector,
    _ element: SQLType,
    to: SQLType,
    _ rows: Selection,
    _ errors: inout RowErrors,
    _ kernel: UnaryKernel
  ) throws(SQLError) -> ColumnVector {
    let parts = vector.arrayElements(element, rows: rows)
    var elementErrors = RowErrors()
    let converted = try kernel(parts.elements, .all(parts.elements.count), &elementErrors)
    if !elementErrors.isEmpty {
      let owners = parts.rows
      for entry in elementErrors.entries {
        errors.record(entry.error, row: Int(owners[entry.row]))
      }
    }
    return .arrays(
      ArrayElements(ends: parts.ends, elements: converted),
      type: to,
      validity: validity(of: vector)
    )
  }
}

/// A byte per row, nil without NULLs.
func validity(of vector: ColumnVector) -> [UInt8]? {
  guard vector.mayHaveNulls else { return nil }
  return (0..<vector.count).map { vector.isNull($0) ? 0 : 1 }
}
