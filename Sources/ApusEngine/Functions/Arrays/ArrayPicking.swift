import ApusPlanner
import ApusValues
import ApusVectors

// Many functions make an array of elements of their arguments: some of them, or in another order. They
// say which, by position among the elements of all arguments; these are copied once, together.

/// The elements of all arguments of a call that are arrays, one argument after the other.
struct PickedElements {
  /// Per argument.
  let parts: [ArrayElements]
  /// Where each argument's elements begin among all.
  let starts: [Int]
  /// A flat vector.
  let elements: ColumnVector

  /// - Parameter arrays: arrays of one type of elements.
  init(_ arrays: [ColumnVector], _ element: SQLType, rows: Selection) {
    parts = arrays.map { $0.arrayElements(element, rows: rows) }
    var starts: [Int] = []
    var total = 0
    for part in parts {
      starts.append(total)
      total += part.elements.count
    }
    self.starts = starts
    elements = ColumnVector.concatenated(parts.map(\.elements), type: element)
  }

  /// The elements of a single argument.
  init(elements: ArrayElements) {
    parts = [elements]
    starts = [0]
    self.elements = elements.elements
  }

  /// The positions of the elements of one argument in one row.
  func range(_ argument: Int, _ row: Int) -> Range<Int> {
    let range = parts[argument].range(row)
    return (range.lowerBound + starts[argument])..<(range.upperBound + starts[argument])
  }

  /// Numbers such that elements have the same one just if they are not distinct; NULL is a value.
  func codes() throws(SQLError) -> [Int32] {
    let elements = elements.instants(.all(elements.count))
    let indexer = GroupIndexer(KeyLayout([elements.type], hasNullBits: true))
    var codes: [Int32] = []
    codes.reserveCapacity(elements.count)
    for start in stride(from: 0, to: elements.count, by: KeyChunk.capacity) {
      let slice = elements.slice(start..<min(start + KeyChunk.capacity, elements.count))
      let groups = try indexer.groups(of: [slice], rowCount: slice.count)
      codes.append(contentsOf: UnsafeBufferPointer(start: groups, count: slice.count))
    }
    return codes
  }
}

/// Which codes were met in the row at hand: cleared by going on to the next row.
struct CodeMarks {
  private var rows: [Int32]

  init(_ codes: [Int32]) {
    rows = Array(repeating: -1, count: Int(codes.max() ?? -1) + 1)
  }

  func contains(_ code: Int32, _ row: Int) -> Bool { rows[Int(code)] == Int32(row) }

  /// - Returns: whether it was not there yet.
  mutating func insert(_ code: Int32, _ row: Int) -> Bool {
    if contains(code, row) { return false }
    rows[Int(code)] = Int32(row)
    return true
  }
}

/// Makes an array per row of elements of its arguments.
///
/// - Parameters:
///   - arguments: a row where one of them is NULL is NULL.
///   - pick: appends the positions of a row's elements; what it throws is the error of the row.
func pickElements(
  _ picked: PickedElements,
  to type: SQLType,
  arguments: [ColumnVector],
  rows: Selection,
  range: SourceRange?,
  errors: inout RowErrors,
  _ pick: (_ row: Int, _ output: inout [Int32]) throws(SQLError) -> Void
) -> ColumnVector {
  var output: [Int32] = []
  var ends = [Int32](repeating: 0, count: rows.rowCount)
  var isValid = [UInt8](repeating: 0, count: rows.rowCount)
  var isSelected = [Bool](repeating: rows.indices == nil, count: rows.rowCount)
  if let indices = rows.indices { for row in indices { isSelected[Int(row)] = true } }
  for row in 0..<rows.rowCount {
    if isSelected[row], !arguments.contains(where: { $0.isNull(row) }) {
      let before = output.count
      do throws(SQLError) {
        try pick(row, &output)
        isValid[row] = 1
      } catch {
        output.removeLast(output.count - before)
        errors.record(error.located(at: range), row: row)
      }
    }
    ends[row] = Int32(truncatingIfNeeded: output.count)
  }
  let elements = output.withUnsafeBufferPointer { picked.elements.gather($0) }
  return .arrays(ArrayElements(ends: ends, elements: elements), type: type, validity: isValid)
}

extension [Int32] {
  /// Appends consecutive positions.
  mutating func append(_ range: Range<Int>) {
    for position in range { append(Int32(truncatingIfNeeded: position)) }
  }
}

extension ScalarOverload {
  /// A function whose result has elements of its arguments, which are all arrays of one type.
  ///
  /// - Parameter makePick: called once per batch with the elements and the arguments.
  static func picking(
    _ name: String,
    _ parameters: [FunctionSignature.Parameter],
    isVariadic: Bool = false,
    isDeterministic: Bool = true,
    summary: String,
    _ makePick:
      @escaping @Sendable (PickedElements, [ColumnVector]) throws(SQLError) -> (
        _ row: Int, _ output: inout [Int32]
      ) throws(SQLError) -> Void
  ) -> ScalarOverload {
    ScalarOverload(
      FunctionSignature(
        name,
        parameters,
        isVariadic: isVariadic,
        returns: .pattern(.array(.same(0))),
        isDeterministic: isDeterministic,
        summary: summary
      )
    ) { call throws(SQLError) in
      let type = call.function.returnType
      let range = call.range
      guard case .array(let element) = type else {
        throw .internal("\(name) returns \(type)")
      }
      // An element may be an array, too.
      let arrays = call.function.parameterTypes.indices.filter {
        call.function.parameterTypes[$0] == type
      }
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let picked = PickedElements(arrays.map { arguments[$0] }, element, rows: rows)
        let pick = try makePick(picked, arguments)
        return pickElements(
          picked,
          to: type,
          arguments: arguments,
          rows: rows,
          range: range,
          errors: &errors,
          pick
        )
      }
    }
  }
}
