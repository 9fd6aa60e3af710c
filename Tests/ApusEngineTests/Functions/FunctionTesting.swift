import ApusEngine
import ApusValues
import ApusVectors
import Testing

@testable import ApusPlanner

/// Finds the overload for arguments that have the parameter types already.
func bind(_ name: String, _ types: [SQLType]) throws -> BoundFunction {
  let signatures = FunctionLibrary.standard.signatures(named: name)
  let overload = try #require(
    signatures.firstIndex { accepts($0, types) },
    "no overload of \(name) for \(types)"
  )
  let signature = signatures[overload]
  let choice = try OverloadResolution(name: name, signatures: [signature])
    .resolve(types, at: SourceRange(start: 0, end: 0))
  return BoundFunction(
    name: name,
    overload: overload,
    parameterTypes: types,
    returnType: choice.returnType,
    isDeterministic: signature.isDeterministic
  )
}

private func accepts(_ signature: FunctionSignature, _ types: [SQLType]) -> Bool {
  var parameters = signature.parameters
  if signature.isVariadic, let last = parameters.last {
    while parameters.count < types.count { parameters.append(last) }
  }
  guard parameters.count == types.count else { return false }
  return zip(parameters, types).allSatisfy { parameter, type in
    switch parameter {
    case .type(let expected): expected == type
    case .anyVarchar: type.isVarchar
    case .anyDecimal: type.isDecimal
    case .anyTimestamp: type.isTimestamp
    case .anyTime: type.isTime
    case .anyZonedTimestamp, .anyZonedTime: type.isZoned
    case .any: true
    case .same: type == types[0]
    case .array, .map, .anyRow: type.isNested
    case .function: false
    }
  }
}

/// A call of a function of the standard library.
func call(_ name: String, _ arguments: Expression...) throws -> Expression {
  try call(name, arguments)
}

func call(_ name: String, _ arguments: [Expression]) throws -> Expression {
  .call(
    Call(
      function: try bind(name, arguments.map(\.type)),
      arguments: arguments,
      range: SourceRange(start: 0, end: 1)
    )
  )
}

/// Checks what a call prints.
func expect(
  _ name: String,
  _ arguments: Expression...,
  gives expected: String,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let result = printed(try call(name, arguments), library: .standard)
  #expect(result == expected, "\(name)", sourceLocation: sourceLocation)
}
