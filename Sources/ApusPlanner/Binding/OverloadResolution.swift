import ApusValues

/// An argument of a call before its overload is known.
enum FunctionArgument {
  case value(SQLType)
  /// A lambda with so many parameters, whose types the overload tells.
  case lambda(parameterCount: Int)
}

/// Chooses the overload of a function for the types of its arguments.
///
/// The overload that needs the fewest and smallest conversions wins, the first listed among equals.
struct OverloadResolution {
  var name: String
  var signatures: [FunctionSignature]

  struct Choice {
    var overload: Int
    var signature: FunctionSignature
    var parameterTypes: [SQLType]
    var returnType: SQLType

    var boundFunction: BoundFunction {
      BoundFunction(
        name: signature.name,
        overload: overload,
        parameterTypes: parameterTypes,
        returnType: returnType,
        isDeterministic: signature.isDeterministic
      )
    }
  }

  /// What the numbers of `same` stand for.
  private typealias Variables = [Int: SQLType]

  /// - Throws: FUNCTION_NOT_FOUND with what there is, if no overload takes the arguments.
  func resolve(_ arguments: [SQLType], at range: SourceRange) throws(SQLError) -> Choice {
    try resolve(arguments.map { .value($0) }, at: range) { _, _ throws(SQLError) in .unknown }
  }

  /// - Parameter bindLambda: binds the lambda at a position with parameters of these types and
  ///   returns the type of its body; the last call for a position counts.
  func resolve(
    _ arguments: [FunctionArgument],
    at range: SourceRange,
    bindLambda: (Int, [SQLType]) throws(SQLError) -> SQLType
  ) throws(SQLError) -> Choice {
    var best: (cost: Int, overload: Int, variables: Variables)?
    for (overload, signature) in signatures.enumerated() {
      guard let (variables, cost) = match(signature, arguments) else { continue }
      if let best, best.cost <= cost { continue }
      best = (cost, overload, variables)
    }
    guard let best else { throw mismatch(arguments, at: range) }
    let signature = signatures[best.overload]
    let parameters = expanded(signature, arguments.count)
    var variables = best.variables
    for (position, parameter) in parameters.enumerated() {
      guard case .function(let inputs, let output) = parameter else { continue }
      // The body's type may widen what a variable stands for, which its parameters then have, too.
      for _ in 0..<3 {
        let before = variables
        let body = try bindLambda(position, inputs.map { substitute($0, variables) })
        guard unify(output, body, &variables) else { throw mismatch(arguments, at: range) }
        if before == variables
          || !inputs.contains(where: { mentions($0, changedFrom: before, to: variables) })
        {
          break
        }
      }
    }
    var types: [SQLType] = []
    for (parameter, argument) in zip(parameters, arguments) {
      switch argument {
      case .value(let type):
        guard let type = target(parameter, type, variables) else {
          throw mismatch(arguments, at: range)
        }
        types.append(type)
      case .lambda:
        guard case .function(_, let output) = parameter else { continue }
        types.append(substitute(output, variables))
      }
    }
    let returnType: SQLType =
      switch signature.result {
      case .type(let type): type
      case .parameter(let position): types.indices.contains(position) ? types[position] : .unknown
      case .pattern(let parameter): substitute(parameter, variables)
      case .computed(let compute): compute(types)
      }
    guard returnType.hasComparableKeys else { throw mismatch(arguments, at: range) }
    return Choice(
      overload: best.overload,
      signature: signature,
      parameterTypes: types,
      returnType: returnType
    )
  }

  private func mismatch(_ arguments: [FunctionArgument], at range: SourceRange) -> SQLError {
    let given = arguments.map { argument in
      switch argument {
      case .value(let type): type.description
      case .lambda: "<function>"
      }
    }
    let expected = signatures.map { "\(name)(\($0.parametersText))" }.joined(separator: ", ")
    return SQLError(
      .functionNotFound,
      "Unexpected parameters (\(given.joined(separator: ", "))) for function \(name). "
        + "Expected: \(expected)",
      at: range
    )
  }

  /// The parameters of a call with so many arguments.
  private func expanded(_ signature: FunctionSignature, _ count: Int)
    -> [FunctionSignature.Parameter]
  {
    guard signature.isVariadic, let last = signature.parameters.last else {
      return signature.parameters
    }
    let missing = max(0, count - signature.parameters.count)
    return signature.parameters + Array(repeating: last, count: missing)
  }

  private func match(_ signature: FunctionSignature, _ arguments: [FunctionArgument])
    -> (variables: Variables, cost: Int)?
  {
    let parameters = expanded(signature, arguments.count)
    guard parameters.count == arguments.count else { return nil }
    var variables: Variables = [:]
    for (parameter, argument) in zip(parameters, arguments) {
      switch (parameter, argument) {
      case (.function(let inputs, _), .lambda(let count)):
        guard inputs.count == count else { return nil }
      case (.function, .value), (_, .lambda):
        return nil
      case (_, .value(let type)):
        guard unify(parameter, type, &variables) else { return nil }
      }
    }
    var cost = 0
    for (parameter, argument) in zip(parameters, arguments) {
      guard case .value(let type) = argument else { continue }
      guard let target = target(parameter, type, variables) else { return nil }
      cost += conversionCost(type, target)
    }
    return (variables, cost)
  }

