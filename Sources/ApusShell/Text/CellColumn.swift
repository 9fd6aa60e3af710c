import ApusValues
import ApusVectors

// Safety: pointers into vectors are taken, used and dropped within one call, during which the
// column holds its vector. Rows must be within the vector's count.

/// A column of a batch, ready to be written as text cell by cell.
///
/// The text is Athena's (`Value.text(as:)` says the same of single values), written without a
/// String per cell for all types but a few rare ones. A class, since copying the vector's references
/// for every cell would cost as much as writing it.
final class CellColumn {
  /// What the bytes of a cell can be, and so what a format must do about them.
  enum Content {
    /// `true` or `false`.
    case boolean
    /// Digits, perhaps with a sign or a point.
    case number
    /// A number, `NaN` or `Infinity`.
    case floatingPoint
    /// Dates, times, intervals, addresses and bytes: plain ASCII without quotes, commas or controls.
    case plain
    /// Any bytes at all, which should be UTF-8 but need not be.
    case text
  }

  let vector: ColumnVector
  let content: Content

  init(_ vector: ColumnVector) {
    self.vector = vector
    content = CellColumn.content(of: vector.type)
  }

  static func content(of type: SQLType) -> Content {
    switch type {
    case .boolean: .boolean
    case .tinyint, .smallint, .integer, .bigint, .decimal: .number
    case .real, .double: .floatingPoint
    case .varchar, .char, .json, .array, .map, .row: .text
    default: .plain
    }
  }

  @inline(__always)
  func isNull(_ row: Int) -> Bool { vector.isNull(row) }

  private func load<Element: BitwiseCopyable>(_ row: Int, as type: Element.Type) -> Element {
    vector.storage.values.base.load(
      fromByteOffset: vector.storageIndex(row) * MemoryLayout<Element>.stride,
      as: Element.self
    )
  }

  /// Calls `body` with the bytes of a string or varbinary that is not NULL.
  func withBytes<Result>(_ row: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    let views = vector.storage.values.base.assumingMemoryBound(to: StringView.self)
    return withExtendedLifetime(vector) {
      body(StringView.bytes(at: views + vector.storageIndex(row)))
    }
  }

  /// Calls `body` with the text of a varchar, a char, a JSON or a nested value that is not NULL, as UTF-8.
  ///
  /// Files may hold bytes that are not UTF-8; these become U+FFFD, so that what reads the output
  /// does not stumble over them.
  func withText(_ row: Int, _ body: (UnsafeRawBufferPointer) -> Void) {
    guard vector.type.isVarchar else {
      var text = vector.text(row) ?? ""
      text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
      return
    }
    withBytes(row) { bytes in
      var union: UInt8 = 0
      for byte in bytes { union |= byte }
      if union < 0x80 {
        body(bytes)
      } else {
        var text = String(decoding: bytes, as: UTF8.self)
        text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
      }
    }
  }

  /// Appends the text of a cell that is not NULL.
  func appendText(_ row: Int, to output: inout [UInt8]) {
    switch vector.type {
    case .boolean:
      output.append(text: load(row, as: UInt8.self) != 0 ? "true" : "false")
    case .tinyint:
      output.append(integer: Int64(load(row, as: Int8.self)))
    case .smallint:
      output.append(integer: Int64(load(row, as: Int16.self)))
    case .integer:
      output.append(integer: Int64(load(row, as: Int32.self)))
    case .bigint:
      output.append(integer: load(row, as: Int64.self))
    case .decimal(let precision, let scale) where precision <= 18:
      output.append(decimal: load(row, as: Int64.self), scale: scale)
    case .real:
      let value = load(row, as: Float.self)
      output.append(double: Double(value), shortest: value.description)
    case .double:
      let value = load(row, as: Double.self)
      output.append(double: value, shortest: value.description)
    case .date:
      output.append(daysSinceEpoch: Int(load(row, as: Int32.self)))
    case .timestamp(let precision) where precision <= 6:
      output.append(timestamp: load(row, as: Int64.self), precision: precision)
    case .time(let precision) where precision <= 6:
      output.append(timeOfDay: load(row, as: Int64.self), precision: precision)
    case .varchar, .char:
      withText(row) { output.append(contentsOf: $0) }
    case .varbinary:
      withBytes(row) { output.append(hexadecimalPairs: $0) }
    default:
      output.append(text: vector.text(row) ?? "")
    }
  }

  /// Whether a floating-point cell is a number that can be written down (not NaN, not infinite).
  func isFinite(_ row: Int) -> Bool {
    switch vector.type {
    case .real: load(row, as: Float.self).isFinite
    case .double: load(row, as: Double.self).isFinite
    default: true
    }
  }
}

extension Batch {
  /// The columns, ready to be written.
  var cells: [CellColumn] { columns.map { CellColumn($0) } }
}
