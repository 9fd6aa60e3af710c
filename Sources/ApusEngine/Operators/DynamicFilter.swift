import ApusValues
import ApusVectors

/// A column of a table that a scan reads.
struct ScanColumn: Sendable {
  var scan: TableScanSource
  /// The position in the table's schema.
  var column: Int
  /// Whether an outer join puts out NULL in place of rows that the scan leaves out.
  var isReplacedByNull = false
}

/// What the keys of a join's build side say of a probe column: tells its scans what to skip.
struct DynamicFilter: Sendable {
  /// The position of the key among the join's criteria.
  var key: Int
  var type: SQLType
  var targets: [ScanColumn]

  /// Values up to which each becomes a range of its own.
  private static let greatestValueCount = 1000
  /// Rows up to which keys that are not integers are looked through for the least and the greatest.
  private static let greatestBoundedCount = 1 << 20

  /// Narrows the scans to the values among the build rows' keys: what they read by single values or
  /// by the least and the greatest, and the rows that they put out by the keys themselves.
  ///
  /// - Parameter reservation: grows by the memory of what the scans keep; where that is refused, they
  ///   do without.
  func apply(_ sources: [JoinKeys], _ reservation: Reservation) {
    let keys = BuildKeyColumn(sources, index: key, type: type)
    let bounds =
      keys.count <= DynamicFilter.greatestBoundedCount || isSoleInteger(keys)
      ? keys.bounds : nil
    if let domain = domain(keys, bounds) {
      for target in targets { target.scan.narrow(target.column, to: domain) }
    }
    guard let filter = filter(keys, bounds, reservation) else { return }
    for target in targets { target.scan.keepRows(of: target.column, among: filter) }
  }

  /// Whether the range of the keys is known.
  private func isSoleInteger(_ keys: BuildKeyColumn) -> Bool { keys.isWholeKey && isInteger }

  private var isInteger: Bool {
    switch type.physicalType {
    case .int8, .int16, .int32, .int64: true
    case .boolean, .int128, .float32, .float64, .string: false
    }
  }

  private func domain(_ keys: BuildKeyColumn, _ bounds: (lower: Value, upper: Value)?)
    -> ColumnDomain?
  {
    var ranges: [ColumnDomain.Range] = []
    if let values = keys.distinctValues(limit: DynamicFilter.greatestValueCount) {
      // No bounds although there are values: a NaN is among them.
      if bounds == nil, !values.isEmpty { return nil }
      ranges = values.map { .exactly($0) }
      // Integers without a gap say no more than their range.
      if case .integer(let lower)? = bounds?.lower, case .integer(let upper)? = bounds?.upper,
        values.count > 1, upper &- lower == Int64(values.count - 1)
      {
        ranges = [ColumnDomain.Range(lower: .integer(lower), upper: .integer(upper))]
      }
    } else {
      guard let bounds else { return nil }
      ranges = [ColumnDomain.Range(lower: bounds.lower, upper: bounds.upper)]
    }
    return ColumnDomain(type: type, allowsNull: false, ranges: ranges)
  }

  private func filter(
    _ keys: BuildKeyColumn,
    _ bounds: (lower: Value, upper: Value)?,
    _ reservation: Reservation
  ) -> KeyFilter? {
    if isInteger {
      guard case .integer(let lower) = bounds?.lower, case .integer(let upper) = bounds?.upper
      else {
        return nil
      }
      if KeyBitmap.isFull(keys.count, from: lower, to: upper) { return nil }
      if let byteCount = KeyBitmap.byteCount(from: lower, to: upper) {
        guard (try? reservation.grow(by: byteCount)) != nil else { return nil }
        return .bitmap(KeyBitmap(keys, from: lower, to: upper))
      }
    }
    guard keys.count > 0, let byteCount = KeyBloomFilter.byteCount(keyCount: keys.count),
      (try? reservation.grow(by: byteCount)) != nil
    else { return nil }
    return .bloom(KeyBloomFilter(keys, type: type, byteCount: byteCount))
  }
}
