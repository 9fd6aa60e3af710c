import ApusEngine
import ApusPlanner
import ApusVectors

/// What a signature was called with, as far as the engine has told.
struct CallFacts {
  /// A case that statements can reach.
  enum Fact: String, CaseIterable {
    /// All arguments known before the first batch.
    case constants
    case columns
    case dictionary
    /// A batch in which some rows failed and others did not, their errors caught.
    case inTry = "TRY"
    /// The same in a branch that not all rows of the batch come to.
    case inCase = "CASE"
    /// No row at all, without groups.
    case empty
    case groups
    case window = "OVER"
  }

  var facts: Set<Fact> = []
  /// The parameters for which a row had NULL.
  var nulls: Set<Int> = []

  func union(_ other: CallFacts) -> CallFacts {
    var result = self
    result.facts.formUnion(other.facts)
    result.nulls.formUnion(other.nulls)
    return result
  }

  init() {}

  /// Facts of one evaluation; aggregates that begin without rows have none yet.
  ///
  /// - Parameter known: what need not be looked for again.
  init(_ call: ObservedCall, of signature: FunctionSignature, known: CallFacts) {
    guard !call.rows.isEmpty else { return }
    // Aggregates keep some arguments to themselves, such as the separator of listagg.
    let count = min(call.function.parameterTypes.count, call.arguments.count)
    let values = (0..<count).filter { position in
      signature.valueParameters.contains(signature.parameterIndex(position))
    }
    if !values.isEmpty {
      facts.insert(values.allSatisfy { call.areConstant[$0] } ? .constants : .columns)
    }
    for position in values {
      let vector = call.arguments[position]
      if vector.encoding == .dictionary { facts.insert(.dictionary) }
      let parameter = signature.parameterIndex(position)
      guard vector.mayHaveNulls, !known.nulls.contains(parameter) else { continue }
      if call.rows.contains(where: { vector.isNull($0) }) { nulls.insert(parameter) }
    }
    switch call.place {
    case .scalar(let surroundings):
      let failed = Set(call.errors.entries.map(\.row))
      guard !failed.isEmpty, failed.count < call.rows.count else { break }
      if surroundings.isInTry { facts.insert(.inTry) }
      if surroundings.isInCase, call.rows.count < call.rows.rowCount { facts.insert(.inCase) }
    case .aggregate(let isGrouped):
      if isGrouped { facts.insert(.groups) }
    case .window:
      facts.insert(.window)
    }
  }
}

extension Selection {
  fileprivate func contains(where matches: (Int) -> Bool) -> Bool {
    if let indices { return indices.contains { matches(Int($0)) } }
    return (0..<rowCount).contains(where: matches)
  }
}

extension FunctionSignature {
  /// The facts that calls of this signature can have, by its kind and parameters.
  var possibleFacts: [CallFacts.Fact] {
    let ofArguments: [CallFacts.Fact] = valueParameters.isEmpty ? [] : [.constants, .columns]
    switch kind {
    case .scalar:
      return valueParameters.isEmpty ? [] : ofArguments + [.dictionary, .inTry, .inCase]
    case .aggregate:
      return ofArguments + (valueParameters.isEmpty ? [] : [.dictionary])
        + [.empty, .groups] + (hasOwnSyntax ? [] : [.window])
    case .window:
      // The window operator keeps its rows in flat columns.
      return ofArguments
    }
  }

  /// The parameters that may be NULL: all but lambdas.
  var valueParameters: [Int] {
    parameters.indices.filter { !parameters[$0].isFunction && !(hasOwnSyntax && $0 > 0) }
  }

  /// Whether the grammar has a rule for the call, with literals for all arguments but the first, and
  /// without OVER.
  private var hasOwnSyntax: Bool { ["listagg", "normalize"].contains(name) }

  /// The parameter of an argument; the last one of a variadic function has many.
  func parameterIndex(_ argument: Int) -> Int { min(argument, parameters.count - 1) }

  func parameter(at argument: Int) -> Parameter { parameters[parameterIndex(argument)] }
}

extension FunctionSignature.Parameter {
  var isFunction: Bool {
    if case .function = self { return true }
    return false
  }
}
