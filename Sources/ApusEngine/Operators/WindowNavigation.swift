import ApusValues
import ApusVectors

extension WindowSegment {
  /// Computes a function that gives the value of another row.
  ///
  /// - Throws: INVALID_FUNCTION_ARGUMENT for offsets out of range, INVALID_WINDOW_FRAME.
  func evaluate(
    _ navigation: WindowSpecification.Navigation,
    _ function: WindowSpecification.Function
  ) throws(SQLError) -> ColumnVector {
    let argument = column(function.arguments[0])
    // With IGNORE NULLS, how many values that are not NULL come before each row.
    let counts = function.ignoresNulls ? valueCounts(argument) : nil
    switch navigation {
    case .lag, .lead:
      let sources = try shifted(
        by: function.arguments.count > 1 ? integers(function.arguments[1]) : nil,
        isForward: navigation == .lead,
        counts
      )
      return take(argument, sources, default: function.arguments.dropFirst(2).first)
    case .firstValue, .lastValue, .nthValue:
      let frames = try frames(function.frame)
      var offsets: [Int?]?
      if navigation == .nthValue { offsets = integers(function.arguments[1]) }
      let sources = try framed(frames, offsets, fromEnd: navigation == .lastValue, counts)
      return take(argument, sources, default: nil)
    }
  }

  /// The rows whose argument is not NULL, and for each row how many of them come before it.
  private struct ValueCounts {
    var rows: [Int] = []
    var before: [Int] = []
  }

  private func valueCounts(_ argument: ColumnVector) -> ValueCounts {
    var counts = ValueCounts()
    for row in 0..<rowCount {
      counts.before.append(counts.rows.count)
      if !argument.isNull(row) { counts.rows.append(row) }
    }
    counts.before.append(counts.rows.count)
    return counts
  }

  /// For each row the row at a distance, -1 for none in the partition, nil where the distance is
  /// NULL.
  private func shifted(by offsets: [Int?]?, isForward: Bool, _ counts: ValueCounts?)
    throws(SQLError) -> [Int?]
  {
    var sources: [Int?] = Array(repeating: nil, count: rowCount)
    for partition in partitions {
      for row in partition {
        guard let offset = offsets.map({ $0[row] }) ?? 1 else { continue }
        guard offset >= 0 else {
          throw SQLError(.invalidFunctionArgument, "Offset must be at least 0")
        }
        let distance = min(offset, Int(Int32.max))
        var source = isForward ? row + distance : row - distance
        if let counts, distance > 0 {
          // Lead counts from the first value after the row, lag from the last before it.
          let place =
            isForward ? counts.before[row + 1] + distance - 1 : counts.before[row] - distance
          source = counts.rows.indices.contains(place) ? counts.rows[place] : -1
        }
        sources[row] = partition.contains(source) ? source : -1
      }
    }
    return sources
  }

  /// For each row the first, last or nth row of its frame, -1 if it has none.
  private func framed(
    _ frames: WindowFrames,
    _ offsets: [Int?]?,
    fromEnd: Bool,
    _ counts: ValueCounts?
  ) throws(SQLError) -> [Int?] {
    var sources: [Int?] = Array(repeating: nil, count: rowCount)
    for row in 0..<rowCount {
      guard let offset = offsets.map({ $0[row] }) ?? 1 else { continue }
      guard offset >= 1 else {
        throw SQLError(.invalidFunctionArgument, "Offset must be at least 1")
      }
      let (start, end) = (frames.starts[row], frames.ends[row])
      guard start < end else { continue }
      let distance = min(offset, Int(Int32.max)) - 1
      if let counts {
        let (first, last) = (counts.before[start], counts.before[end])
        let place = fromEnd ? last - 1 - distance : first + distance
        if (first..<last).contains(place) { sources[row] = counts.rows[place] }
      } else {
        let source = fromEnd ? end - 1 - distance : start + distance
        if (start..<end).contains(source) { sources[row] = source }
      }
    }
    return sources
  }

  /// Takes the argument's values at rows; -1 gives the default of the current row, nil gives NULL.
  private func take(_ argument: ColumnVector, _ sources: [Int?], default defaultIndex: Int?)
    -> ColumnVector
  {
    var values = argument
    if let defaultIndex {
      values = ColumnVector.concatenated([argument, column(defaultIndex)], type: argument.type)
    }
    let hasDefault = defaultIndex != nil
    let rows = sources.enumerated().map { row, source -> Int32 in
      switch source {
      case nil: -1
      case -1: hasDefault ? Int32(truncatingIfNeeded: rowCount + row) : -1
      case let source?: Int32(truncatingIfNeeded: source)
      }
    }
    return rows.withUnsafeBufferPointer { values.gather($0, mayBeNegative: true) }
  }
}
