/// What the reference and `\df+` say of a function, or of a form of the language that looks like one.
public struct FunctionDescription: Sendable {
  /// Calls that do the same.
  public struct Meaning: Sendable {
    /// `length(varchar) → bigint`.
    public var calls: [String]
    /// One sentence.
    public var summary: String
  }

  public var name: String
  public var meanings: [Meaning]
  public var examples: [FunctionExample]

  /// Describes a form of the language, whose parts are not arguments of types.
  init(form name: String, _ calls: [String], _ summary: String, _ examples: [FunctionExample]) {
    self.name = name
    meanings = [Meaning(calls: calls, summary: summary)]
    self.examples = examples
  }

  /// Describes a function by its overloads; those with the same summary mean the same.
  package init(_ name: String, _ signatures: [FunctionSignature], _ examples: [FunctionExample]) {
    self.name = name
    self.examples = examples
    meanings = []
    for signature in signatures {
      let call = "\(name)(\(signature.parametersText)) → \(signature.resultText)"
      if let index = meanings.firstIndex(where: { $0.summary == signature.summary }) {
        meanings[index].calls.append(call)
      } else {
        meanings.append(Meaning(calls: [call], summary: signature.summary))
      }
    }
  }
}
