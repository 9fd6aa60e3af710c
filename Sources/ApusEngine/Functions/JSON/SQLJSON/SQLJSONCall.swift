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
  private let inputs: SQLJSONInputs

  /// - Throws: INVALID_PATH.
  init(_ call: ScalarCall, name: String) throws(SQLError) {
    guard case .text(let path)?? = call.constants.dropFirst().first,
      case .text(let options)?? = call.constants.dropFirst(2).first
    else { throw .internal("a path that is not constant") }
    let words = options.split(separator: ",").map { String($0) }
    self.options = Array(words.dropFirst())
    inputs = SQLJSONInputs(
      encoding: words.first ?? "",
      parameters: call.function.parameterTypes[3],
      name: name
    )
    self.path = try SQLJSONPath(path, parameters: inputs.parameterNames)
  }

  /// Returns what the path leads to in the document of a row; nil for a document that is NULL.
  ///
  /// - Throws: JSON_INPUT_CONVERSION_ERROR for what is no document, PATH_EVALUATION_ERROR where the
  ///   path fails.
  func items(_ arguments: [ColumnVector], _ row: Int) throws(SQLError) -> [JSONItem]? {
    guard let document = try inputs.document(arguments[0], row) else { return nil }
    return try path.items(in: document, parameters: inputs.parameters(arguments[3], row))
  }
}

/// What documents and parameters of paths are read from.
struct SQLJSONInputs: Sendable {
  private let encoding: String
  private let parameterFields: [RowField]
  private let name: String

  /// - Parameters:
  ///   - encoding: of documents: UTF8, UTF16 or UTF32.
  ///   - parameters: the type of the row of parameters.
  ///   - name: what messages call the function.
  init(encoding: String, parameters: SQLType, name: String) {
    self.encoding = encoding
    self.name = name
    if case .row(let fields) = parameters { parameterFields = fields } else { parameterFields = [] }
  }

  var parameterNames: [String] { parameterFields.map { $0.name ?? "" } }

  /// Returns the document of a row; nil for NULL.
  func document(_ vector: ColumnVector, _ row: Int) throws(SQLError) -> JSONItem? {
    guard !vector.isNull(row) else { return nil }
    return try read(vector.texts.bytes(row))
  }

  /// Returns the parameters of a row; a sequence for each.
  func parameters(_ vector: ColumnVector, _ row: Int) throws(SQLError) -> [[JSONItem]] {
    guard !parameterFields.isEmpty, case .row(let values) = vector.value(row) else { return [] }
    var parameters: [[JSONItem]] = []
    for (field, value) in zip(parameterFields, values) {
      parameters.append(try parameter(value, field.type))
    }
    return parameters
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
      } else if let text = SQLJSONInputs.decode(bytes, encoding) {
        try? JSONItem(document: text)
      } else {
        nil
      }
    guard let item else { throw malformed("malformed input argument to \(name) function") }
    return item
  }

  /// Reads UTF-16 or UTF-32, the low byte first, as Java's and Trino's do.
  static func decode(_ bytes: UnsafeRawBufferPointer, _ encoding: String) -> String? {
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

  /// Returns what the path leads to.
  ///
  /// - Throws: PATH_EVALUATION_ERROR.
  func items(in document: JSONItem, parameters: [[JSONItem]] = []) throws(SQLError) -> [JSONItem] {
    var evaluation = SQLJSONPathEvaluation(self, document: document, parameters: parameters)
    do throws(SQLJSONPathFailure) {
      return try evaluation.items(root)
    } catch {
      throw SQLError(.pathEvaluationError, "path evaluation failed: \(error.message)")
    }
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
