import ApusPlanner
import ApusValues
import ApusVectors

// JSON_EXISTS, JSON_VALUE and JSON_QUERY reach the engine as calls of `$json_exists`, `$json_value`
// and `$json_query`, which no statement can call:
//
//   (document, path, options, parameters, …)
//
// `path` and `options` are constant. The options are words: how the document is encoded, then, in
// words of their own, what the clauses say. `parameters` is what stands behind PASSING as a row, its
// fields named as the path names them; a field of JSON is a document, one of another type a value.

/// A call of one of these functions made ready.
struct SQLJSONCall: Sendable {
  let path: SQLJSONPath
  /// The words that the function itself understands.
  let options: [String]
  private let encoding: String
  private let documentType: SQLType
  private let parameterFields: [RowField]
  private let name: String

  /// - Throws: INVALID_PATH.
  init(_ call: ScalarCall, name: String) throws(SQLError) {
    self.name = name
    guard case .text(let path)?? = call.constants.dropFirst().first,
      case .text(let options)?? = call.constants.dropFirst(2).first
    else { throw .internal("a path that is not constant") }
    if case .row(let fields) = call.function.parameterTypes[3] {
      parameterFields = fields
    } else {
      parameterFields = []
    }
    let words = options.split(separator: ",").map { String($0) }
    encoding = words.first ?? ""
    self.options = Array(words.dropFirst())
    documentType = call.function.parameterTypes[0]
    self.path = try SQLJSONPath(path, parameters: parameterFields.map { $0.name ?? "" })
  }

  /// Returns what the path leads to in the document of a row; nil for a document that is NULL.
  ///
  /// - Throws: JSON_INPUT_CONVERSION_ERROR for what is no document, PATH_EVALUATION_ERROR where the
  ///   path fails.
  func items(_ arguments: [ColumnVector], _ row: Int) throws(SQLError) -> [JSONItem]? {
    guard !arguments[0].isNull(row) else { return nil }
    let bytes = arguments[0].texts.bytes(row)
    let document = try read(bytes)
    var parameters: [[JSONItem]] = []
    if !parameterFields.isEmpty, case .row(let values) = arguments[3].value(row) {
      for (field, value) in zip(parameterFields, values) {
        parameters.append(try parameter(value, field.type))
      }
    }
    var evaluation = SQLJSONPathEvaluation(path, document: document, parameters: parameters)
    do throws(SQLJSONPathFailure) {
      return try evaluation.items(path.root)
    } catch {
      throw SQLError(.pathEvaluationError, "path evaluation failed: \(error.message)")
    }
  }

  private func parameter(_ value: Value, _ type: SQLType) throws(SQLError) -> [JSONItem] {
    if type == .json {
      guard case .text(let text) = value else { return [] }
      guard let item = try? JSONItem(document: text) else {
        throw malformed("malformed JSON path parameter to \(name) function")
      }
      return [item]
    }
    guard let item = JSONItem(value, type) else {
      throw invalidArgument("A \(type) cannot be passed to a JSON path")
    }
    return [item]
  }

  private func malformed(_ message: String) -> SQLError {
    SQLError(.jsonInputConversionError, "conversion to JSON failed: \(message)")
  }

  private func read(_ bytes: UnsafeRawBufferPointer) throws(SQLError) -> JSONItem {
    let item: JSONItem? =
      if encoding == "UTF8" {
        try? JSONItem(document: bytes)
      } else if let text = decode(bytes) {
        try? JSONItem(document: text)
      } else {
        nil
      }
    guard let item else { throw malformed("malformed input argument to \(name) function") }
    return item
  }

  /// Reads UTF-16 or UTF-32, the low byte first, as Java's and Trino's do.
  private func decode(_ bytes: UnsafeRawBufferPointer) -> String? {
    if encoding == "UTF16" {
      guard bytes.count % 2 == 0 else { return nil }
      let units = stride(from: 0, to: bytes.count, by: 2).map {
        UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt16.self))
      }
      return String(validating: units, as: UTF16.self)
    }
    guard bytes.count % 4 == 0 else { return nil }
    var text = String.UnicodeScalarView()
    for offset in stride(from: 0, to: bytes.count, by: 4) {
      let code = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
      guard let scalar = Unicode.Scalar(code) else { return nil }
      text.append(scalar)
    }
    return String(text)
  }
}

extension SQLJSONPath {
  /// Reads a path.
  ///
  /// - Parameter parameters: the names behind PASSING.
  init(_ path: String, parameters: [String]) throws(SQLError) {
    var parser = SQLJSONPathParser(path, parameters: parameters)
    self = try parser.parse()
  }
}

extension ScalarOverload {
  /// A function whose rows are values of any type, NULL arguments or not.
  ///
  /// - Parameter make: called once per call site.
  static func values(
    _ signature: FunctionSignature,
    _ make:
      @escaping @Sendable (ScalarCall) throws(SQLError) ->
      @Sendable (
        [ColumnVector], Int
      ) throws(SQLError) -> Value
  ) -> ScalarOverload {
    ScalarOverload(signature) { call throws(SQLError) in
      let compute = try make(call)
      let type = call.function.returnType
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let builder = VectorBuilder(type: type, capacity: rows.rowCount)
        builder.zeroValues()
        rows.visit { row in
          do throws(SQLError) {
            builder.set(row, try compute(arguments, row))
          } catch {
            errors.record(error.located(at: range), row: row)
            builder.setNull(row)
          }
        }
        return builder.finish(count: rows.rowCount)
      }
    }
  }
}
