import ApusValues
import ApusVectors

extension WindowSegment {
  /// Where the value of a row comes from: the row's number, or one of these.
  private static let null: Int32 = -1
  private static let fallback: Int32 = -2

  /// Computes a function that gives the value of another row.
  ///
  /// - Throws: INVALID_FUNCTION_ARGUMENT for offsets out of range, INVALID_WINDOW_FRAME.
  func evaluate(
    _ navigation: WindowSpecification.Navigation,
    _ function: WindowSpecification.Function
  ) throws(SQLError) -> ColumnVector {
    let argument = column(function.arguments[0])
    let values = function.ignoresNulls ? PresentValues(argument, of: partitions) : nil
    let offsets = function.arguments.count > 1 ? bigints(function.arguments[1]) : nil
    switch navigation {
    case .lag, .lead:
      let sources = try shifted(by: offsets, isForward: navigation == .lead, values)
      let fallback = function.arguments.dropFirst(2).first.map { column($0) }
      return take(argument, sources, fallback: fallback)
    case .firstValue, .lastValue, .nthValue:
      let sources = try framed(
        try frames(function.frame),
        offsets,
        fromEnd: navigation == .lastValue,
        values
      )
      return take(argument, sources, fallback: nil)
    }
  }

  /// The rows whose argument is not NULL, and for each row how many of them come before it; for
  /// IGNORE NULLS.
  private struct PresentValues {
    private let start: Int
    private(set) var rows: [Int32] = []
    private var before: [Int32] = []

    init(_ argument: ColumnVector, of partitions: [Range<Int>]) {
      start = partitions.first?.lowerBound ?? 0
      for row in start..<(partitions.last?.upperBound ?? start) {
        before.append(Int32(truncatingIfNeeded: rows.count))
        if !argument.isNull(row) { rows.append(Int32(truncatingIfNeeded: row)) }
      }
      before.append(Int32(truncatingIfNeeded: rows.count))
    }

    func count(before row: Int) -> Int { Int(before[row - start]) }
  }

  /// For each row the row at a distance.
  private func shifted(by offsets: BigintColumn?, isForward: Bool, _ values: PresentValues?)
    throws(SQLError) -> [Int32]
  {
    var sources = [Int32](repeating: WindowSegment.null, count: range.count)
    try forEachPartition { (partition, rows) throws(SQLError) in
      for row in rows {
        guard let offset = offsets.map({ $0[row] }) ?? 1 else { continue }
        guard offset >= 0 else {
          throw SQLError(.invalidFunctionArgument, "Offset must be at least 0")
        }
        let distance = min(offset, Int(Int32.max))
        var source = isForward ? row + distance : row - distance
        if let values, distance > 0 {
          // Lead counts from the first value after the row, lag from the last before it.
          let place =
            isForward
            ? values.count(before: row + 1) + distance - 1 : values.count(before: row) - distance
          source = values.rows.indices.contains(place) ? Int(values.rows[place]) : -1
        }
        sources[row - range.lowerBound] =
          partition.contains(source)
          ? Int32(truncatingIfNeeded: source) : WindowSegment.fallback
      }
    }
    return sources
  }

  /// For each row the first, last or nth row of its frame.
  private func framed(
    _ frames: WindowFrames,
    _ offsets: BigintColumn?,
    fromEnd: Bool,
    _ values: PresentValues?
  ) throws(SQLError) -> [Int32] {
    var sources = [Int32](repeating: WindowSegment.null, count: range.count)
    for index in 0..<range.count {
      guard let offset = offsets.map({ $0[range.lowerBound + index] }) ?? 1 else { continue }
      guard offset >= 1 else {
        throw SQLError(.invalidFunctionArgument, "Offset must be at least 1")
      }
      let (start, end) = (Int(frames.starts[index]), Int(frames.ends[index]))
      guard start < end else { continue }
      let distance = min(offset, Int(Int32.max)) - 1
      if let values {
        let (first, last) = (values.count(before: start), values.count(before: end))
        let place = fromEnd ? last - 1 - distance : first + distance
        if (first..<last).contains(place) { sources[index] = values.rows[place] }
      } else {
        let source = fromEnd ? end - 1 - distance : start + distance
        if (start..<end).contains(source) { sources[index] = Int32(truncatingIfNeeded: source) }
      }
    }
    return sources
  }

  /// Takes the argument's values at rows.
  ///
  /// - Parameter fallback: what rows without a source give; NULL without one.
  private func take(_ argument: ColumnVector, _ sources: [Int32], fallback: ColumnVector?)
    -> ColumnVector
  {
    let taken = sources.withUnsafeBufferPointer { argument.gather($0, mayBeNegative: true) }
    guard let fallback, sources.contains(WindowSegment.fallback) else { return taken }
    let both = ColumnVector.concatenated([taken, fallback.slice(range)], type: argument.type)
    let places = sources.indices.map { index in
      Int32(
        truncatingIfNeeded: sources[index] == WindowSegment.fallback
          ? sources.count + index : index
      )
    }
    return places.withUnsafeBufferPointer { both.gather($0) }
  }
}
