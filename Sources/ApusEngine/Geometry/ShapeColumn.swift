import ApusValues
import ApusVectors

/// The shapes of a column of one batch; what is known of a constant is found out once.
final class ShapeColumn {
  private let views: KernelOperand<StringView>
  private let isConstant: Bool
  private var constantSummary: (kind: Geometry.Kind, envelope: Geometry.Envelope)?
  private var isKept = false

  /// - Parameter vector: flat or constant, kept alive by the caller.
  init(_ vector: ColumnVector) {
    views = vector.texts
    isConstant = vector.encoding == .constant
  }

  @inline(__always)
  func bytes(_ row: Int) -> UnsafeRawBufferPointer { views.bytes(row) }

  /// - Throws: INVALID_FUNCTION_ARGUMENT for bytes that are no shape.
  func geometry(_ row: Int) throws(SQLError) -> Geometry {
    guard let geometry = Geometry(wkb: bytes(row)) else {
      throw invalidArgument("Invalid geometry")
    }
    return geometry
  }

  /// The kind and the envelope of a row.
  @inline(__always)
  func summary(_ row: Int) throws(SQLError) -> (kind: Geometry.Kind, envelope: Geometry.Envelope) {
    if let constantSummary { return constantSummary }
    guard let summary = Geometry.summary(bytes(row)) else {
      throw invalidArgument("Invalid geometry")
    }
    if isConstant { constantSummary = summary }
    return summary
  }

  /// The shape of a row as GEOS keeps it for the next one.
  func kept(_ row: Int, in geos: GEOS, _ side: GEOS.Side) throws(SQLError) -> GEOS.KeptShape? {
    let kept = try geos.keep(bytes(row), side, isSame: isConstant && isKept)
    isKept = true
    return kept
  }
}
