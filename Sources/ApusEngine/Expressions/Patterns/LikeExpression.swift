import ApusPlanner
import ApusValues
import ApusVectors

/// `operand LIKE pattern [ESCAPE escape]`. A constant pattern is compiled once; others once per run
/// of rows with the same one.
struct LikeExpression: CompiledExpression {
  private let operand: any CompiledExpression
  private let pattern: any CompiledExpression
  private let escape: (any CompiledExpression)?
  private let range: SourceRange?
  private let constantPattern: LikePattern?
  private let memo = DictionaryMemo()

  init(
    _ operand: any CompiledExpression,
    pattern: any CompiledExpression,
    escape: (any CompiledExpression)?,
    range: SourceRange?
  ) {
    self.operand = operand
    self.pattern = pattern
    self.escape = escape
    self.range = range
    constantPattern = LikeExpression.constant(pattern, escape)
  }

  /// A pattern that does not compile stays variable, so that its error belongs to rows.
  private static func constant(
    _ pattern: any CompiledExpression,
    _ escape: (any CompiledExpression)?
  ) -> LikePattern? {
    guard let pattern = pattern as? ConstantExpression, case .text(let text) = pattern.value else {
      return nil
    }
    guard let escape else { return try? LikePattern(text, escape: nil) }
    guard let escape = escape as? ConstantExpression, case .text(let character) = escape.value
    else { return nil }
    return try? LikePattern(text, escape: character)
  }

  var type: SQLType { .boolean }

  func evaluate(_ batch: Batch, rows: Selection, errors: inout RowErrors) throws(SQLError)
    -> ColumnVector
  {
    let text = try operand.evaluate(batch, rows: rows, errors: &errors)
    if let constantPattern {
      return try memo.map(text, rows: rows, errors: &errors) {
        (texts, selected, textErrors) throws(SQLError) -> ColumnVector in
        match(texts, constantPattern, rows: selected, errors: &textErrors)
      }
    }
    let patterns = try pattern.evaluate(batch, rows: rows, errors: &errors).decoded
    let escapes = try escape?.evaluate(batch, rows: rows, errors: &errors).decoded
    return match(text.decoded, patterns, escapes, rows: rows, errors: &errors)
  }

  private func match(
    _ texts: ColumnVector,
    _ pattern: LikePattern,
    rows: Selection,
    errors: inout RowErrors
  ) -> ColumnVector {
    let source = texts.operand(as: StringView.self)
    defer { extendLifetime(texts) }
    return pattern.withMatcher { matcher in
      mapRows([texts], to: .boolean, rows: rows, range: range, errors: &errors) {
        (row: Int) throws(SQLError) -> UInt8? in bit(matcher.matches(source.bytes(row)))
      }
    }
  }

  private func match(
    _ texts: ColumnVector,
    _ patterns: ColumnVector,
    _ escapes: ColumnVector?,
    rows: Selection,
    errors: inout RowErrors
  ) -> ColumnVector {
    let arguments = [texts, patterns] + (escapes.map { [$0] } ?? [])
    defer { extendLifetime(arguments) }
    let source = texts.operand(as: StringView.self)
    let patternText = patterns.operand(as: StringView.self)
    let escapeText = escapes?.operand(as: StringView.self)
    var last: (text: StringView, escape: StringView?, pattern: LikePattern)?
    return mapRows(arguments, to: .boolean, rows: rows, range: range, errors: &errors) {
      (row: Int) throws(SQLError) -> UInt8? in
      let text = patternText[row]
      let escape = escapeText?[row]
      if let last, last.text == text, isSame(last.escape, escape) {
        return bit(last.pattern.matches(source.bytes(row)))
      }
      let compiled = try LikePattern(text.string, escape: escape?.string)
      last = (text, escape, compiled)
      return bit(compiled.matches(source.bytes(row)))
    }
  }

  private func isSame(_ left: StringView?, _ right: StringView?) -> Bool {
    guard let left, let right else { return left == nil && right == nil }
    return left == right
  }
}
