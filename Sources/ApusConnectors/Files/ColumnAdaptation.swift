import ApusFormats
import ApusValues
import ApusVectors

// Files of one table need not agree in all columns, nor with what was declared. A column of a file
// becomes that of the table where no value can be lost, or as Hive's readers do it:
//
//   file            table
//   tinyint         smallint, integer, bigint (and so on)
//   real            double
//   decimal(p,s)    decimal with no fewer digits on either side of the point
//   timestamp(p)    timestamp with no fewer digits; with fewer, rounded
//   varbinary       varchar and the other way round: the same bytes
//   varchar         varchar(n), char(n): cut to n characters
//   (missing)       NULL

/// How one column of a file becomes a column of the table.
struct ColumnAdaptation: Sendable {
  enum Source: Sendable, Equatable {
    /// The column with this index in the file.
    case column(Int)
    /// The file has no such column.
    case missing
  }

  var source: Source
  var fileType: SQLType
  var tableType: SQLType

  /// Finds a table's column in a file.
  ///
  /// - Parameter name: in lower case.
  /// - Throws: HIVE_PARTITION_SCHEMA_MISMATCH if its values do not become the table's, NOT_SUPPORTED
  ///   if they cannot be read.
  init(_ name: String, type: SQLType, in file: ParquetFile) throws(SQLError) {
    tableType = type
    guard let index = file.fields.firstIndex(where: { $0.name.lowercased() == name }) else {
      source = .missing
      fileType = type
      return
    }
    if let obstacle = file.obstacle(column: index) {
      throw SQLError(
        .notSupported,
        "Column '\(name)' cannot be read: \(obstacle) is not supported in file '\(file.name)'"
      )
    }
    source = .column(index)
    fileType = file.fields[index].type
    guard ColumnAdaptation.isPossible(from: fileType, to: type) else {
      throw SQLError(
        .hivePartitionSchemaMismatch,
        "Column '\(name)' is of type \(type) in the table but \(fileType) in file '\(file.name)'"
      )
    }
  }

  /// Whether values compare in the table as they do in the file, so that the file's statistics say
  /// something of the table's.
  var keepsOrder: Bool {
    switch (fileType, tableType) {
    case (.timestamp(let from), .timestamp(let to)): from <= to
    case (_, .varchar(length: _?)), (_, .char): fileType == tableType
    default: true
    }
  }

  private static func isPossible(from: SQLType, to: SQLType) -> Bool {
    if from == to { return true }
    switch (from, to) {
    case (.unknown, _): return true
    case (.tinyint, .smallint), (.tinyint, .integer), (.tinyint, .bigint), (.smallint, .integer),
      (.smallint, .bigint), (.integer, .bigint), (.real, .double):
      return true
    case (.decimal(let p1, let s1), .decimal(let p2, let s2)):
      return s2 >= s1 && p2 - s2 >= p1 - s1
    case (.time(let p1), .time(let p2)):
      return p2 >= p1
    case (.timestamp, .timestamp), (.varchar, .varchar), (.varchar, .char), (.varchar, .varbinary),
      (.varbinary, .varchar), (.char, .char), (.char, .varchar):
      return true
    default:
      return false
    }
  }

  /// Turns what was read into a vector of the table's type.
  func apply(_ vector: ColumnVector) -> ColumnVector {
    if fileType == tableType { return vector }
    if fileType == .unknown {
      return .constant(.null, type: tableType, count: vector.count)
    }
    switch (fileType, tableType) {
    case (.decimal(_, let from), .decimal(_, let to)):
      let factor = PowersOfTen.wide[to - from]
      return widen(vector, factor: factor)
    case (_, .varchar(let length?)):
      return TextShortening(length: length, dropsTrailingSpaces: false).apply(vector, to: tableType)
    case (_, .char(let length)):
      return TextShortening(length: length, dropsTrailingSpaces: true).apply(vector, to: tableType)
    case (.timestamp(let from), .timestamp(let to)) where to < from:
      return rounded(vector, digits: to)
    case (.timestamp, .timestamp), (.time, .time):
      if fileType.physicalType == tableType.physicalType { return vector.retyped(tableType) }
      return widen(vector, factor: Timestamp.picosecondsPerMicrosecond)
    case (.real, .double):
      return convert(vector, Float.self, Double.self) { Double($0) }
    default:
      return widen(vector, factor: 1)
    }
  }

  /// Rounds timestamps to fewer digits of a second, half up.
  private func rounded(_ vector: ColumnVector, digits: Int) -> ColumnVector {
    switch (fileType.physicalType, tableType.physicalType) {
    case (.int64, _):
      let unit = PowersOfTen.narrow[6 - digits]
      return convert(vector, Int64.self, Int64.self) { roundedHalfUp($0, to: unit) }
    case (_, .int64):
      let unit = PowersOfTen.wide[12 - digits]
      return convert(vector, Int128.self, Int64.self) {
        Int64(
          truncatingIfNeeded: roundedHalfUp($0, to: unit) / Timestamp.picosecondsPerMicrosecond
        )
      }
    default:
      let unit = PowersOfTen.wide[12 - digits]
      return convert(vector, Int128.self, Int128.self) { roundedHalfUp($0, to: unit) }
    }
  }

  /// Widens integers, multiplied with a power of ten that the wider type has room for.
  private func widen(_ vector: ColumnVector, factor: Int128) -> ColumnVector {
    switch (fileType.physicalType, tableType.physicalType) {
    case (.int8, .int16): return convert(vector, Int8.self, Int16.self) { Int16($0) }
    case (.int8, .int32): return convert(vector, Int8.self, Int32.self) { Int32($0) }
    case (.int8, .int64): return convert(vector, Int8.self, Int64.self) { Int64($0) }
    case (.int16, .int32): return convert(vector, Int16.self, Int32.self) { Int32($0) }
    case (.int16, .int64): return convert(vector, Int16.self, Int64.self) { Int64($0) }
    case (.int32, .int64): return convert(vector, Int32.self, Int64.self) { Int64($0) }
    case (.int64, .int64):
      let narrow = Int64(truncatingIfNeeded: factor)
      return convert(vector, Int64.self, Int64.self) { $0 &* narrow }
    case (.int64, .int128):
      return convert(vector, Int64.self, Int128.self) { Int128($0) &* factor }
    case (.int128, .int128):
      return convert(vector, Int128.self, Int128.self) { $0 &* factor }
    default:
      return vector.retyped(tableType)
    }
  }

  private func convert<Stored: BitwiseCopyable, Element: BitwiseCopyable>(
    _ vector: ColumnVector,
    _ stored: Stored.Type,
    _ element: Element.Type,
    _ body: (Stored) -> Element
  ) -> ColumnVector {
    let flat = vector.flattened()
    let builder = VectorBuilder(type: tableType, capacity: flat.count)
    withExtendedLifetime(flat) {
      let source = flat.values(as: Stored.self)
      let target = builder.values(as: Element.self)
      for row in 0..<flat.count { target[row] = body(source[row]) }
      if let validity = flat.validity {
        builder.makeValidity().update(from: validity, count: flat.count)
      }
    }
    return builder.finish(count: flat.count)
  }
}

/// The multiple of a positive unit nearest to a value, the greater of two.
private func roundedHalfUp<Integer: FixedWidthInteger>(_ value: Integer, to unit: Integer)
  -> Integer
{
  let remainder = value % unit
  let below = remainder < 0 ? value - remainder - unit : value - remainder
  let above = value - below
  return above >= unit - above ? below &+ unit : below
}
