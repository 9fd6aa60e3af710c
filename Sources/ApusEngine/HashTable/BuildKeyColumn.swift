import ApusValues
import ApusVectors

/// One key of a join's build side: a column of the keys that all workers have collected.
struct BuildKeyColumn {
  private let sources: [JoinKeys]
  private let index: Int
  private let type: SQLType

  /// Rows whose values are looked at together.
  private static let step = 8192

  /// - Parameter index: the position of the key among the join's criteria.
  init(_ sources: [JoinKeys], index: Int, type: SQLType) {
    self.sources = sources
    self.index = index
    self.type = type
  }

  /// Rows, those that nothing finds included.
  var count: Int { sources.reduce(0) { $0 + $1.keys.count } }

  /// Whether the column is the whole key, whose hashes are known.
  var isWholeKey: Bool { sources.first?.keys.layout.columns.count == 1 }

  /// Calls `body` for all rows, piece by piece: a flat vector, which of its rows can be found, and
  /// the hashes of their whole keys.
  func visit(
    _ body: (ColumnVector, UnsafePointer<UInt8>, UnsafePointer<UInt64>) -> Void
  ) {
    for source in sources {
      source.isFindable.withUnsafeBufferPointer { flags in
        guard let base = flags.baseAddress else { return }
        var start = 0
        while start < source.keys.count {
          let end = min(start + BuildKeyColumn.step, source.keys.count)
          let vector = source.keys.column(index, start..<end)
          withExtendedLifetime(vector) { body(vector, base + start, source.keys.hashes + start) }
          start = end
        }
      }
    }
  }

  /// The least and the greatest value; nil if there is none, or one that has no place among others:
  /// a NaN, or a text that is not UTF-8.
  var bounds: (lower: Value, upper: Value)? {
    if isWholeKey, let range = integerRange {
      return range.isEmpty ? nil : (.integer(range.lower), .integer(range.upper))
    }
    var bounds: (lower: Value, upper: Value)?
    var isUnordered = false
    visit { vector, isFindable, _ in
      guard let rows = extremes(vector, isFindable, &isUnordered) else { return }
      guard let lower = exactValue(vector, rows.least),
        let upper = exactValue(vector, rows.greatest)
      else {
        isUnordered = true
        return
      }
      guard let known = bounds else {
        bounds = (lower, upper)
        return
      }
      bounds = (
        Value.compare(lower, known.lower) < 0 ? lower : known.lower,
        Value.compare(upper, known.upper) > 0 ? upper : known.upper
      )
    }
    return isUnordered ? nil : bounds
  }

  /// The range of keys that are single integers.
  private var integerRange: IntegerRange? {
    guard var range = sources.first?.integers else { return nil }
    for source in sources { if let other = source.integers { range.add(other) } }
    return range
  }

  /// The rows of a vector with its least and its greatest value.
  private func extremes(
    _ vector: ColumnVector,
    _ isFindable: UnsafePointer<UInt8>,
    _ isUnordered: inout Bool
  ) -> (least: Int, greatest: Int)? {
    func extremes<Element>(
      _ element: Element.Type,
      _ isLess: (Element, Element) -> Bool
    ) -> (least: Int, greatest: Int)? {
      let values = vector.values(as: Element.self)
      var result: (least: Int, greatest: Int)?
      for row in 0..<vector.count where isFindable[row] != 0 {
        guard let (least, greatest) = result else {
          result = (row, row)
          continue
        }
        if isLess(values[row], values[least]) { result = (row, greatest) }
        if isLess(values[greatest], values[row]) { result = (least, row) }
      }
      return result
    }
    func containsNaN<Element: FloatingPoint>(_ element: Element.Type) -> Bool {
      let values = vector.values(as: Element.self)
      return (0..<vector.count).contains { isFindable[$0] != 0 && values[$0].isNaN }
    }
    switch vector.type.physicalType {
    case .boolean: return extremes(UInt8.self, <)
    case .int8: return extremes(Int8.self, <)
    case .int16: return extremes(Int16.self, <)
    case .int32: return extremes(Int32.self, <)
    case .int64: return extremes(Int64.self, <)
    case .int128: return extremes(Int128.self, <)
    case .float32:
      isUnordered = isUnordered || containsNaN(Float.self)
      return extremes(Float.self, <)
    case .float64:
      isUnordered = isUnordered || containsNaN(Double.self)
      return extremes(Double.self, <)
    case .string: return extremes(StringView.self) { StringView.compare($0, $1) < 0 }
    }
  }

  /// A row's value; nil for a text that is not UTF-8, of which a value would hold something else.
  private func exactValue(_ vector: ColumnVector, _ row: Int) -> Value? {
    if vector.type.isText {
      let isValid = vector.values(as: StringView.self)[row].withBytes {
        String(validating: $0, as: UTF8.self) != nil
      }
      if !isValid { return nil }
    }
    return vector.value(row)
  }

  /// The different values in ascending order; nil if there are more than `limit`, if so many rows
  /// would have to be looked at that it does not pay, or for a text that is not UTF-8.
  func distinctValues(limit: Int) -> [Value]? {
    guard count <= limit * 4 else { return nil }
    var values: [Value] = []
    var isComplete = true
    visit { vector, isFindable, _ in
      for row in 0..<vector.count where isFindable[row] != 0 {
        guard let value = exactValue(vector, row) else {
          isComplete = false
          return
        }
        values.append(value)
      }
    }
    guard isComplete else { return nil }
    values.sort { Value.compare($0, $1) < 0 }
    // Texts that differ in their bytes are different values, whatever Unicode says of them.
    var distinct: [Value] = []
    for value in values where distinct.last.map({ Value.compare($0, value) != 0 }) ?? true {
      distinct.append(value)
    }
    return distinct.count <= limit ? distinct : nil
  }
}
