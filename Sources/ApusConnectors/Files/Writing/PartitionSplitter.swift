import ApusValues
import ApusVectors

/// Sorts rows out by the values of their partition columns.
///
/// Rows of one partition mostly come together, so a row that is equal to the one before costs one
/// comparison a column.
struct PartitionSplitter {
  /// The rows of a batch that belong to one partition.
  struct Part {
    /// By position in `partitions`.
    var partition: Int
    var rows: [Int32]
  }

  /// The values of each partition met so far.
  private(set) var partitions: [[Value]] = []
  private let types: [SQLType]
  private var positions: [[Value]: Int] = [:]

  init(_ types: [SQLType]) { self.types = types }

  /// - Parameter columns: the partition columns of the batch, `rowCount` rows each.
  mutating func split(_ columns: [ColumnVector], _ rowCount: Int) -> [Part] {
    if columns.allSatisfy({ $0.encoding == .constant }) {
      let partition = position(of: columns.map { $0.value(0) })
      return [Part(partition: partition, rows: Array(0..<Int32(rowCount)))]
    }
    let flat = columns.map { $0.flattened() }
    var parts: [Part] = []
    var places: [Int: Int] = [:]
    var current = 0
    for row in 0..<rowCount {
      if row == 0 || !flat.allSatisfy({ PartitionSplitter.repeats(row, in: $0) }) {
        let partition = position(of: flat.map { $0.value(row) })
        if let place = places[partition] {
          current = place
        } else {
          current = parts.count
          places[partition] = current
          parts.append(Part(partition: partition, rows: []))
        }
      }
      parts[current].rows.append(Int32(row))
    }
    return parts
  }

  private mutating func position(of values: [Value]) -> Int {
    // Hive keeps an empty text and NULL in the same directory, so that is one partition.
    let values = values.map { $0 == .text("") ? .null : $0 }
    if let known = positions[values] { return known }
    let position = partitions.count
    partitions.append(values)
    positions[values] = position
    return position
  }

  /// Whether a row of a flat vector has the value of the row before.
  private static func repeats(_ row: Int, in vector: ColumnVector) -> Bool {
    if let validity = vector.validity {
      if validity[row] != validity[row - 1] { return false }
      if validity[row] == 0 { return true }
    }
    return withExtendedLifetime(vector) {
      switch vector.type.physicalType {
      case .boolean, .int8: equal(vector.values(as: UInt8.self), row)
      case .int16: equal(vector.values(as: Int16.self), row)
      case .int32, .float32: equal(vector.values(as: Int32.self), row)
      case .int64, .float64: equal(vector.values(as: Int64.self), row)
      case .int128: equal(vector.values(as: Int128.self), row)
      case .string:
        vector.values(as: StringView.self)[row] == vector.values(as: StringView.self)[row - 1]
      }
    }
  }

  private static func equal<Element: Equatable>(_ values: UnsafePointer<Element>, _ row: Int)
    -> Bool
  {
    values[row] == values[row - 1]
  }
}
