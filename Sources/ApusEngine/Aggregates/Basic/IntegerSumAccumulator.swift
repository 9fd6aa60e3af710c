import ApusValues
import ApusVectors

/// Sums integers, decimals and intervals exactly, for `sum` and `avg`.
///
/// Totals have 128 bits, so that only a total that the result type cannot hold is an error, in
/// whatever order and split the rows came.
final class IntegerSumAccumulator: Accumulator {
  private struct State {
    var total: Int128
    var count: Int64
  }

  /// A state of values of at most 16 bits, of which no number of rows overflows 64.
  private struct NarrowState {
    var total: Int64
    var count: Int64
  }

  private let input: PhysicalType
  private let result: SQLType
  private let isAverage: Bool
  private let isNarrow: Bool
  private let memory: StateMemory

  /// - Parameter result: for an average of integers double, else a type of integers.
  init(_ input: PhysicalType, result: SQLType, isAverage: Bool) {
    self.input = input
    self.result = result
    self.isAverage = isAverage
    isNarrow = input == .int8 || input == .int16
    memory = StateMemory(
      stride: isNarrow ? MemoryLayout<NarrowState>.stride : MemoryLayout<State>.stride
    )
  }

  func resize(groupCount: Int) { memory.grow(to: groupCount) }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) throws(SQLError) {
    let rows = GroupedRows(groups)
    let argument = arguments[0].decoded
    defer { extendLifetime(argument) }
    if argument.isNullConstant { return }
    // The types are spelled out so that each has loops of its own.
    switch input {
    case .int8: update(rows, argument, as: Int8.self)
    case .int16: update(rows, argument, as: Int16.self)
    case .int32: update(rows, argument, as: Int32.self)
    case .int64: update(rows, argument, as: Int64.self)
    case .int128: try updateWide(rows, argument)
    case .boolean, .float32, .float64, .string: throw .internal("an integer sum of \(input)")
    }
  }

  @inline(__always)
  private func update<Input: FixedWidthInteger & SignedInteger>(
    _ rows: GroupedRows,
    _ argument: ColumnVector,
    as type: Input.Type
  ) {
    if memory.count == 1, !rows.hasSkipped, argument.encoding == .flat {
      updateSingle(argument, count: rows.count, as: type)
      return
    }
    let values = argument.operand(as: Input.self)
    if Input.bitWidth <= 16 {
      let states = memory.states(as: NarrowState.self)
      rows.visit(nonNullsOf: argument) { group, row in
        states[group].total &+= Int64(truncatingIfNeeded: values[row])
        states[group].count &+= 1
      }
      return
    }
    let states = memory.states(as: State.self)
    rows.visit(nonNullsOf: argument) { group, row in
      states[group].total &+= Int128(widening: Int64(truncatingIfNeeded: values[row]))
      states[group].count &+= 1
    }
  }

  /// Adds all rows to the only group: halves of 32 bits cannot overflow within a batch, and 64-bit
  /// lanes vectorize where a carry into 128 bits does not.
  @inline(__always)
  private func updateSingle<Input: FixedWidthInteger & SignedInteger>(
    _ argument: ColumnVector,
    count: Int,
    as type: Input.Type
  ) {
    let values = argument.values(as: Input.self)
    var low: Int64 = 0
    var high: Int64 = 0
    var valid = Int64(count)
    if let validity = argument.validity {
      valid = 0
      for row in 0..<count {
        let mask = 0 &- Int64(validity[row])
        let value = Int64(truncatingIfNeeded: values[row]) & mask
        low &+= value & 0xffff_ffff
        high &+= value >> 32
        valid &+= Int64(validity[row])
      }
    } else if Input.bitWidth < 64 {
      for row in 0..<count { low &+= Int64(truncatingIfNeeded: values[row]) }
    } else {
      for row in 0..<count {
        let value = Int64(truncatingIfNeeded: values[row])
        low &+= value & 0xffff_ffff
        high &+= value >> 32
      }
    }
    if Input.bitWidth <= 16 {
      let states = memory.states(as: NarrowState.self)
      states[0].total &+= low &+ high << 32
      states[0].count &+= valid
      return
    }
    let states = memory.states(as: State.self)
    states[0].total &+= Int128(widening: low) &+ Int128(widening: high) << 32
    states[0].count &+= valid
  }

  private func updateWide(_ rows: GroupedRows, _ argument: ColumnVector) throws(SQLError) {
    let values = argument.operand(as: Int128.self)
    let states = memory.states(as: State.self)
    var overflowed = false
    rows.visit(nonNullsOf: argument) { group, row in
      let (total, overflow) = states[group].total.addingReportingOverflow(values[row])
      states[group].total = total
      states[group].count &+= 1
      overflowed = overflowed || overflow
    }
    if overflowed { throw overflow }
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) throws(SQLError) {
    let other = try sameKind(other, as: IntegerSumAccumulator.self)
    if isNarrow {
      let states = memory.states(as: NarrowState.self)
      let otherStates = other.memory.states(as: NarrowState.self)
      for (group, target) in mapping {
        states[target].total &+= otherStates[group].total
        states[target].count &+= otherStates[group].count
      }
      return
    }
    let states = memory.states(as: State.self)
    let otherStates = other.memory.states(as: State.self)
    for (group, target) in mapping {
      let (total, isOverflow) = states[target].total.addingReportingOverflow(
        otherStates[group].total
      )
      if isOverflow { throw overflow }
      states[target].total = total
      states[target].count += otherStates[group].count
    }
  }

  private var overflow: SQLError {
    result.isDecimal
      ? SQLError(.numericValueOutOfRange, "Decimal overflow")
      : SQLError(.numericValueOutOfRange, "\(result) addition overflow")
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    try finish(range, shiftedBy: 0)
  }

  /// Returns the results as if every value had been greater by `shift`.
  func finish(_ range: Range<Int>, shiftedBy shift: Int64) throws(SQLError) -> ColumnVector {
    let builder = VectorBuilder(type: result, capacity: range.count)
    for (row, group) in range.enumerated() {
      var (total, count) = state(group)
      if count == 0 {
        builder.setNull(row)
        continue
      }
      if shift != 0 { total &+= Int128(widening: shift) &* Int128(widening: count) }
      if result == .double {
        let sum = total.narrowed.map { Double($0) } ?? Double(total)
        builder.values(as: Double.self)[row] = sum / Double(count)
        continue
      }
      let value =
        isAverage ? Decimal.divideRounding(total, by: Int128(widening: count)) : total
      switch result.physicalType {
      case .int128:
        if case .decimal(let precision, _) = result, !Decimal.fits(value, precision: precision) {
          throw overflow
        }
        builder.values(as: Int128.self)[row] = value
      case .int32:
        guard let narrow = value.narrowed.flatMap({ Int32(exactly: $0) }) else { throw overflow }
        builder.values(as: Int32.self)[row] = narrow
      default:
        guard let narrow = value.narrowed else { throw overflow }
        builder.values(as: Int64.self)[row] = narrow
      }
    }
    return builder.finish(count: range.count)
  }

  @inline(__always)
  private func state(_ group: Int) -> (total: Int128, count: Int64) {
    if isNarrow {
      let state = memory.states(as: NarrowState.self)[group]
      return (Int128(widening: state.total), state.count)
    }
    let state = memory.states(as: State.self)[group]
    return (state.total, state.count)
  }

  var byteCount: Int { memory.byteCount }
}

