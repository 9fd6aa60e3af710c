import ApusPlanner
import ApusValues
import ApusVectors

/// `min_by(x, y)`, `max_by(x, y)`, `min_by(x, y, n)`, `max_by(x, y, n)`.
enum ExtremeBy: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        """
        SELECT max_by(name, score)
        FROM (VALUES ('Ada', 3), ('Bob', 9)) AS t(name, score)
        """,
        "Bob"
      ),
      FunctionExample(
        """
        SELECT min_by(name, score, 2)
        FROM (VALUES ('Ada', 3), ('Bob', 9), ('Cleo', 1)) AS t(name, score)
        """,
        "[Cleo, Ada]"
      ),
    ]
  }

  static let overloads = [
    overload("max_by", sign: 1, "largest"),
    overload("min_by", sign: -1, "smallest"),
    listOverload("max_by", sign: 1, "largest"),
    listOverload("min_by", sign: -1, "smallest"),
  ]

  private static func overload(_ name: String, sign: Int, _ which: String) -> AggregateOverload {
    AggregateOverload(
      FunctionSignature(
        name,
        kind: .aggregate,
        [.any, .any],
        returns: .parameter(0),
        summary: "Returns the first argument of the row whose second argument is \(which)."
      )
    ) { function throws(SQLError) in try ExtremeByAccumulator(function, key: 1, sign: sign) }
  }

  private static func listOverload(_ name: String, sign: Int, _ which: String)
    -> AggregateOverload
  {
    AggregateOverload(
      FunctionSignature(
        name,
        kind: .aggregate,
        [.any, .any, .type(.bigint)],
        returns: .computed { .array($0[0]) },
        summary: "Returns the first argument of the n rows whose second argument is \(which)."
      )
    ) { function throws(SQLError) in try ExtremeListAccumulator(function, key: 1, sign: sign) }
  }
}

/// Keeps the extreme key of each group and the value beside it. Rows whose key is NULL do not count;
/// the value may be NULL.
final class ExtremeByAccumulator: Accumulator {
  private let result: SQLType
  private let sign: Int
  private let order: ValueOrder
  private let keyArgument: Int
  private let keyStride: Int
  private let keys: GroupValues
  /// Nil if the key is the value.
  private let values: GroupValues?

  /// - Parameters:
  ///   - key: the argument that decides; the first is the value.
  ///   - sign: 1 for the largest key, -1 for the smallest.
  init(_ function: BoundFunction, key: Int, sign: Int) throws(SQLError) {
    guard function.parameterTypes.indices.contains(key) else {
      throw .internal("\(function.name) without the argument \(key)")
    }
    let keyType = function.parameterTypes[key]
    result = function.returnType
    self.sign = sign
    order = try valueOrder(of: keyType, sign: sign, for: function.name)
    keyArgument = key
    keyStride = keyType.physicalType.stride
    keys = GroupValues(type: keyType)
    values = key == 0 ? nil : GroupValues(type: result)
  }

  func resize(groupCount: Int) {
    keys.resize(to: groupCount)
    values?.resize(to: groupCount)
  }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) throws(SQLError) {
    let value = arguments[0].decoded
    let key = arguments[keyArgument].decoded
    defer { extendLifetime((value, key)) }
    let base = UnsafeRawPointer(key.storage.values.base)
    for row in 0..<groups.count where groups[row] >= 0 && !key.isNull(row) {
      let group = Int(groups[row])
      guard try isBetter(base + key.storageIndex(row) * keyStride, for: group) else { continue }
      keys.set(group, from: key, row: row)
      values?.set(group, from: value, row: row)
    }
  }

  private func isBetter(_ key: UnsafeRawPointer, for group: Int) throws(SQLError) -> Bool {
    guard keys.isKnown(group) else { return true }
    return try order(key, keys.value(group)) * sign > 0
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) throws(SQLError) {
    let other = try sameKind(other, as: ExtremeByAccumulator.self)
    for (group, target) in mapping where other.keys.isKnown(group) {
      guard try isBetter(other.keys.value(group), for: target) else { continue }
      keys.set(target, from: other.keys, group: group)
      if let source = other.values { values?.set(target, from: source, group: group) }
    }
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    (values ?? keys).vector(range, type: result)
  }

  var byteCount: Int { keys.byteCount + (values?.byteCount ?? 0) }
}
