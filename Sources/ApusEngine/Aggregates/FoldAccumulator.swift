import ApusValues
import ApusVectors

/// Two values of fixed width made one; associative and commutative.
protocol Fold {
  associatedtype Element: BitwiseCopyable

  static func combine(_ left: Element, _ right: Element) -> Element
}

enum SmallerFold<Element: Comparable & BitwiseCopyable>: Fold {
  @inline(__always)
  static func combine(_ left: Element, _ right: Element) -> Element { right < left ? right : left }
}

enum LargerFold<Element: Comparable & BitwiseCopyable>: Fold {
  @inline(__always)
  static func combine(_ left: Element, _ right: Element) -> Element { right > left ? right : left }
}

/// The smaller number; NaN only if there is no number.
enum SmallerNumberFold<Element: BinaryFloatingPoint & BitwiseCopyable>: Fold {
  @inline(__always)
  static func combine(_ left: Element, _ right: Element) -> Element {
    right < left || left.isNaN ? right : left
  }
}

/// The larger number; NaN only if there is no number.
enum LargerNumberFold<Element: BinaryFloatingPoint & BitwiseCopyable>: Fold {
  @inline(__always)
  static func combine(_ left: Element, _ right: Element) -> Element {
    right > left || left.isNaN ? right : left
  }
}

enum AndFold: Fold {
  @inline(__always)
  static func combine(_ left: Int64, _ right: Int64) -> Int64 { left & right }
}

enum OrFold: Fold {
  @inline(__always)
  static func combine(_ left: Int64, _ right: Int64) -> Int64 { left | right }
}

enum ExclusiveOrFold: Fold {
  @inline(__always)
  static func combine(_ left: Int64, _ right: Int64) -> Int64 { left ^ right }
}

/// Folds the values of each group into one; NULL for a group without values.
final class FoldAccumulator<Rule: Fold>: Accumulator {
  private let result: SQLType
  private var values: [Rule.Element] = []
  private var isKnown: [UInt8] = []
  private let zero: Rule.Element

  /// - Parameter zero: any value; fills the states of groups without values.
  init(_ rule: Rule.Type, zero: Rule.Element, result: SQLType) {
    self.result = result
    self.zero = zero
  }

  func resize(groupCount: Int) {
    values.grow(to: groupCount, with: zero)
    isKnown.grow(to: groupCount, with: 0)
  }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) throws(SQLError) {
    let rows = GroupedRows(groups)
    let argument = arguments[0].decoded
    defer { extendLifetime(argument) }
    let source = argument.operand(as: Rule.Element.self)
    if values.count == 1, !rows.hasSkipped, argument.encoding == .flat, argument.validity == nil,
      rows.count > 0
    {
      let pointer = source.values
      var value = pointer[0]
      for row in 0..<rows.count { value = Rule.combine(value, pointer[row]) }
      add(value, to: 0)
      return
    }
    values.withUnsafeMutableBufferPointer { values in
      isKnown.withUnsafeMutableBufferPointer { isKnown in
        rows.visit(nonNullsOf: argument) { group, row in
          let value = source[row]
          values[group] = isKnown[group] != 0 ? Rule.combine(values[group], value) : value
          isKnown[group] = 1
        }
      }
    }
  }

  private func add(_ value: Rule.Element, to group: Int) {
    values[group] = isKnown[group] != 0 ? Rule.combine(values[group], value) : value
    isKnown[group] = 1
  }

  func merge(_ other: any Accumulator, mapping: UnsafeBufferPointer<Int32>) throws(SQLError) {
    let other = try sameKind(other, as: FoldAccumulator<Rule>.self)
    for (group, target) in mapping.enumerated() where other.isKnown[group] != 0 {
      add(other.values[group], to: Int(target))
    }
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    let builder = VectorBuilder(type: result, capacity: range.count)
    let output = builder.values(as: Rule.Element.self)
    for (row, group) in range.enumerated() {
      if isKnown[group] != 0 { output[row] = values[group] } else { builder.setNull(row) }
    }
    return builder.finish(count: range.count)
  }

  var byteCount: Int { values.capacity * MemoryLayout<Rule.Element>.stride + isKnown.capacity }
}
