package import ApusPlanner

/// All functions in families, as the reference lists them.
///
/// Nothing here is computed before somebody asks, so that examples cost no query anything.
package enum FunctionReference {
  package struct Family: Sendable {
    package var title: String
    /// By name, each once.
    package var functions: [FunctionDescription]
    /// Those that call no function of their file, which the tests refuse.
    package var strayExamples: [FunctionExample] = []
  }

  package static var families: [Family] {
    [Family(title: "Forms of the language", functions: SpecialForms.descriptions)]
      + ScalarFunctions.families.map { family in
        Family(family.title, family.functions.map { ($0.overloads.map(\.signature), $0.examples) })
      }
      + [Family("Window functions", [(WindowFunctions.signatures, WindowFunctions.examples)])]
      + AggregateFunctions.families.map { family in
        Family(family.title, family.functions.map { ($0.overloads.map(\.signature), $0.examples) })
      }
  }
}

extension FunctionReference.Family {
  /// Gathers what the files of a family declare, without functions that only plans or forms of the
  /// language call.
  fileprivate init(
    _ title: String,
    _ declarations: [(signatures: [FunctionSignature], examples: [FunctionExample])]
  ) {
    let names = Set(declarations.flatMap { $0.signatures.map(\.name) })
    self.title = title
    let isCalled = { (name: String) in
      !name.hasPrefix("$") && !SpecialForms.namesWithoutCalls.contains(name)
    }
    functions = names.filter(isCalled).sorted().map { name in
      var signatures: [FunctionSignature] = []
      var examples: [FunctionExample] = []
      for declaration in declarations {
        let own = declaration.signatures.filter { $0.name == name }
        guard !own.isEmpty else { continue }
        signatures += own
        examples += declaration.examples.filter { $0.calls(name) }
      }
      return FunctionDescription(name, signatures, examples)
    }
    strayExamples = declarations.flatMap { signatures, examples in
      examples.filter { example in !signatures.contains { example.calls($0.name) } }
    }
  }
}
