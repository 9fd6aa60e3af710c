import ApusPlanner
import ApusValues
import ApusVectors

/// What converts the selected rows of a vector to another type.
typealias UnaryKernel =
  @Sendable (ColumnVector, Selection, inout RowErrors) throws(SQLError) -> ColumnVector

/// `CAST(operand AS type)`; `TRY_CAST` gives NULL for what does not convert.
struct CastExpression: CompiledExpression {
  let type: SQLType
  private let operand: any CompiledExpression
  private let kernel: UnaryKernel
  private let isTry: Bool
  private let memo = DictionaryMemo()

  /// - Throws: NOT_SUPPORTED for a conversion that does not exist.
  init(_ cast: Cast, _ operand: any CompiledExpression) throws(SQLError) {
    self.operand = operand
    type = cast.type
    isTry = cast.isTry
    kernel = try CastOperation(from: operand.type, to: cast.type, range: cast.range).kernel()
  }

  func evaluate(_ batch: Batch, rows: Selection, errors: inout RowErrors) throws(SQLError)
    -> ColumnVector
  {
    let value = try operand.evaluate(batch, rows: rows, errors: &errors)
    var castErrors = RowErrors()
    let result = try memo.map(value, rows: rows, errors: &castErrors, kernel)
    if castErrors.isEmpty { return result }
    if isTry { return castErrors.catchErrors(of: result, others: &errors) }
    errors.append(castErrors)
    return result
  }
}

/// A conversion with its place in the statement.
struct CastOperation: Sendable {
  let from: SQLType
  let to: SQLType
  let range: SourceRange?

  /// Finds the kernel of the conversion.
  func kernel() throws(SQLError) -> UnaryKernel {
    guard SQLType.isCastSupported(from: from, to: to) else {
      throw SQLError(.typeMismatch, "Cannot cast \(from) to \(to)", at: range)
    }
    if from == to { return { vector, _, _ throws(SQLError) in vector } }
    if from == .unknown {
      return { _, rows, _ throws(SQLError) in .nulls(to, count: rows.rowCount) }
    }
    if to == .json { return jsonKernel() }
    if from == .json { return fromJSONKernel() }
    if from == .bingTile { return { vector, _, _ throws(SQLError) in vector.retyped(to) } }
    if from.isNested { return try nestedKernel() }
    if from.isZoned, to == .date || to.isTimestamp || to.isTime {
      return try localKernel()
    }
    return switch to {
    case .boolean: booleanKernel()
    case .tinyint: integerKernel(Int8.self)
    case .smallint: integerKernel(Int16.self)
    case .integer: integerKernel(Int32.self)
    case .bigint: integerKernel(Int64.self)
    case .real: floatingKernel(Float.self)
    case .double: floatingKernel(Double.self)
    case .decimal(let precision, let scale): decimalKernel(precision: precision, scale: scale)
    case .varchar, .char, .varbinary: textKernel()
    case .date: dateKernel()
    case .time(let precision): timeKernel(precision: precision)
    case .timestamp(let precision): timestampKernel(precision: precision)
    case .timeWithTimeZone(let precision): zonedTimeKernel(precision: precision)
    case .timestampWithTimeZone(let precision): zonedTimestampKernel(precision: precision)
    case .uuid: uuidKernel()
    case .ipAddress: addressKernel()
    case .ipPrefix: prefixKernel()
    case .hyperLogLog where from == .setDigest: distinctKernel()
    case .hyperLogLog, .quantileDigest, .tDigest, .setDigest:
      { vector, _, _ throws(SQLError) in vector.retyped(to) }
    case .bingTile: { vector, _, _ throws(SQLError) in vector.retyped(to) }
    case .unknown, .intervalDayToSecond, .intervalYearToMonth, .json, .color, .array, .map, .row,
      .geometry, .sphericalGeography:
      throw .notSupported("a cast from \(from) to \(to)", at: range)
    }
  }

  /// Returns the error of a value that does not convert.
  func invalid(_ message: String) -> SQLError { SQLError(.invalidCastArgument, message, at: range) }

  /// Returns the kernel that converts one row after the other.
  @inline(__always)
  func rowKernel<Input, Output>(
    _ convert: @escaping @Sendable (Input) throws(SQLError) -> Output
  ) -> UnaryKernel {
    { vector, rows, errors throws(SQLError) in
      let vector = vector.decoded
      defer { extendLifetime(vector) }
      let source = vector.operand(as: Input.self)
      return mapRows([vector], to: to, rows: rows, range: range, errors: &errors) {
        (row: Int) throws(SQLError) -> Output? in try convert(source[row])
      }
    }
  }

  /// Returns the kernel of a conversion that cannot fail.
  @inline(__always)
  func totalKernel<Input, Output>(_ convert: @escaping @Sendable (Input) -> Output) -> UnaryKernel {
    { vector, rows, _ throws(SQLError) in mapUnary(vector, to: to, rows: rows, convert) }
  }

  /// Returns the kernel that reads one text after the other.
  func parsingKernel<Output>(
    _ parse: @escaping @Sendable (UnsafeRawBufferPointer) throws(SQLError) -> Output
  ) -> UnaryKernel {
    { vector, rows, errors throws(SQLError) in
      let vector = vector.decoded
      defer { extendLifetime(vector) }
      let source = vector.operand(as: StringView.self)
      return mapRows([vector], to: to, rows: rows, range: range, errors: &errors) {
        (row: Int) throws(SQLError) -> Output? in try parse(source.bytes(row))
      }
    }
  }
}

extension KernelOperand where Element == StringView {
  /// The bytes of a row; valid while the vector is.
  @inline(__always)
  func bytes(_ row: Int) -> UnsafeRawBufferPointer {
    StringView.bytes(at: values + row &* stride)
  }
}
