public import ApusPlanner
package import ApusValues

/// All functions that statements may call, by name.
public struct FunctionLibrary: FunctionRegistry {
  package enum Entry: Sendable {
    case scalar(ScalarOverload)
    case aggregate(AggregateOverload)
    /// Window functions run inside the window operator, which knows them by name.
    case window(FunctionSignature)

    var signature: FunctionSignature {
      switch self {
      case .scalar(let overload): overload.signature
      case .aggregate(let overload): overload.signature
      case .window(let signature): signature
      }
    }
  }

  private let entries: [String: [Entry]]

  package init(_ list: [Entry]) {
    var entries: [String: [Entry]] = [:]
    for entry in list { entries[entry.signature.name, default: []].append(entry) }
    self.entries = entries
  }

  /// Without those that only plans call, which begin with a dollar sign.
  public var names: [String] { entries.keys.filter { !$0.hasPrefix("$") }.sorted() }

  public func signatures(named name: String) -> [FunctionSignature] {
    (entries[name] ?? []).map(\.signature)
  }

  /// Returns the implementation that the binder chose.
  package func entry(for function: BoundFunction) throws(SQLError) -> Entry {
    guard let overloads = entries[function.name], overloads.indices.contains(function.overload)
    else { throw .internal("no implementation of \(function.name)") }
    return overloads[function.overload]
  }
}