  /// Widens what the numbers in a parameter stand for, so that an argument of this type fits.
  private func unify(
    _ parameter: FunctionSignature.Parameter,
    _ type: SQLType,
    _ variables: inout Variables
  ) -> Bool {
    switch (parameter, type) {
    case (.same(let number), _):
      guard let common = SQLType.common(variables[number] ?? type, type) else { return false }
      variables[number] = common
      return true
    case (.array(let element), .array(let elementType)):
      return unify(element, elementType, &variables)
    case (.map(let key, let value), .map(let keyType, let valueType)):
      return unify(key, keyType, &variables) && unify(value, valueType, &variables)
    case (.array, .unknown), (.map, .unknown):
      return true
    case (.array, _), (.map, _):
      return false
    default:
      return true
    }
  }

  /// The type that a parameter stands for where no argument says more.
  private func substitute(_ parameter: FunctionSignature.Parameter, _ variables: Variables)
    -> SQLType
  {
    switch parameter {
    case .type(let type): type
    case .same(let number): variables[number] ?? .unknown
    case .array(let element): .array(substitute(element, variables))
    case .map(let key, let value):
      .map(key: substitute(key, variables), value: substitute(value, variables))
    case .function(_, let output): substitute(output, variables)
    case .anyVarchar: .text
    case .anyDecimal: .decimal(precision: 38, scale: 0)
    case .anyTimestamp: .timestamp(precision: 3)
    case .anyZonedTimestamp: .timestampWithTimeZone(precision: 3)
    case .anyTime: .time(precision: 3)
    case .anyZonedTime: .timeWithTimeZone(precision: 3)
    case .any, .anyRow: .unknown
    }
  }

  /// Whether a parameter has a number that stands for something else now.
  private func mentions(
    _ parameter: FunctionSignature.Parameter,
    changedFrom before: Variables,
    to after: Variables
  ) -> Bool {
    substitute(parameter, before) != substitute(parameter, after)
  }

  private func target(
    _ parameter: FunctionSignature.Parameter,
    _ argument: SQLType,
    _ variables: Variables
  ) -> SQLType? {
    switch parameter {
    case .any: return argument
    case .same(let number): return variables[number]
    case .array(let element):
      guard case .array(let elementType) = argument else {
        return argument == .unknown ? substitute(parameter, variables) : nil
      }
      return target(element, elementType, variables).map { .array($0) }
    case .map(let key, let value):
      guard case .map(let keyType, let valueType) = argument else {
        return argument == .unknown ? substitute(parameter, variables) : nil
      }
      guard let key = target(key, keyType, variables),
        let value = target(value, valueType, variables)
      else { return nil }
      return .map(key: key, value: value)
    case .anyRow:
      if case .row = argument { return argument }
      return nil
    case .function:
      return nil
    case .type(let type):
      if case .varchar(nil) = type, argument.isText { return type }
      return argument.isCoercible(to: type) ? type : nil
    case .anyVarchar:
      switch argument {
      case .varchar: return argument
      case .char(let length): return .varchar(length: length)
      case .unknown: return .text
      default: return nil
      }
    case .anyDecimal:
      return argument == .unknown ? .decimal(precision: 38, scale: 0) : argument.asDecimal
    case .anyTime:
      if case .time = argument { return argument }
      return argument == .unknown ? .time(precision: 3) : nil
    case .anyTimestamp:
      switch argument {
      case .timestamp: return argument
      case .date: return .timestamp(precision: 0)
      case .unknown: return .timestamp(precision: 3)
      default: return nil
      }
    case .anyZonedTimestamp:
      switch argument {
      case .timestampWithTimeZone: return argument
      case .timestamp(let precision): return .timestampWithTimeZone(precision: precision)
      case .date: return .timestampWithTimeZone(precision: 0)
      case .unknown: return .timestampWithTimeZone(precision: 3)
      default: return nil
      }
    case .anyZonedTime:
      switch argument {
      case .timeWithTimeZone: return argument
      case .time(let precision): return .timeWithTimeZone(precision: precision)
      case .unknown: return .timeWithTimeZone(precision: 3)
      default: return nil
      }
    }
  }

  /// How far a conversion goes: 0 for none, more for each step of widening.
  private func conversionCost(_ from: SQLType, _ to: SQLType) -> Int {
    if from == to { return 0 }
    if from == .unknown { return 1 }
    if from.isText, to.isText { return 1 }
    return max(1, rank(to) - rank(from))
  }

  private func rank(_ type: SQLType) -> Int {
    switch type {
    case .tinyint: 1
    case .smallint: 2
    case .integer: 3
    case .bigint: 4
    case .decimal: 5
    case .real: 6
    case .double: 7
    case .date: 1
    case .timestamp: 3
    case .timestampWithTimeZone: 5
    case .timeWithTimeZone: 1
    default: 0
    }
  }
}
