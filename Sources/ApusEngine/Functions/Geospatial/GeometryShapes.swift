import ApusPlanner
import ApusValues
import ApusVectors

// The shapes that functions of geometries come in, besides those that all functions share.

/// Gives the geometry of a row, nil for NULL; what it throws is the error of the row.
typealias GeometryRowFunction = (_ row: Int) throws(SQLError) -> Geometry?

/// Gives the geometries of a row, nil for NULL.
typealias GeometriesRowFunction = (_ row: Int) throws(SQLError) -> [Geometry]?

extension FunctionSignature {
  /// A function of geometries and other values.
  static func geometry(
    _ name: String,
    _ parameters: [FunctionSignature.Parameter] = [.geometry],
    returns: SQLType,
    _ summary: String
  ) -> FunctionSignature {
    FunctionSignature(name, parameters, returns: .type(returns), summary: summary)
  }
}

extension FunctionSignature.Parameter {
  static var geometry: FunctionSignature.Parameter { .type(.geometry) }
}

extension ScalarOverload {
  /// A function that makes a geometry of each row without NULL arguments.
  static func geometry(
    _ signature: FunctionSignature,
    _ make: @escaping @Sendable ([ColumnVector]) -> GeometryRowFunction
  ) -> ScalarOverload {
    .text(signature) { arguments in
      let geometry = make(arguments)
      return { row, heap throws(SQLError) -> StringView? in
        guard let made = try geometry(row) else { return nil }
        return heap.store(made)
      }
    }
  }

  /// A function that makes an array of geometries of each row without NULL arguments.
  static func geometries(
    _ signature: FunctionSignature,
    _ make: @escaping @Sendable ([ColumnVector]) -> GeometriesRowFunction
  ) -> ScalarOverload {
    arrays(signature, element: .geometry) { arguments in
      let geometries = make(arguments)
      return { row throws(SQLError) -> [[UInt8]]? in try geometries(row)?.map(\.bytes) }
    } store: { builder, position, bytes in
      bytes.withUnsafeBytes { builder.setString(position, $0) }
    }
  }

  /// A function that makes an array of each row without NULL arguments.
  ///
  /// - Parameter store: puts an element into the vector of all.
  static func arrays<Element>(
    _ signature: FunctionSignature,
    element: SQLType,
    _ make:
      @escaping @Sendable ([ColumnVector]) -> (_ row: Int) throws(SQLError) -> [Element]?,
    store: @escaping @Sendable (VectorBuilder, _ position: Int, Element) -> Void
  ) -> ScalarOverload {
    ScalarOverload(signature) { call throws(SQLError) in
      let type = call.function.returnType
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let compute = make(arguments)
        var isValid = [UInt8](repeating: 0, count: rows.rowCount)
        rows.visit { row in isValid[row] = arguments.contains { $0.isNull(row) } ? 0 : 1 }
        var elements: [Element] = []
        var ends: [Int32] = []
        for row in 0..<rows.rowCount {
          if isValid[row] != 0 {
            do throws(SQLError) {
              if let made = try compute(row) { elements += made } else { isValid[row] = 0 }
            } catch {
              isValid[row] = 0
              errors.record(error.located(at: range), row: row)
            }
          }
          ends.append(Int32(truncatingIfNeeded: elements.count))
        }
        let builder = VectorBuilder(type: element, capacity: elements.count)
        for (position, value) in elements.enumerated() { store(builder, position, value) }
        return .arrays(
          ArrayElements(ends: ends, elements: builder.finish(count: elements.count)),
          type: type,
          validity: isValid
        )
      }
    }
  }
}

extension StringHeap {
  func store(_ geometry: Geometry) -> StringView {
    if case .point(let coordinate?) = geometry { return storePoint(coordinate.x, coordinate.y) }
    return geometry.bytes.withUnsafeBytes { store($0) }
  }

  @inline(__always)
  func storePoint(_ x: Double, _ y: Double) -> StringView {
    let output = allocate(21)
    Geometry.storePoint(x, y, to: output)
    return StringView(output, count: 21)
  }
}

/// Checks that a geometry is of a kind that a function takes.
///
/// - Throws: INVALID_FUNCTION_ARGUMENT.
func check(_ function: String, _ kind: Geometry.Kind, isOneOf kinds: [Geometry.Kind])
  throws(SQLError)
{
  if kinds.contains(kind) { return }
  let names = kinds.map(\.errorName).joined(separator: " or ")
  throw invalidArgument("\(function) only applies to \(names). Input type is: \(kind.errorName)")
}

extension ShapeColumn {
  /// The geometry of a row, which must be of one of the kinds.
  func geometry(_ row: Int, for function: String, _ kinds: Geometry.Kind...) throws(SQLError)
    -> Geometry
  {
    let geometry = try geometry(row)
    try check(function, geometry.kind, isOneOf: kinds)
    return geometry
  }
}
