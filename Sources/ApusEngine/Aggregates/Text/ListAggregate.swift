import ApusPlanner
import ApusValues
import ApusVectors

/// `listagg(x, separator ON OVERFLOW …) WITHIN GROUP (ORDER BY …)`: the values that are not NULL in a
/// row; NULL if there are none.
enum ListAggregate: AggregateFunction {
  static let overloads = [
    AggregateOverload(
      FunctionSignature(
        "listagg",
        kind: .aggregate,
        [.type(.text), .type(.text), .type(.boolean), .type(.text), .type(.boolean)],
        returns: .type(.text),
        summary: "Joins texts, in the order of WITHIN GROUP, with a separator between them."
      ),
      isOrderSensitive: true
    ) { _ throws(SQLError) in ListAggregateAccumulator() }
  ]
}

/// Keeps the texts of each group.
final class ListAggregateAccumulator: Accumulator {
  /// What the call says beside the texts, the same for all rows.
  private struct Format {
    var separator: [UInt8]
    var isOverflowError: Bool
    var filler: [UInt8]
    var countsRest: Bool

    /// The longest text that stands for what does not fit, as in Trino.
    private static let maximumFillerLength = 65_536

    /// Nil if something is NULL, and so no row counts.
    ///
    /// - Parameter arguments: those after the first.
    init?(_ arguments: ArraySlice<ColumnVector>) throws(SQLError) {
      let values = arguments.map { $0.value(0) }
      guard values.count == 4, case .text(let separator) = values[0],
        case .boolean(let isError) = values[1], case .text(let filler) = values[2],
        case .boolean(let countsRest) = values[3]
      else { return nil }
      self.separator = Array(separator.utf8)
      isOverflowError = isError
      self.filler = Array(filler.utf8)
      self.countsRest = countsRest
      if self.filler.count > Format.maximumFillerLength {
        throw SQLError(
          .invalidFunctionArgument,
          "Overflow filler length \(self.filler.count) exceeds maximum length "
            + "\(Format.maximumFillerLength)"
        )
      }
    }
  }

  /// The bytes of the longest result, but for the filler, as in Trino.
  private static let maximumLength = 1_048_576

  private let lists = GroupLists([.text])
  private var format: Format?

  func resize(groupCount: Int) { lists.resize(to: groupCount) }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) throws(SQLError) {
    guard groups.count > 0 else { return }
    if format == nil { format = try Format(arguments.dropFirst()) }
    if format == nil { return }
    let texts = arguments[0].decoded
    defer { extendLifetime(texts) }
    try lists.append(groups: groups, from: [texts], skipsNulls: true)
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) throws(SQLError) {
    let other = try sameKind(other, as: ListAggregateAccumulator.self)
    format = format ?? other.format
    for (group, target) in mapping {
      try lists.append(target, from: other.lists, group: group)
    }
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    let (entries, ends) = lists.entries(range)
    let column = lists.column(0, entries[...])
    defer { extendLifetime(column) }
    let texts = column.operand(as: StringView.self)
    let builder = VectorBuilder(type: .text, capacity: range.count)
    var start = 0
    var output: [UInt8] = []
    for (row, end) in ends.enumerated() {
      if let format, start < Int(end) {
        output.removeAll(keepingCapacity: true)
        try join(start..<Int(end), of: texts, format, to: &output)
        output.withUnsafeBytes { builder.setString(row, $0) }
      } else {
        builder.setNull(row)
      }
      start = Int(end)
    }
    return builder.finish(count: range.count)
  }

  private func join(
    _ range: Range<Int>,
    of texts: KernelOperand<StringView>,
    _ format: Format,
    to output: inout [UInt8]
  ) throws(SQLError) {
    for position in range {
      let isFirst = position == range.lowerBound
      let text = texts.bytes(position)
      let needed = text.count + (isFirst ? 0 : format.separator.count)
      guard output.count + needed <= ListAggregateAccumulator.maximumLength else {
        if format.isOverflowError {
          throw SQLError(
            .exceededFunctionMemoryLimit,
            "Concatenated string has the length in bytes larger than the maximum output length "
              + "\(ListAggregateAccumulator.maximumLength)"
          )
        }
        if !isFirst { output += format.separator }
        output += format.filler
        if format.countsRest { output += Array("(\(range.upperBound - position))".utf8) }
        return
      }
      if !isFirst { output += format.separator }
      output.append(contentsOf: text)
    }
  }

  var byteCount: Int { lists.byteCount }
}
