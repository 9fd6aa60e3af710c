import ApusValues
import ApusVectors

/// The sketches of a column, of which the one read last is kept: one often stands beside many rows.
struct SketchColumn<State: Sketch> {
  private let bytes: KernelOperand<StringView>
  private var last: (bytes: StringView, sketch: State)?

  /// - Parameter vector: flat or constant, kept alive by the caller.
  init(_ vector: ColumnVector) { bytes = vector.texts }

  /// - Throws: INVALID_FUNCTION_ARGUMENT for bytes that are no sketch.
  mutating func sketch(_ row: Int) throws(SQLError) -> State {
    let view = bytes[row]
    if let last, last.bytes == view { return last.sketch }
    let sketch = try State(bytes: bytes.bytes(row))
    last = (view, sketch)
    return sketch
  }
}
