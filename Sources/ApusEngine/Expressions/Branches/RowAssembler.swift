import ApusValues
import ApusVectors

/// Puts a vector together from rows of several others of its type, each row staying in its place.
///
/// Safety: sources are flattened and kept by `extendLifetime`; rows are below `count`.
struct RowAssembler {
  private let builder: VectorBuilder
  private let type: SQLType
  private let count: Int

  /// All rows are NULL to begin with.
  init(type: SQLType, count: Int) {
    self.type = type
    self.count = count
    builder = VectorBuilder(type: type, capacity: count)
    builder.zeroValues()
    builder.makeValidity().update(repeating: 0, count: count)
  }

  /// Copies the selected rows of `source`.
  func copy(_ source: ColumnVector, rows: Selection) {
    if source.isNullConstant { return }
    let source = source.decoded
    defer { extendLifetime(source) }
    let validity = builder.makeValidity()
    let from = source.validity
    let stride = source.encoding == .constant ? 0 : 1
    rows.visit { row in validity[row] = from?[row &* stride] ?? 1 }
    switch type.physicalType.stride {
    case 1: copyValues(source, rows, as: UInt8.self)
    case 2: copyValues(source, rows, as: UInt16.self)
    case 4: copyValues(source, rows, as: UInt32.self)
    case 8: copyValues(source, rows, as: UInt64.self)
    default: copyValues(source, rows, as: UInt128.self)
    }
    builder.retain(heaps: source.storage.heaps)
  }

  func finish() -> ColumnVector { builder.finish(count: count) }

  private func copyValues<Element: BitwiseCopyable>(
    _ source: ColumnVector,
    _ rows: Selection,
    as element: Element.Type
  ) {
    let from = source.operand(as: Element.self)
    let output = builder.values(as: Element.self)
    rows.visit { row in output[row] = from[row] }
  }
}
