import ApusPlanner
import ApusValues
import ApusVectors

/// `min_by(x, y)`, `max_by(x, y)`.
enum ExtremeBy: AggregateFunction {
  static let overloads = [
    AggregateOverload(
      FunctionSignature(
        "max_by",
        kind: .aggregate,
        [.any, .any],
        returns: .parameter(0),
        summary: "Returns the first argument of the row whose second argument is largest."
      )
    ) { function throws(SQLError) in try ExtremeByAccumulator(function, sign: 1) },
    AggregateOverload(
      FunctionSignature(
        "min_by",
        kind: .aggregate,
        [.any, .any],
        returns: .parameter(0),
        summary: "Returns the first argument of the row whose second argument is smallest."
      )
    ) { function throws(SQLError) in try ExtremeByAccumulator(function, sign: -1) },
  ]
}

/// Keeps the extreme key of each group and the value beside it. Rows whose key is NULL do not count;
/// the value may be NULL.
final class ExtremeByAccumulator: Accumulator {
  private let result: SQLType
  private let sign: Int
  private let order: ValueOrder
  private let keyStride: Int
  private let keys: GroupValues
  private let values: GroupValues

  /// - Parameter sign: 1 for the largest key, -1 for the smallest.
  init(_ function: BoundFunction, sign: Int) throws(SQLError) {
    guard function.parameterTypes.count == 2 else {
      throw .internal("\(function.name) without two arguments")
    }
    let keyType = function.parameterTypes[1]
    if keyType.isNested { throw .notSupported("\(function.name) by \(keyType)") }
    result = function.returnType
    self.sign = sign
    order = valueOrder(of: keyType.physicalType)
    keyStride = keyType.physicalType.stride
    keys = GroupValues(type: keyType)
    values = GroupValues(type: result)
  }

  func resize(groupCount: Int) {
    keys.resize(to: groupCount)
    values.resize(to: groupCount)
  }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) throws(SQLError) {
    let value = arguments[0].decoded
    let key = arguments[1].decoded
    defer { extendLifetime((value, key)) }
    let base = UnsafeRawPointer(key.storage.values.base)
    GroupedRows(groups).visit(nonNullsOf: key) { group, row in
      guard isBetter(base + key.storageIndex(row) * keyStride, for: group) else { return }
      keys.set(group, from: key, row: row)
      values.set(group, from: value, row: row)
    }
  }

  private func isBetter(_ key: UnsafeRawPointer, for group: Int) -> Bool {
    guard keys.isKnown(group) else { return true }
    return order(key, keys.value(group)) * sign > 0
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) throws(SQLError) {
    let other = try sameKind(other, as: ExtremeByAccumulator.self)
    for (group, target) in mapping where other.keys.isKnown(group) {
      guard isBetter(other.keys.value(group), for: target) else { continue }
      keys.set(target, from: other.keys, group: group)
      values.set(target, from: other.values, group: group)
    }
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    values.vector(range, type: result)
  }

  var byteCount: Int { keys.byteCount + values.byteCount }
}
