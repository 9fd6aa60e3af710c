import ApusPlanner
import ApusValues
import ApusVectors

/// `approx_percentile(x, p)`, `approx_percentile(x, weight, p)`, of one percentage or of an array.
enum ApproximatePercentile: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample(
        """
        SELECT approx_percentile(x, 0.5)
        FROM (VALUES 1, 2, 3, 4, 100) AS t(x)
        """,
        "3"
      ),
      FunctionExample(
        """
        SELECT approx_percentile(x, ARRAY[0.25, 0.75])
        FROM (VALUES 1, 2, 3, 4, 5) AS t(x)
        """,
        "[2, 4]"
      ),
      FunctionExample(
        """
        SELECT approx_percentile(x, w, 0.5)
        FROM (VALUES (1, 1), (2, 10)) AS t(x, w)
        """,
        "2"
      ),
    ]
  }

  static let overloads: [AggregateOverload] = [SQLType.bigint, .real, .double].flatMap { type in
    [
      overload(
        [.type(type), .type(.double)],
        type,
        "Estimates the value below which the part p (0 to 1) of all values lies."
      ),
      overload(
        [.type(type), .type(.double), .type(.double)],
        type,
        "Estimates the value below which the part p (0 to 1) of all weights lies."
      ),
      overload(
        [.type(type), .array(.type(.double))],
        .array(type),
        "Estimates the values below which parts (0 to 1) of all values lie."
      ),
      overload(
        [.type(type), .type(.double), .array(.type(.double))],
        .array(type),
        "Estimates the values below which parts (0 to 1) of all weights lie."
      ),
    ]
  }

  private static func overload(
    _ parameters: [FunctionSignature.Parameter],
    _ result: SQLType,
    _ summary: String
  ) -> AggregateOverload {
    AggregateOverload(
      FunctionSignature(
        "approx_percentile",
        kind: .aggregate,
        parameters,
        returns: .type(result),
        summary: summary
      )
    ) { _ throws(SQLError) in ApproximatePercentileAccumulator(result) }
  }
}

/// A t-digest per group, and the percentages that its first row that counts asks for.
final class ApproximatePercentileAccumulator: Accumulator {
  private let result: SQLType
  /// The type of the values.
  private let type: SQLType
  private var digests: [TDigest] = []
  private var percentages: [[Double]?] = []

  init(_ result: SQLType) {
    self.result = result
    if case .array(let element) = result { type = element } else { type = result }
  }

  func resize(groupCount: Int) {
    digests.grow(to: groupCount, with: TDigest())
    percentages.grow(to: groupCount, with: nil)
  }

  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) throws(SQLError) {
    let argument = arguments[0].decoded
    let weights = arguments.count == 3 ? arguments[1].decoded : nil
    let parts = arguments[arguments.count - 1].decoded
    defer { extendLifetime((argument, weights, parts)) }
    let weight = weights?.doubles
    let value: (Int) -> Double
    switch type.physicalType {
    case .int64:
      let values = argument.bigints
      value = { Double(values[$0]) }
    case .float32:
      let values = argument.operand(as: Float.self)
      value = { Double(values[$0]) }
    default:
      let values = argument.doubles
      value = { values[$0] }
    }
    for row in 0..<groups.count where groups[row] >= 0 && !argument.isNull(row) {
      if parts.isNull(row) || weight?.isNull(row) ?? false { continue }
      let group = Int(groups[row])
      if percentages[group] == nil {
        percentages[group] = try ApproximatePercentileAccumulator.percentages(parts.value(row))
      }
      let number = value(row)
      guard number.isFinite else {
        throw SQLError(
          .invalidFunctionArgument,
          "value must be finite; was \(Value.double(number).text(as: .double) ?? "")"
        )
      }
      digests[group].add(number, weight: try checked(weight?[row] ?? 1))
    }
  }

  private func checked(_ weight: Double) throws(SQLError) -> Double {
    if weight.isFinite, weight >= 1 { return weight }
    let text = Value.double(weight).text(as: .double) ?? ""
    throw SQLError(
      .invalidFunctionArgument,
      weight.isFinite
        ? "weight must be >= 1, was \(text)" : "weight must be finite; was \(text)"
    )
  }

  private static func percentages(_ value: Value) throws(SQLError) -> [Double] {
    switch value {
    case .array(let values):
      var result: [Double] = []
      for value in values {
        if value.isNull {
          throw SQLError(.invalidFunctionArgument, "Percentile cannot be null")
        }
        result += try percentages(value)
      }
      return result
    case .double(let part) where part >= 0 && part <= 1:
      return [part]
    default:
      throw SQLError(.invalidFunctionArgument, "Percentile must be between 0 and 1")
    }
  }

  func merge(_ other: any Accumulator, mapping: GroupMapping) throws(SQLError) {
    let other = try sameKind(other, as: ApproximatePercentileAccumulator.self)
    for (group, target) in mapping {
      percentages[target] = percentages[target] ?? other.percentages[group]
      digests[target].merge(other.digests[group])
    }
  }

  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector {
    var values: [Double] = []
    var ends: [Int32] = []
    var isKnown: [UInt8] = []
    for group in range {
      let wanted = digests[group].isEmpty ? nil : percentages[group]
      for percentage in wanted ?? [] { values.append(digests[group].value(at: percentage)) }
      ends.append(Int32(truncatingIfNeeded: values.count))
      isKnown.append(wanted == nil ? 0 : 1)
    }
    if case .array = result {
      let builder = VectorBuilder(type: type, capacity: values.count)
      for (row, value) in values.enumerated() { set(builder, row, value) }
      return .arrays(
        ArrayElements(ends: ends, elements: builder.finish(count: values.count)),
        type: result,
        validity: isKnown
      )
    }
    let builder = VectorBuilder(type: type, capacity: range.count)
    var position = 0
    for row in 0..<range.count {
      if isKnown[row] == 0 {
        builder.setNull(row)
      } else {
        set(builder, row, values[position])
        position += 1
      }
    }
    return builder.finish(count: range.count)
  }

  private func set(_ builder: VectorBuilder, _ row: Int, _ value: Double) {
    switch type.physicalType {
    case .int64:
      let rounded = value.rounded(.toNearestOrAwayFromZero)
      builder.values(as: Int64.self)[row] = Int64(exactly: rounded) ?? (rounded < 0 ? .min : .max)
    case .float32: builder.values(as: Float.self)[row] = Float(value)
    default: builder.values(as: Double.self)[row] = value
    }
  }

  var byteCount: Int { digests.reduce(0) { $0 + $1.byteCount + MemoryLayout<[Double]?>.stride } }
}
