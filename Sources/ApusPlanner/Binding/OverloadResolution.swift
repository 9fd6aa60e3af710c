import ApusValues

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

  /// - Throws: FUNCTION_NOT_FOUND with what there is, if no overload takes the arguments.
  func resolve(_ arguments: [SQLType], at range: SourceRange) throws(SQLError) -> Choice {
    var best: (cost: Int, choice: Choice)?
    for (overload, signature) in signatures.enumerated() {
      guard let (types, cost) = match(signature, arguments) else { continue }
      if let best, best.cost <= cost { continue }
      let returnType: SQLType =
        switch signature.result {
        case .type(let type): type
        case .parameter(let position): types.indices.contains(position) ? types[position] : .unknown
        case .computed(let compute): compute(types)
        }
      best = (
        cost,
        Choice(
          overload: overload,
          signature: signature,
          parameterTypes: types,
          returnType: returnType
        )
      )
    }
    if let best { return best.choice }
    let given = arguments.map(\.description).joined(separator: ", ")
    let expected = signatures.map { "\(name)(\($0.parameterText))" }.joined(separator: ", ")
    throw SQLError(
      .functionNotFound,
      "Unexpected parameters (\(given)) for function \(name). Expected: \(expected)",
      at: range
    )
  }

  private func match(_ signature: FunctionSignature, _ arguments: [SQLType])
    -> (types: [SQLType], cost: Int)?
  {
    var parameters = signature.parameters
    if signature.isVariadic, let last = parameters.last {
      guard arguments.count >= parameters.count else { return nil }
      parameters += Array(repeating: last, count: arguments.count - parameters.count)
    }
    guard parameters.count == arguments.count else { return nil }
    var common: [Int: SQLType] = [:]
    for (parameter, argument) in zip(parameters, arguments) {
      guard case .same(let group) = parameter else { continue }
      guard let type = SQLType.common(common[group] ?? argument, argument) else { return nil }
      common[group] = type
    }
    var types: [SQLType] = []
    var cost = 0
    for (parameter, argument) in zip(parameters, arguments) {
      guard let type = target(parameter, argument, common) else { return nil }
      types.append(type)
      cost += conversionCost(argument, type)
    }
    return (types, cost)
  }

  private func target(
    _ parameter: FunctionSignature.Parameter,
    _ argument: SQLType,
    _ common: [Int: SQLType]
  ) -> SQLType? {
    switch parameter {
    case .any: return argument
    case .same(let group): return common[group]
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
    case .anyTimestamp:
      switch argument {
      case .timestamp: return argument
      case .date: return .timestamp(precision: 0)
      case .unknown: return .timestamp(precision: 3)
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
    default: 0
    }
  }
}

extension FunctionSignature {
  /// The parameters as an error or SHOW FUNCTIONS lists them.
  public var parameterText: String {
    let texts = parameters.map { parameter in
      switch parameter {
      case .type(let type): type.description
      case .anyVarchar: "varchar"
      case .anyDecimal: "decimal(p,s)"
      case .anyTimestamp: "timestamp(p)"
      case .any: "any"
      case .same(let group): group == 0 ? "T" : "T\(group)"
      }
    }
    return texts.joined(separator: ", ") + (isVariadic ? ", ..." : "")
  }
}
