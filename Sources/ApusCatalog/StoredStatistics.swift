public import ApusStorage
public import ApusValues

/// What is kept of a column's values, of a file or of a whole table.
public struct StoredColumnStatistics: Sendable, Hashable {
  /// In lower case.
  public var name: String
  /// In Trino's spelling; statistics of a column that has another type by now mean nothing.
  public var type: String
  public var nullCount: Int?
  public var minimum: Value?
  public var maximum: Value?
  public var distinctCount: Int?
  /// Bytes of all texts together.
  public var byteCount: Int?

  public init(
    name: String,
    type: String,
    nullCount: Int? = nil,
    minimum: Value? = nil,
    maximum: Value? = nil,
    distinctCount: Int? = nil,
    byteCount: Int? = nil
  ) {
    self.name = name
    self.type = type
    self.nullCount = nullCount
    self.minimum = minimum
    self.maximum = maximum
    self.distinctCount = distinctCount
    self.byteCount = byteCount
  }
}

/// What is kept of one content of a file.
public struct StoredFileStatistics: Sendable, Hashable {
  public var file: ObjectInfo
  public var rowCount: Int
  public var columns: [StoredColumnStatistics]

  public init(file: ObjectInfo, rowCount: Int, columns: [StoredColumnStatistics]) {
    self.file = file
    self.rowCount = rowCount
    self.columns = columns
  }
}

/// What ANALYZE has found of a table.
public struct StoredTableStatistics: Sendable, Hashable {
  public var rowCount: Int
  /// The size of its files at the time, in bytes: what rows are scaled by when they change.
  public var byteCount: Int
  public var columns: [StoredColumnStatistics]

  public init(rowCount: Int, byteCount: Int, columns: [StoredColumnStatistics]) {
    self.rowCount = rowCount
    self.byteCount = byteCount
    self.columns = columns
  }
}

// The columns of a file or table are kept in one text, a line each: name, type, NULLs, distinct
// values, bytes, minimum, maximum, with tabs between. What is not known is empty; a bound begins with
// a letter for its kind. Bounds are for estimates only: those with control characters are left out,
// long ones cut.

extension [StoredColumnStatistics] {
  var encoded: String {
    map { column in
      [
        column.name, column.type, column.nullCount.map(String.init) ?? "",
        column.distinctCount.map(String.init) ?? "", column.byteCount.map(String.init) ?? "",
        column.minimum?.encoded ?? "", column.maximum?.encoded ?? "",
      ].joined(separator: "\t")
    }.joined(separator: "\n")
  }

  /// Reads what `encoded` gave; passes over lines that are damaged.
  init(encoded text: String) {
    self = text.utf8.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
      guard fields.count == 7 else { return nil }
      return StoredColumnStatistics(
        name: fields[0],
        type: fields[1],
        nullCount: Int(fields[2]),
        minimum: Value(encoded: fields[5]),
        maximum: Value(encoded: fields[6]),
        distinctCount: Int(fields[3]),
        byteCount: Int(fields[4])
      )
    }
  }
}

extension Value {
  private static var greatestTextLength: Int { 32 }

  fileprivate var encoded: String? {
    switch self {
    case .null, .binary, .zoned, .array, .map, .row: return nil
    case .boolean(let value): return value ? "b1" : "b0"
    case .integer(let value): return "i\(value)"
    case .wide(let value): return "w\(value)"
    case .real(let value): return "r\(value)"
    case .double(let value): return "d\(value)"
    case .text(let value):
      guard value.utf8.allSatisfy({ $0 >= 0x20 }) else { return nil }
      return "t" + String(value.unicodeScalars.prefix(Value.greatestTextLength))
    }
  }

  fileprivate init?(encoded text: String) {
    let rest = String(text.unicodeScalars.dropFirst())
    let value: Value? =
      switch text.unicodeScalars.first {
      case "b"?: .boolean(rest == "1")
      case "i"?: Int64(rest).map { .integer($0) }
      case "w"?: Int128(rest).map { .wide($0) }
      case "r"?: Float(rest).map { .real($0) }
      case "d"?: Double(rest).map { .double($0) }
      case "t"?: .text(rest)
      default: nil
      }
    guard let value else { return nil }
    self = value
  }
}
