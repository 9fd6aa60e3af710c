import ApusValues
import ApusVectors

/// Counts rows, rows with a value, or rows with TRUE.
final class CountAccumulator: Accumulator {
  enum Rule {
    /// All rows of `count(*)`, or those whose argument is not NULL.
    case values
    /// Rows whose argument is TRUE.
    case whereTrue
  }

  private let rule: Rule
  private var counts: [Int64] = []

  init(_ rule: Rule) { self.rule = rule }

  func resize(groupCount: Int) { counts.grow(to: groupCount, with: 0) }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) throws(SQLError) {
    let rows = GroupedRows(groups)
    let isSingle = counts.count == 1 && !rows.hasSkipped
    guard let argument = arguments.first?.decoded else {
      if isSingle {
        counts[0] += Int64(rows.count)
      } else {
        counts.withUnsafeMutableBufferPointer { counts in
          rows.visit { group, _ in counts[group] &+= 1 }
        }
      }
      return
    }
    defer { extendLifetime(argument) }
    if argument.isNullConstant { return }
    switch rule {
    case .values:
      if isSingle {
        var count = Int64(rows.count)
        if argument.encoding == .flat, let validity = argument.validity {
          count = 0
          for row in 0..<rows.count { count &+= Int64(validity[row]) }
        }
        counts[0] += count
      } else {
        counts.withUnsafeMutableBufferPointer { counts in
          rows.visit(nonNullsOf: argument) { group, _ in counts[group] &+= 1 }
        }
      }
    case .whereTrue:
      let values = argument.operand(as: UInt8.self)
      counts.withUnsafeMutableBufferPointer { counts in
        rows.visit(nonNullsOf: argument) { group, row in counts[group] &+= Int64(values[row]) }
      }
    }
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) throws(SQLError) {
    let other = try sameKind(other, as: CountAccumulator.self)
    for (group, target) in mapping { counts[target] += other.counts[group] }
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    let builder = VectorBuilder(type: .bigint, capacity: range.count)
    let output = builder.values(as: Int64.self)
    for (row, group) in range.enumerated() { output[row] = counts[group] }
    return builder.finish(count: range.count)
  }

  var byteCount: Int { counts.capacity * 8 }
}
