import ApusPlanner
import ApusValues
import ApusVectors

/// A path in the notation of `json_extract`, which is a small part of JSONPath:
///
///     $                  the document
///     .name              a member; letters, digits, underscores and colons
///     ["any name"]       a member
///     [0]                an element
///
/// As in Trino, a number may stand in either place: what it finds depends on the document.
struct JSONPath: Sendable {
  struct Step: Sendable {
    var name: [UInt8]
    /// The position in an array; none for what is no number.
    var index: Int?
  }

  private(set) var steps: [Step] = []

  /// - Throws: INVALID_FUNCTION_ARGUMENT for what is no path.
  init(_ path: String) throws(SQLError) {
    let invalid = invalidArgument("Invalid JSON path: '\(path)'")
    var rest = path.unicodeScalars[...]
    guard rest.popFirst() == "$" else { throw invalid }
    while let opening = rest.popFirst() {
      var name: String.UnicodeScalarView
      switch opening {
      case ".":
        name = JSONPath.word(&rest) { $0 == ":" }
        guard !name.isEmpty else { throw invalid }
      case "[" where rest.first == "\"":
        guard let quoted = JSONPath.quoted(&rest), rest.popFirst() == "]" else { throw invalid }
        name = quoted
      case "[":
        name = JSONPath.word(&rest) { _ in false }
        guard !name.isEmpty, rest.popFirst() == "]" else { throw invalid }
      default:
        throw invalid
      }
      let text = String(name)
      steps.append(Step(name: Array(text.utf8), index: Int32(text).map { Int($0) }))
    }
  }

  private static func word(
    _ rest: inout Substring.UnicodeScalarView,
    _ isSpecial: (Unicode.Scalar) -> Bool
  ) -> String.UnicodeScalarView {
    let word = rest.prefix { scalar in
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
        .decimalNumber:
        true
      default:
        scalar == "_" || isSpecial(scalar)
      }
    }
    rest = rest[word.endIndex...]
    return String.UnicodeScalarView(word)
  }

  /// Reads a name in quotes, in which a backslash stands before a quote or another backslash.
  private static func quoted(_ rest: inout Substring.UnicodeScalarView)
    -> String.UnicodeScalarView?
  {
    var name = String.UnicodeScalarView()
    rest.removeFirst()
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\"":
        return name
      case "\\":
        guard let escaped = rest.popFirst(), escaped == "\"" || escaped == "\\" else { return nil }
        name.append(escaped)
      default:
        name.append(scalar)
      }
    }
    return nil
  }
}

extension JSONPath {
  /// Reads up to the first token of what the path leads to.
  ///
  /// - Returns: false if there is nothing.
  func find(_ reader: inout JSONReader, scratch: inout [UInt8]) throws(JSONFailure) -> Bool {
    if try reader.next() == .end { return false }
    for step in steps {
      switch reader.token {
      case .beginObject:
        guard try JSONPath.enterMember(&reader, step.name, &scratch) else { return false }
      case .beginArray:
        guard try JSONPath.enterElement(&reader, step.index) else { return false }
      default:
        return false
      }
    }
    return true
  }

  private static func enterMember(
    _ reader: inout JSONReader,
    _ name: [UInt8],
    _ scratch: inout [UInt8]
  ) throws(JSONFailure) -> Bool {
    while try reader.next() != .endObject {
      let isNamed: Bool
      if reader.hasEscapes {
        scratch.removeAll(keepingCapacity: true)
        reader.appendText(to: &scratch)
        isNamed = scratch == name
      } else {
        let bytes = reader.bytes
        isNamed = name.withUnsafeBytes { $0.count == bytes.count && areEqual($0, bytes) }
      }
      try reader.next()
      if isNamed { return true }
      try reader.skipChildren()
    }
    return false
  }

  private static func enterElement(_ reader: inout JSONReader, _ index: Int?)
    throws(JSONFailure) -> Bool
  {
    var position = 0
    while try reader.next() != .endArray {
      if position == index { return true }
      position += 1
      try reader.skipChildren()
    }
    return false
  }
}

/// Whether bytes of the same count are the same.
@inline(__always)
private func areEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
  for index in 0..<left.count where left[index] != right[index] { return false }
  return true
}

/// The path of a call, which is its second argument: read once if it is constant, otherwise once
/// per run of rows with the same one.
final class JSONPaths {
  private let isConstant: Bool
  private let texts: KernelOperand<StringView>
  private var last: (text: StringView, path: JSONPath)?

  init(_ constant: JSONPath?, _ texts: ColumnVector) {
    self.texts = texts.texts
    isConstant = constant != nil
    last = constant.map { (StringView(), $0) }
  }

  func path(_ row: Int) throws(SQLError) -> JSONPath {
    if let last, isConstant || last.text == texts[row] { return last.path }
    let path = try JSONPath(texts[row].string)
    last = (texts[row], path)
    return path
  }
}

extension ScalarCall {
  /// The path if it is constant; one that is none stays variable, so that its error belongs to rows.
  fileprivate var constantPath: JSONPath? {
    guard case .text(let text)?? = constants.dropFirst().first else { return nil }
    return try? JSONPath(text)
  }
}

extension ScalarOverload {
  /// A function of a document and a path that computes rows one by one.
  static func jsonPath<Output>(
    _ signature: FunctionSignature,
    _ make: @escaping @Sendable ([ColumnVector], JSONPaths) -> RowFunction<Output>
  ) -> ScalarOverload {
    ScalarOverload(signature) { call throws(SQLError) in
      let path = call.constantPath
      let type = call.function.returnType
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let compute = make(arguments, JSONPaths(path, arguments[1]))
        return mapRows(arguments, to: type, rows: rows, range: range, errors: &errors, compute)
      }
    }
  }

  /// A function of a document and a path that computes texts or documents row by row.
  static func jsonPathText(
    _ signature: FunctionSignature,
    _ make: @escaping @Sendable ([ColumnVector], JSONPaths) -> TextRowFunction
  ) -> ScalarOverload {
    ScalarOverload(signature) { call throws(SQLError) in
      let path = call.constantPath
      let type = call.function.returnType
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let compute = make(arguments, JSONPaths(path, arguments[1]))
        return mapText(arguments, to: type, rows: rows, range: range, errors: &errors, compute)
      }
    }
  }
}
