import ApusPlanner
import ApusValues
import ApusVectors

/// The regular expression of a call, which is its second argument: compiled once if it is constant,
/// otherwise once per run of rows with the same one.
struct RegexpPattern: Sendable {
  /// One that does not compile stays variable, so that its error belongs to rows.
  fileprivate let constant: RegularExpression?

  init(_ call: ScalarCall) {
    guard case .text(let pattern)? = call.constants[1] else {
      constant = nil
      return
    }
    constant = try? RegularExpression(pattern)
  }
}

/// The regular expressions of a batch's rows.
final class RegexpMatchers {
  private let isConstant: Bool
  private let patterns: KernelOperand<StringView>
  private let constant: RegularExpression?
  private var last: (pattern: StringView, matcher: RegularExpressionMatcher)?

  init(_ pattern: RegexpPattern, _ patterns: ColumnVector) {
    constant = pattern.constant
    self.patterns = patterns.texts
    isConstant = pattern.constant != nil
  }

  /// Returns what finds the expression of a row.
  func matcher(_ row: Int) throws(SQLError) -> RegularExpressionMatcher {
    if let last, isConstant || last.pattern == patterns[row] { return last.matcher }
    let pattern = patterns[row]
    let expression: RegularExpression
    if let constant { expression = constant } else { expression = try .init(pattern.string) }
    let matcher = try RegularExpressionMatcher(expression)
    last = (pattern, matcher)
    return matcher
  }
}

extension ScalarOverload {
  /// A function of a text, a regular expression and more that computes rows one by one.
  static func regexp<Output>(
    _ signature: FunctionSignature,
    _ make: @escaping @Sendable ([ColumnVector], RegexpMatchers) -> RowFunction<Output>
  ) -> ScalarOverload {
    ScalarOverload(signature) { call throws(SQLError) in
      let pattern = RegexpPattern(call)
      let type = call.function.returnType
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let matchers = RegexpMatchers(pattern, arguments[1])
        let compute = make(arguments, matchers)
        return mapRows(arguments, to: type, rows: rows, range: range, errors: &errors, compute)
      }
    }
  }

  /// A function of a text, a regular expression and more that computes texts row by row.
  static func regexpText(
    _ signature: FunctionSignature,
    _ make: @escaping @Sendable ([ColumnVector], RegexpMatchers) -> TextRowFunction
  ) -> ScalarOverload {
    ScalarOverload(signature) { call throws(SQLError) in
      let pattern = RegexpPattern(call)
      let type = call.function.returnType
      let range = call.range
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let matchers = RegexpMatchers(pattern, arguments[1])
        let compute = make(arguments, matchers)
        return mapText(arguments, to: type, rows: rows, range: range, errors: &errors, compute)
      }
    }
  }
}
