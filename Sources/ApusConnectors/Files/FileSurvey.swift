import ApusCatalog
import ApusFormats
import ApusPlanner
import ApusStorage
import ApusValues
import ApusVectors

/// What a table is estimated to have, by what is known of some of its files or was found by ANALYZE.
struct FileSurvey {
  private let known: [StoredFileStatistics]
  private let isComplete: Bool
  private let analyzed: StoredTableStatistics?
  /// Rows, exact if all files are known; nil if nothing is known.
  let rowCount: Int?

  /// - Parameter found: for each file what is known of it.
  init(
    _ files: [ObjectInfo],
    _ found: [StoredFileStatistics?],
    _ analyzed: StoredTableStatistics?
  ) {
    known = found.compactMap { $0 }
    isComplete = known.count == files.count
    self.analyzed = analyzed
    let knownRows = known.reduce(0.0) { $0 + Double($1.rowCount) }
    let knownBytes = known.reduce(0.0) { $0 + Double($1.file.size) }
    let otherBytes = files.reduce(0.0) { $0 + Double($1.size) } - knownBytes
    var rows: Double?
    if isComplete {
      rows = knownRows
    } else if let analyzed, analyzed.byteCount > 0 {
      rows = knownRows + otherBytes * Double(analyzed.rowCount) / Double(analyzed.byteCount)
    } else if knownBytes > 0 {
      rows = knownRows + otherBytes * knownRows / knownBytes
    }
    rowCount = rows.flatMap { Int(exactly: $0.rounded()) }
  }

  /// What is known of a column, scaled to all rows; bounds of a sample are taken for those of all.
  func column(_ field: Field, rowCount: Int) -> ColumnStatistics {
    var result = ColumnStatistics()
    let type = field.type.description
    let parts = known.filter { $0.rowCount > 0 }.map { file in
      file.columns.first { $0.name == field.name && $0.type == type }
    }
    let knownRows = known.reduce(0.0) { $0 + Double($1.rowCount) }
    let valued = parts.filter { part in part?.nullCount == nil || part?.minimum != nil }
    if !parts.isEmpty {
      result.minimum = FileSurvey.extreme(valued.map { $0?.minimum }) { $0 < 0 }
      result.maximum = FileSurvey.extreme(valued.map { $0?.maximum }) { $0 > 0 }
      let nullCounts = parts.compactMap { $0?.nullCount }
      if nullCounts.count == parts.count, knownRows > 0 {
        let nulls = nullCounts.reduce(0.0) { $0 + Double($1) }
        result.nullCount = Int(exactly: (nulls / knownRows * Double(rowCount)).rounded())
      }
    }
    guard let analyzed, analyzed.rowCount > 0,
      let column = analyzed.columns.first(where: { $0.name == field.name && $0.type == type })
    else { return result }
    let growth = Double(rowCount) / Double(analyzed.rowCount)
    func scaled(_ count: Int?) -> Int? {
      count.flatMap { Int(exactly: (Double($0) * growth).rounded()) }
    }
    if let distinct = column.distinctCount {
      // Keys grow with the rows, categories stay.
      let values = analyzed.rowCount - (column.nullCount ?? 0)
      let isKey = Double(distinct) >= 0.9 * Double(values)
      result.distinctCount = isKey ? scaled(distinct) : min(distinct, rowCount)
    }
    result.byteCount = scaled(column.byteCount)
    if result.nullCount == nil { result.nullCount = scaled(column.nullCount) }
    if !isComplete || result.minimum == nil {
      let both = parts.isEmpty ? [] : [result.minimum].filter { $0 != nil }
      result.minimum = FileSurvey.extreme(both + [column.minimum]) { $0 < 0 }
    }
    if !isComplete || result.maximum == nil {
      let both = parts.isEmpty ? [] : [result.maximum].filter { $0 != nil }
      result.maximum = FileSurvey.extreme(both + [column.maximum]) { $0 > 0 }
    }
    return result
  }

  /// The least or greatest of bounds; nil if one of them is not known.
  private static func extreme(_ bounds: [Value?], _ isBetter: (Int) -> Bool) -> Value? {
    let values = bounds.compactMap { $0 }
    guard values.count == bounds.count, var best = values.first else { return nil }
    for value in values.dropFirst() where isBetter(Value.compare(value, best)) { best = value }
    return best
  }
}
