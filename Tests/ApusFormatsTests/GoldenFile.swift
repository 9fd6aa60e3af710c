import ApusFormats
import ApusStorage
import ApusValues
import ApusVectors

/// A file of `Tests/data/parquet` with the rows that reading it must give.
struct GoldenFile {
  static let directory: String = {
    // The repository, from this file's place in it.
    let parts = #filePath.split(separator: "/").dropLast(3)
    return "/" + parts.joined(separator: "/") + "/Tests/data/parquet"
  }()

  /// All files with rows, by name.
  static let all: [(file: String, rows: String)] = {
    let lines = (try? text(of: "files.tsv"))?.split(separator: "\n") ?? []
    return lines.map { line in
      let parts = line.split(separator: "\t")
      return (String(parts[0]), String(parts[1]))
    }
  }()

  static func bytes(of name: String) throws -> [UInt8] {
    let reader = try LocalObjectStore().open(ObjectPath(directory + "/" + name))
    var bytes = [UInt8](repeating: 0, count: reader.info.size)
    try bytes.withUnsafeMutableBytes { try reader.read(at: 0, into: $0) }
    return bytes
  }

  static func text(of name: String) throws -> String {
    String(decoding: try bytes(of: name), as: UTF8.self)
  }
}

/// The rows of a `.rows.tsv` file.
struct ExpectedRows {
  var names: [String]
  var types: [String]
  var rows: [[String?]]

  init(_ text: String) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    lines.removeLast()
    names = lines[0].split(separator: "\t").map(String.init)
    types = lines[1].split(separator: "\t").map(String.init)
    rows = lines.dropFirst(2).map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false).map { ExpectedRows.cell($0) }
    }
  }

  private static func cell(_ text: Substring) -> String? {
    if text == "\\N" { return nil }
    var result = ""
    var isEscaped = false
    for character in text {
      if isEscaped {
        result.append(character == "n" ? "\n" : character == "t" ? "\t" : character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        result.append(character)
      }
    }
    return result
  }
}

/// What reading a whole file gave.
struct ReadRows {
  var fields: [Field]
  var rows: [[String?]]
}

/// Reads columns of a Parquet file that is in memory, checking what every vector must hold.
///
/// - Parameter step: rows read at a time.
func readParquet(
  _ bytes: [UInt8],
  columns: [Int]? = nil,
  step: Int = 100,
  verifiesChecksums: Bool = true
) throws -> ReadRows {
  let file = try openParquet(bytes)
  let wanted = columns ?? Array(file.fields.indices)
  var rows: [[String?]] = []
  for rowGroup in 0..<file.rowGroupCount {
    let reader = try openRowGroup(
      bytes,
      file,
      rowGroup,
      wanted,
      verifiesChecksums: verifiesChecksums
    )
    while let (vectors, count) = try reader.next(step) {
      guard vectors.allSatisfy({ $0.count == count }) else { throw TestFailure("uneven vectors") }
      let texts = try vectors.map { try checkedTexts($0) }
      for row in 0..<count { rows.append(texts.map { $0[row] }) }
    }
  }
  return ReadRows(fields: wanted.map { file.fields[$0] }, rows: rows)
}

/// Opens a row group of a file that is in memory.
func openRowGroup(
  _ bytes: [UInt8],
  _ file: ParquetFile,
  _ rowGroup: Int,
  _ columns: [Int],
  verifiesChecksums: Bool = false
) throws -> RowGroupReader {
  let plan = try RowGroupPlan(file, rowGroup: rowGroup, columns: columns)
  let buffers = plan.ranges.map { range in
    let buffer = RowGroupReader.makeBuffer(for: range)
    bytes[range].withUnsafeBytes { source in
      UnsafeMutableRawBufferPointer(start: buffer.base, count: range.count).copyMemory(from: source)
    }
    return buffer
  }
  return try RowGroupReader(plan, buffers: buffers, verifiesChecksums: verifiesChecksums)
}

func openParquet(_ bytes: [UInt8]) throws -> ParquetFile {
  try bytes.withUnsafeBytes { all in
    try ParquetFile(name: "test", tail: all, byteCount: all.count)
  }
}

/// The rows of a vector as text; a flattened copy must agree, and NULL strings must be empty views.
func checkedTexts(_ vector: ColumnVector) throws -> [String?] {
  let texts = (0..<vector.count).map { vector.text($0) }
  let flat = vector.flattened()
  for row in 0..<vector.count {
    guard flat.text(row) == texts[row] else { throw TestFailure("flattening changed row \(row)") }
    if flat.isNull(row), vector.type.physicalType == .string {
      let view = flat.values(as: StringView.self)[row]
      guard view.low == 0, view.high == 0 else { throw TestFailure("a NULL has bytes") }
    }
  }
  return texts
}

struct TestFailure: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}

/// Compares a cell with what is expected: floating-point numbers by value, all else as text.
func isSame(_ actual: String?, _ expected: String?, type: String) -> Bool {
  guard let actual, let expected else { return actual == nil && expected == nil }
  switch type {
  case "real":
    guard let a = Float(actual), let b = Float(expected) else { return false }
    return a.isNaN ? b.isNaN : a.bitPattern == b.bitPattern
  case "double":
    guard let a = Double(actual), let b = Double(expected) else { return false }
    return a.isNaN ? b.isNaN : a.bitPattern == b.bitPattern
  default:
    return actual == expected
  }
}
