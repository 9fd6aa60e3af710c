import ApusPlanner
import ApusValues
import ApusVectors

/// `JSON_QUERY(document, path … WRAPPER … QUOTES … ON EMPTY … ON ERROR)`: the document that a path
/// leads to, as text or bytes; see `SQLJSONCall`. One more argument is a NULL of the type to return;
/// the options are the wrapper, the quotes, what to give for nothing and for an error, and the
/// encoding of bytes.
enum JSONQuery: ScalarFunction {
  static let overloads: [ScalarOverload] = [
    .values(
      FunctionSignature(
        "$json_query",
        [.any, .anyVarchar, .anyVarchar, .any, .any],
        returns: .parameter(4),
        summary: "Returns the document that a path leads to in a document."
      )
    ) { call throws(SQLError) in
      let path = try SQLJSONCall(call, name: "JSON_QUERY")
      let result = try JSONQueryResult(type: call.function.returnType, options: path.options)
      return { arguments, row throws(SQLError) -> Value in
        try result.value { () throws(SQLError) in try path.items(arguments, row) }
      }
    }
  ]
}

/// What `JSON_QUERY` makes of the items that a path leads to.
struct JSONQueryResult: Sendable {
  private let wrapper: String
  private let omitsQuotes: Bool
  private let onEmpty: String
  private let onError: String
  private let output: SQLJSONOutput

  /// - Parameter options: the wrapper, the quotes, what to give for nothing and for an error, and the
  ///   encoding of bytes.
  init(type: SQLType, options: [String]) throws(SQLError) {
    guard options.count == 5 else { throw .internal("options of JSON_QUERY") }
    wrapper = options[0]
    omitsQuotes = options[1] == "OMIT"
    onEmpty = options[2]
    onError = options[3]
    output = SQLJSONOutput(type: type, encoding: options[4])
  }

  /// - Parameter items: finds the items; nil for a document that is NULL.
  func value(_ items: () throws(SQLError) -> [JSONItem]?) throws(SQLError) -> Value {
    do throws(SQLError) {
      guard let items = try items() else { return .null }
      if !items.isEmpty {
        let item = try JSONQueryResult.single(items, wrapper: wrapper)
        if case .string(let text) = item, omitsQuotes { return output.value(text) }
        return try output.value(item)
      }
    } catch {
      guard let other = JSONQueryResult.substitute(onError) else { throw error }
      return other.isNull ? .null : try output.value(other.item)
    }
    // What is said of errors is not said of nothing.
    guard let other = JSONQueryResult.substitute(onEmpty) else {
      throw JSONQueryResult.conversion("JSON path found no items")
    }
    return other.isNull ? .null : try output.value(other.item)
  }

  private static func single(_ items: [JSONItem], wrapper: String) throws(SQLError) -> JSONItem {
    if wrapper == "WITH UNCONDITIONAL" { return .array(items) }
    if items.count == 1 {
      switch items[0] {
      case .array, .object: return items[0]
      default: return wrapper == "WITHOUT" ? items[0] : .array(items)
      }
    }
    guard wrapper != "WITHOUT" else { throw conversion("JSON path found multiple items") }
    return .array(items)
  }

  /// What a clause puts in the place of a result; nil for an error.
  private static func substitute(_ behavior: String) -> (isNull: Bool, item: JSONItem)? {
    switch behavior {
    case "NULL": (true, .null)
    case "EMPTY ARRAY": (false, .array([]))
    case "EMPTY OBJECT": (false, .object([]))
    default: nil
    }
  }

  private static func conversion(_ message: String) -> SQLError {
    SQLError(.jsonOutputConversionError, "conversion from JSON failed: \(message)")
  }
}

/// How documents that SQL/JSON makes are returned.
struct SQLJSONOutput: Sendable {
  let type: SQLType
  /// Of bytes: UTF8, UTF16 or UTF32.
  let encoding: String

  /// - Throws: JSON_OUTPUT_CONVERSION_ERROR for a value that JSON has no notation for.
  func value(_ item: JSONItem) throws(SQLError) -> Value {
    var bytes: [UInt8] = []
    guard item.append(to: &bytes) else {
      throw SQLError(
        .jsonOutputConversionError,
        "conversion from JSON failed: JSON path returned a scalar SQL value that cannot be "
          + "represented as JSON"
      )
    }
    return value(String(decoding: bytes, as: UTF8.self))
  }

  /// Text that is too long for the type is cut off, as casts do.
  func value(_ text: String) -> Value {
    switch type {
    case .varbinary:
      switch encoding {
      case "UTF16":
        return .binary(text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] })
      case "UTF32":
        return .binary(
          text.unicodeScalars.flatMap { scalar in
            (0..<4).map { UInt8(truncatingIfNeeded: scalar.value >> (8 * $0)) }
          }
        )
      default:
        return .binary(Array(text.utf8))
      }
    case .varchar(let length?), .char(let length):
      let text = String(text.unicodeScalars.prefix(length))
      return .text(type.isVarchar ? text : String(text.trimmingSuffixSpaces))
    default:
      return .text(text)
    }
  }
}

extension String {
  /// The text without the spaces at its end.
  fileprivate var trimmingSuffixSpaces: Substring {
    var rest = self[...]
    while rest.last == " " { rest.removeLast() }
    return rest
  }
}
