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

  /// Narrows the scan to the values among the build rows' keys: what it reads by their ranges, and
  /// if they are integers the rows that it puts out by the keys themselves.
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
      guard let range = integerRange(sources), !range.isEmpty else { return }
      ranges = [ColumnDomain.Range(lower: .integer(range.lower), upper: .integer(range.upper))]
    }
    if let range = integerRange(sources), !range.isEmpty,
      let bitmap = KeyBitmap(sources, key: key, range: range)
    {
      target.scan.keepRows(of: target.column, among: bitmap)
    }
    target.scan.narrow(
      target.column,
      to: ColumnDomain(type: type, allowsNull: false, ranges: ranges)
    )
  }

  /// The least and the greatest key, if keys are single integers.
  private func integerRange(_ sources: [JoinKeys]) -> IntegerRange? {
    guard var range = sources.first?.integers else { return nil }
    for source in sources { if let other = source.integers { range.add(other) } }
    return range
  }
}
