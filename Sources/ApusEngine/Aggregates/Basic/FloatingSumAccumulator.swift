import ApusValues
import ApusVectors

/// Sums reals and doubles in double precision, for `sum`, `avg` and `geometric_mean`.
final class FloatingSumAccumulator<Input: BinaryFloatingPoint>: Accumulator {
  enum Result {
    case sum
    case average
    /// `exp(sum / count)`, the arguments being logarithms already.
    case exponentialOfAverage
  }

  private struct State {
    var total: Double
    var count: Int64
  }

  private let kind: Result
  private let transform: @Sendable (Double) -> Double
  private let transforms: Bool
  private let result: SQLType
  private var states: [State] = []

  /// - Parameter transform: applied to each value before it is added; nil for the value itself.
  init(
    _ input: Input.Type,
    _ kind: Result,
    result: SQLType,
    transform: (@Sendable (Double) -> Double)? = nil
  ) {
    self.kind = kind
    self.result = result
    self.transform = transform ?? { $0 }
    transforms = transform != nil
  }

  func resize(groupCount: Int) { states.grow(to: groupCount, with: State(total: 0, count: 0)) }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) throws(SQLError) {
    let rows = GroupedRows(groups)
    let argument = arguments[0].decoded
    defer { extendLifetime(argument) }
    let values = argument.operand(as: Input.self)
    if transforms {
      let transform = transform
      states.withUnsafeMutableBufferPointer { states in
        rows.visit(nonNullsOf: argument) { group, row in
          states[group].total += transform(Double(values[row]))
          states[group].count &+= 1
        }
      }
      return
    }
    if states.count == 1, !rows.hasSkipped, argument.encoding == .flat, argument.validity == nil {
      states[0].total += FloatingSumAccumulator.sum(values.values, count: rows.count)
      states[0].count += Int64(rows.count)
      return
    }
    states.withUnsafeMutableBufferPointer { states in
      rows.visit(nonNullsOf: argument) { group, row in
        states[group].total += Double(values[row])
        states[group].count &+= 1
      }
    }
  }

  /// Adds in eight lanes, which a processor does side by side.
  private static func sum(_ values: UnsafePointer<Input>, count: Int) -> Double {
    var lanes = SIMD8<Double>(repeating: 0)
    var row = 0
    while row + 8 <= count {
      var next = SIMD8<Double>()
      for lane in 0..<8 { next[lane] = Double(values[row + lane]) }
      lanes += next
      row += 8
    }
    var total = lanes.sum()
    while row < count {
      total += Double(values[row])
      row += 1
    }
    return total
  }

  func merge(_ other: any Accumulator, mapping: UnsafeBufferPointer<Int32>) throws(SQLError) {
    let other = try sameKind(other, as: FloatingSumAccumulator<Input>.self)
    for (group, target) in mapping.enumerated() where other.states[group].count > 0 {
      states[Int(target)].total += other.states[group].total
      states[Int(target)].count += other.states[group].count
    }
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    let builder = VectorBuilder(type: result, capacity: range.count)
    for (row, group) in range.enumerated() {
      let state = states[group]
      if state.count == 0 {
        builder.setNull(row)
        continue
      }
      let value =
        switch kind {
        case .sum: state.total
        case .average: state.total / Double(state.count)
        case .exponentialOfAverage: exponential(state.total / Double(state.count))
        }
      if result == .real {
        builder.values(as: Float.self)[row] = Float(value)
      } else {
        builder.values(as: Double.self)[row] = value
      }
    }
    return builder.finish(count: range.count)
  }

  var byteCount: Int { states.capacity * MemoryLayout<State>.stride }
}
