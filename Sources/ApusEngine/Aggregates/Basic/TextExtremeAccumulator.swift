import ApusValues
import ApusVectors

/// `min` and `max` of text and bytes.
final class TextExtremeAccumulator: Accumulator {
  private let result: SQLType
  /// 1 to look for the largest, -1 for the smallest.
  private let sign: Int
  private let values: GroupValues
  private var groupCount = 0

  init(result: SQLType, isMaximum: Bool) {
    self.result = result
    sign = isMaximum ? 1 : -1
    values = GroupValues(type: result)
  }

  func resize(groupCount: Int) {
    self.groupCount = max(groupCount, self.groupCount)
    values.resize(to: groupCount)
  }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) throws(SQLError) {
    let rows = GroupedRows(groups)
    let argument = arguments[0].decoded
    defer { extendLifetime(argument) }
    let views = argument.operand(as: StringView.self)
    if groupCount == 1 {
      // The row that wins the batch is the only one to be copied.
      var best: Int?
      rows.visit(nonNullsOf: argument) { _, row in
        if let current = best, StringView.compare(views[row], views[current]) * sign <= 0 { return }
        best = row
      }
      if let best, isBetter(views[best], for: 0) { values.set(0, from: argument, row: best) }
      return
    }
    rows.visit(nonNullsOf: argument) { group, row in
      if isBetter(views[row], for: group) { values.set(group, from: argument, row: row) }
    }
  }

  private func isBetter(_ view: StringView, for group: Int) -> Bool {
    guard values.isKnown(group) else { return true }
    return StringView.compare(view, values.value(group).load(as: StringView.self)) * sign > 0
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) throws(SQLError) {
    let other = try sameKind(other, as: TextExtremeAccumulator.self)
    for (group, target) in mapping where other.values.isKnown(group) {
      let view = other.values.value(group).load(as: StringView.self)
      if isBetter(view, for: target) {
        values.set(target, from: other.values, group: group)
      }
    }
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    values.vector(range, type: result)
  }

  var byteCount: Int { values.byteCount }
}
