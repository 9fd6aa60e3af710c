import ApusPlanner
import ApusValues
import ApusVectors

/// `operand IN (list)` where the list has expressions: the OR of comparisons, term by term.
struct InListExpression: CompiledExpression {
  let operand: any CompiledExpression
  let list: [any CompiledExpression]

  var type: SQLType { .boolean }

  func evaluate(_ batch: Batch, rows: Selection, errors: inout RowErrors) throws(SQLError)
    -> ColumnVector
  {
    let value = try operand.evaluate(batch, rows: rows, errors: &errors)
    var accumulator = LogicalAccumulator(.or, rows: rows)
    for (index, item) in list.enumerated() {
      if index > 0 { accumulator.narrow() }
      let undecided = accumulator.undecided
      if undecided.isEmpty { break }
      var itemErrors = RowErrors()
      let element = try item.evaluate(batch, rows: undecided, errors: &itemErrors)
      let isEqual = compareVectors(.equal, value, element, rows: undecided)
      accumulator.add(isEqual, errors: itemErrors)
    }
    return accumulator.finish(errors: &errors)
  }
}

/// `operand IN (list)` over constants: a set that each row is looked up in.
struct InSetExpression: CompiledExpression {
  private let operand: any CompiledExpression
  private let set: ValueSet
  /// Whether the list has a NULL, which makes a miss NULL.
  private let hasNull: Bool
  private let memo = DictionaryMemo()

  init(_ operand: any CompiledExpression, constants: [ConstantExpression]) {
    self.operand = operand
    let values = constants.map(\.value)
    hasNull = values.contains(.null)
    set = ValueSet(values.filter { !$0.isNull }, type: operand.type.physicalType)
  }

  var type: SQLType { .boolean }

  func evaluate(_ batch: Batch, rows: Selection, errors: inout RowErrors) throws(SQLError)
    -> ColumnVector
  {
    let value = try operand.evaluate(batch, rows: rows, errors: &errors)
    return try memo.map(value, rows: rows, errors: &errors) {
      (values, selected, _) throws(SQLError) -> ColumnVector in
      let found = set.lookUp(values, rows: selected)
      guard hasNull else { return found }
      let flat = found.flattened()
      let builder = VectorBuilder(type: .boolean, capacity: flat.count)
      let output = builder.values(as: UInt8.self)
      let validity = builder.makeValidity()
      let from = flat.values(as: UInt8.self)
      for row in 0..<flat.count {
        output[row] = from[row]
        validity[row] = from[row] & (flat.validity?[row] ?? 1)
      }
      extendLifetime(flat)
      return builder.finish(count: flat.count)
    }
  }
}