extension IntegerSumAccumulator: FrameAccumulator {
  /// Totals of 128 bits are exact in whatever order rows come and go, unless values have as many.
  func canSlide(over frames: WindowFrames) -> Bool {
    input != .int128 && frames.movement <= 32 * frames.count + 2 * frames.reach.count
  }

  func slide(over frames: WindowFrames, arguments: [ColumnVector], counted: [UInt8]?) {
    let argument = arguments[0]
    switch input {
    case .int8: slide(over: frames, argument, counted, as: Int8.self)
    case .int16: slide(over: frames, argument, counted, as: Int16.self)
    case .int32: slide(over: frames, argument, counted, as: Int32.self)
    default: slide(over: frames, argument, counted, as: Int64.self)
    }
  }

  @inline(__always)
  private func slide<Input: FixedWidthInteger & SignedInteger>(
    over frames: WindowFrames,
    _ argument: ColumnVector,
    _ counted: [UInt8]?,
    as type: Input.Type
  ) {
    let values = argument.values(as: Input.self)
    let states = memory.states(as: State.self)
    var state = State(total: 0, count: 0)
    let present = presence(of: argument, counted, frames.reach)
    ApusEngine.slide(
      over: frames,
      reset: { state = State(total: 0, count: 0) },
      add: { row in
        guard present.map({ $0[row] != 0 }) ?? true else { return }
        state.total &+= Int128(widening: Int64(truncatingIfNeeded: values[row]))
        state.count &+= 1
      },
      subtract: { row in
        guard present.map({ $0[row] != 0 }) ?? true else { return }
        state.total &-= Int128(widening: Int64(truncatingIfNeeded: values[row]))
        state.count &-= 1
      },
      finish: { states[$0] = state }
    )
  }
}
