import ApusValues

// Signatures in words, as errors and SHOW FUNCTIONS have them.

extension FunctionSignature {
  /// `varchar, bigint`; a type that arguments share is `T`, one that may be any is `any`.
  public var parametersText: String {
    var names = parameters.map(\.description)
    if isVariadic, let last = names.popLast() { names.append(last + "...") }
    return names.joined(separator: ", ")
  }

  /// The result's type, as far as it can be said without arguments.
  public var resultText: String {
    switch result {
    case .type(let type): type.description
    case .parameter(let position):
      parameters.indices.contains(position) ? parameters[position].description : "any"
    case .pattern(let parameter): parameter.description
    case .computed(let compute):
      // What a container holds is known only where no argument may be of any type.
      compute(parameters.map(\.typical))
        .generalName(withElements: !parameters.contains(where: \.isOpen))
    }
  }
}

extension FunctionSignature.Parameter: CustomStringConvertible {
  public var description: String {
    switch self {
    case .type(let type): type.description
    case .anyVarchar: "varchar"
    case .anyDecimal: "decimal(p,s)"
    case .anyTimestamp: "timestamp(p)"
    case .anyZonedTimestamp: "timestamp(p) with time zone"
    case .anyTime: "time(p)"
    case .anyZonedTime: "time(p) with time zone"
    case .any: "any"
    case .same(let number): number == 0 ? "T" : "T\(number)"
    case .array(let element): "array(\(element))"
    case .map(let key, let value): "map(\(key), \(value))"
    case .anyRow: "row"
    case .function(let inputs, let output):
      "function(\((inputs + [output]).map(\.description).joined(separator: ", ")))"
    }
  }

  /// Whether arguments of unlike types may be given.
  fileprivate var isOpen: Bool {
    switch self {
    case .any, .same, .anyRow, .function: true
    case .array(let element): element.isOpen
    case .map(let key, let value): key.isOpen || value.isOpen
    default: false
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
  /// The type's name without its parameters; those of an array are its elements.
  fileprivate func generalName(withElements: Bool) -> String {
    if withElements, case .array(let element) = self {
      return "array(\(element.generalName(withElements: true)))"
    }
    return String(description.prefix { $0 != "(" })
  }
}
