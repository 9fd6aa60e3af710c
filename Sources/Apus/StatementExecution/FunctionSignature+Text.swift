import ApusPlanner
import ApusValues

// Signatures in words, as SHOW FUNCTIONS lists them.

extension FunctionSignature {
  /// `varchar, bigint`; a type that arguments share is `T`, one that may be any is `any`.
  var parametersText: String {
    var names = parameters.map(\.text)
    if isVariadic, let last = names.popLast() { names.append(last + "...") }
    return names.joined(separator: ", ")
  }

  /// The result's type, as far as it can be said without arguments.
  var resultText: String {
    switch result {
    case .type(let type): type.description
    case .parameter(let position):
      parameters.indices.contains(position) ? parameters[position].text : "any"
    case .pattern(let parameter): parameter.text
    case .computed(let compute):
      compute(parameters.map(\.typical)).generalName
    }
  }
}

extension FunctionSignature.Parameter {
  fileprivate var text: String {
    switch self {
    case .type(let type): type.description
    case .anyVarchar: "varchar"
    case .anyDecimal: "decimal"
    case .anyTimestamp: "timestamp"
    case .anyZonedTimestamp: "timestamp with time zone"
    case .anyTime: "time"
    case .anyZonedTime: "time with time zone"
    case .any: "any"
    case .same(let number): number == 0 ? "T" : "T\(number)"
    case .array(let element): "array(\(element.text))"
    case .map(let key, let value): "map(\(key.text), \(value.text))"
    case .anyRow: "row"
    case .function(let inputs, let output):
      "function(\((inputs + [output]).map(\.text).joined(separator: ", ")))"
    }
  }

  /// A type that the parameter may have, to compute a result from.
  fileprivate var typical: SQLType {
    switch self {
    case .type(let type): type
    case .anyVarchar: .text
    case .anyDecimal: .decimal(precision: 38, scale: 0)
    case .anyTimestamp: .timestamp(precision: 3)
    case .anyZonedTimestamp: .timestampWithTimeZone(precision: 3)
    case .anyTime: .time(precision: 3)
    case .anyZonedTime: .timeWithTimeZone(precision: 3)
    case .any, .same: .bigint
    case .array(let element): .array(element.typical)
    case .map(let key, let value): .map(key: key.typical, value: value.typical)
    case .anyRow: .row([RowField(nil, .bigint), RowField(nil, .bigint)])
    case .function(_, let output): output.typical
    }
  }
}

extension SQLType {
  /// The type's name without its parameters.
  fileprivate var generalName: String {
    String(description.prefix { $0 != "(" })
  }
}
