import ApusValues
import ApusVectors

/// A column of a table that a scan reads.
struct ScanColumn: Sendable {
  var scan: TableScanSource
  /// The position in the table's schema.
  var column: Int
}

/// What the keys of a join's build side say of a probe column: tells its scan what to skip.
struct DynamicFilter: Sendable {
  /// The position of the key among the join's criteria.
  var key: Int
  var type: SQLType
  var target: ScanColumn

  /// Values up to which each becomes a range of its own.
  private static let maximumValueCount = 256

  /// Narrows the scan to the values among the build rows' keys.
  func apply(_ sources: [JoinKeys]) {
    let count = sources.reduce(0) { $0 + $1.keys.count }
    let ranges: [ColumnDomain.Range]
    if count <= DynamicFilter.maximumValueCount {
      guard !type.isFloatingPoint else { return }
      var values: Set<Value> = []
      for source in sources {
        let column = source.keys.column(key, 0..<source.keys.count)
        for row in 0..<column.count { values.insert(column.value(row)) }
      }
      ranges = values.sorted { Value.compare($0, $1) < 0 }.map { .exactly($0) }
    } else {
      guard let range = integerRange(sources) else { return }
      ranges = [ColumnDomain.Range(lower: .integer(range.lower), upper: .integer(range.upper))]
    }
    target.scan.narrow(
      target.column,
      to: ColumnDomain(type: type, allowsNull: false, ranges: ranges)
    )
  }

  /// The least and the greatest key, if keys are integers in memory.
  private func integerRange(_ sources: [JoinKeys]) -> (lower: Int64, upper: Int64)? {
    var lower = Int64.max
    var upper = Int64.min
    func add<Element: FixedWidthInteger>(_ column: ColumnVector, as element: Element.Type) {
      let values = column.values(as: Element.self)
      var least = Element.max
      var greatest = Element.min
      for row in 0..<column.count {
        least = min(least, values[row])
        greatest = max(greatest, values[row])
      }
      lower = min(lower, Int64(truncatingIfNeeded: least))
      upper = max(upper, Int64(truncatingIfNeeded: greatest))
    }
    for source in sources where source.keys.count > 0 {
      for start in stride(from: 0, to: source.keys.count, by: 8192) {
        let column = source.keys.column(key, start..<min(start + 8192, source.keys.count))
        switch type.physicalType {
        case .int8: add(column, as: Int8.self)
        case .int16: add(column, as: Int16.self)
        case .int32: add(column, as: Int32.self)
        case .int64: add(column, as: Int64.self)
        case .boolean, .int128, .float32, .float64, .string: return nil
        }
      }
    }
    return (lower, upper)
  }
}
