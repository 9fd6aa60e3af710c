import ApusPlanner
import ApusValues
import ApusVectors

/// `regexp_replace(text, pattern)`, `regexp_replace(text, pattern, replacement)`: replaces all
/// matches. In the replacement, `$1` and `${name}` stand for groups; a backslash takes the meaning of
/// the character behind it. `regexp_replace(text, pattern, groups -> …)` replaces each match by what a
/// lambda makes of the array of its groups.
enum RegexpReplace: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("regexp_replace('1a 2b 14m', '[0-9]+[ab] ')", "14m"),
      FunctionExample("regexp_replace('1a 2b', '([0-9])([a-z])', '$2$1')", "a1 b2"),
      FunctionExample(
        #"regexp_replace('new york', '(\w)(\w*)', x -> upper(x[1]) || x[2])"#,
        "New York"
      ),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .regexpText(
      .shorterText(
        "regexp_replace",
        [.anyVarchar, .anyVarchar],
        "Removes all matches of a regular expression."
      )
    ) { arguments, matchers in
      let text = arguments[0].texts
      var output: [UInt8] = []
      return { row, heap throws(SQLError) -> StringView? in
        let matcher = try matchers.matcher(row)
        return try replace(text.bytes(row), matcher, heap, &output) { _ throws(SQLError) in }
      }
    },
    .regexpText(
      .text(
        "regexp_replace",
        [.anyVarchar, .anyVarchar, .anyVarchar],
        "Replaces all matches of a regular expression; $1 is a group."
      )
    ) { arguments, matchers in
      let text = arguments[0].texts
      let replacements = arguments[2].texts
      var output: [UInt8] = []
      var last: (text: StringView, expression: RegularExpression, template: RegexpTemplate)?
      return { row, heap throws(SQLError) -> StringView? in
        let matcher = try matchers.matcher(row)
        let source = text.bytes(row)
        return try replace(source, matcher, heap, &output) { output throws(SQLError) in
          let replacement = replacements[row]
          if let last, last.text == replacement, last.expression === matcher.expression {
            last.template.append(matcher, of: source, to: &output)
            return
          }
          let template = try RegexpTemplate(replacements.bytes(row), matcher.expression)
          template.append(matcher, of: source, to: &output)
          last = (replacement, matcher.expression, template)
        }
      }
    },
    ScalarOverload(
      .text(
        "regexp_replace",
        [.anyVarchar, .anyVarchar, .function([.array(.type(.text))], .type(.text))],
        "Replaces all matches of a regular expression by what a lambda makes of their groups."
      )
    ) { call throws(SQLError) in
      let pattern = RegexpPattern(call)
      let lambda = try call.lambda(2)
      return BatchEvaluator { arguments, rows, errors throws(SQLError) in
        let isWanted = rows.filter { !arguments[0].isNull($0) && !arguments[1].isNull($0) }
        let matches = RegexpMatches(
          arguments[0],
          RegexpMatchers(pattern, arguments[1]),
          rows: isWanted,
          range: call.range,
          errors: &errors
        )
        let replacements = try lambda.evaluate(
          [matches.groups],
          captured: arguments[3...],
          rows: matches.rows,
          errors: &errors
        ).decoded
        // A row that fails is NULL, whichever of its matches did.
        let failed = Set(errors.entries.map(\.row))
        let isWhole = failed.isEmpty ? isWanted : isWanted.filter { !failed.contains($0) }
        return matches.replaced(by: replacements, in: arguments[0], rows: isWhole)
      }
    },
  ]

  /// - Parameter append: writes what stands for the match that was found last.
  private static func replace(
    _ text: UnsafeRawBufferPointer,
    _ matcher: RegularExpressionMatcher,
    _ heap: StringHeap,
    _ output: inout [UInt8],
    _ append: (inout [UInt8]) throws(SQLError) -> Void
  ) throws(SQLError) -> StringView {
    output.removeAll(keepingCapacity: true)
    var copied = 0
    var isFound = false
    try matcher.visit(text) { match throws(SQLError) in
      isFound = true
      output.append(contentsOf: text[copied..<match.lowerBound])
      try append(&output)
      copied = match.upperBound
      return true
    }
    if !isFound { return StringView(text) }
    output.append(contentsOf: text[copied...])
    return output.withUnsafeBytes { heap.store($0) }
  }
}

/// A replacement made ready: texts and groups in turn.
struct RegexpTemplate {
  /// A text, whose place in `bytes` is `range`, and the group behind it, -1 for none.
  private struct Piece {
    var range: Range<Int>
    var group: Int
  }

  private var bytes: [UInt8] = []
  private var pieces: [Piece] = []

  /// - Throws: INVALID_FUNCTION_ARGUMENT if there is no such group, or nothing behind `$` or `\`.
  init(_ replacement: UnsafeRawBufferPointer, _ expression: RegularExpression) throws(SQLError) {
    let illegal = { (detail: String) in
      let text = String(decoding: replacement, as: UTF8.self)
      return invalidArgument("Illegal replacement sequence: \(text)\(detail)")
    }
    let digit = { (index: Int) -> Int? in
      guard index < replacement.count, 48...57 ~= replacement[index] else { return nil }
      return Int(replacement[index]) - 48
    }
    var start = 0
    var index = 0
    while index < replacement.count {
      let byte = replacement[index]
      index += 1
      switch byte {
      case UInt8(ascii: "\\"):
        guard index < replacement.count else { throw illegal("") }
        bytes.append(replacement[index])
        index += 1
      case UInt8(ascii: "$"):
        var group: Int
        if index < replacement.count, replacement[index] == UInt8(ascii: "{") {
          guard let end = replacement[index...].firstIndex(of: UInt8(ascii: "}")) else {
            throw illegal("")
          }
          let name = String(decoding: replacement[(index + 1)..<end], as: UTF8.self)
          guard let number = expression.group(named: name) else {
            throw illegal(": unknown group { \(name) }")
          }
          group = number
          index = end + 1
        } else {
          guard let first = digit(index) else { throw illegal("") }
          group = first
          guard group <= expression.groupCount else { throw illegal(": unknown group \(group)") }
          index += 1
          // More digits belong to the number as long as there is such a group.
          while let next = digit(index), group * 10 + next <= expression.groupCount {
            group = group * 10 + next
            index += 1
          }
        }
        pieces.append(Piece(range: start..<bytes.count, group: group))
        start = bytes.count
      default: bytes.append(byte)
      }
    }
    pieces.append(Piece(range: start..<bytes.count, group: -1))
  }

  /// Writes the replacement of the matcher's last match in `text`.
  func append(
    _ matcher: RegularExpressionMatcher,
    of text: UnsafeRawBufferPointer,
    to output: inout [UInt8]
  ) {
    for piece in pieces {
      output.append(contentsOf: bytes[piece.range])
      if piece.group >= 0, let group = matcher.group(piece.group) {
        output.append(contentsOf: text[group])
      }
    }
  }
}
