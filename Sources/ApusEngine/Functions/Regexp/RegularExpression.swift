import ApusValues
import CPCRE2

/// A regular expression made ready, by PCRE2 and its just-in-time compiler.
///
/// Athena's expressions are Java's; PCRE2's are nearly the same. `RegularExpression.translated` sees
/// to the rest: what means something else in Java is rewritten or refused. Bytes that are not UTF-8
/// match nothing.
///
/// Safety: `code` is written once, here; PCRE2 lets threads share compiled code.
final class RegularExpression: @unchecked Sendable {
  fileprivate let code: OpaquePointer
  /// The number of groups, without group 0, the whole match.
  let groupCount: Int

  /// - Throws: INVALID_FUNCTION_ARGUMENT if the pattern is none, NOT_SUPPORTED for operations between
  ///   sets of characters.
  init(_ pattern: String) throws(SQLError) {
    var translated = try RegularExpression.translated(pattern)
    var errorCode: Int32 = 0
    var offset = 0
    let options = PCRE2_UTF | UInt32(PCRE2_MATCH_INVALID_UTF) | PCRE2_NEVER_BACKSLASH_C
    let compiled = translated.withUTF8 { text in
      pcre2_compile_8(text.baseAddress, text.count, options, &errorCode, &offset, nil)
    }
    guard let compiled else {
      var message = [UInt8](repeating: 0, count: 256)
      pcre2_get_error_message_8(errorCode, &message, message.count)
      let text = String(decoding: message.prefix { $0 != 0 }, as: UTF8.self)
      throw invalidArgument("Regular expression '\(pattern)': \(text)")
    }
    code = compiled
    // Where there is no compiler for the machine, the interpreter matches.
    _ = pcre2_jit_compile_8(compiled, UInt32(PCRE2_JIT_COMPLETE))
    var groups: UInt32 = 0
    pcre2_pattern_info_8(compiled, UInt32(PCRE2_INFO_CAPTURECOUNT), &groups)
    groupCount = Int(groups)
  }

  deinit { pcre2_code_free_8(code) }

  /// Returns the number of the group with a name.
  func group(named name: String) -> Int? {
    let number = name.withCString { name in
      name.withMemoryRebound(to: UInt8.self, capacity: 1) { name in
        pcre2_substring_number_from_name_8(code, name)
      }
    }
    return number > 0 ? Int(number) : nil
  }

  /// Rewrites what PCRE2 would understand differently.
  ///
  ///     \u00e9     \x{00e9}
  ///     (*…        an error: in PCRE2 it would be a command
  ///     [a&&[^b]]  NOT_SUPPORTED: in PCRE2 it would be a set of these characters
  static func translated(_ pattern: String) throws(SQLError) -> String {
    let characters = Array(pattern.unicodeScalars)
    var output = String.UnicodeScalarView()
    var isInClass = false
    var index = 0
    while index < characters.count {
      let character = characters[index]
      let next = index + 1 < characters.count ? characters[index + 1] : nil
      if character == "\\", next == "u", let code = hexadecimal(characters[(index + 2)...]) {
        output.append(contentsOf: "\\x{\(code)}".unicodeScalars)
        index += 6
        continue
      }
      if character == "\\", next == "Q" {
        let end = endOfQuotation(characters, from: index + 2)
        output.append(contentsOf: characters[index..<end])
        index = end
        continue
      }
      output.append(character)
      index += 1
      switch (character, next) {
      case ("\\", let escaped?):
        output.append(escaped)
        index += 1
      case ("(", "*") where !isInClass:
        throw invalidArgument("Regular expression '\(pattern)': nothing to repeat before '*'")
      case ("[", ":") where isInClass:
        while index < characters.count, characters[index] != "]" {
          output.append(characters[index])
          index += 1
        }
        if index < characters.count { output.append(characters[index]) }
        index += 1
      case ("[", _) where isInClass, ("&", "&") where isInClass:
        throw SQLError(
          .notSupported,
          "Regular expression '\(pattern)': sets of characters within sets are not supported",
          hint: "a bracket or an ampersand that is meant as such is written \\[ or \\&"
        )
      case ("[", _):
        isInClass = true
        // A bracket that closes nothing yet stands for itself.
        if next == "^" {
          output.append("^")
          index += 1
        }
        if index < characters.count, characters[index] == "]" {
          output.append("]")
          index += 1
        }
      case ("]", _): isInClass = false
      default: break
      }
    }
    return String(output)
  }

  private static func hexadecimal(_ characters: ArraySlice<Unicode.Scalar>) -> String? {
    let digits = characters.prefix(4)
    guard digits.count == 4, digits.allSatisfy(\.properties.isASCIIHexDigit) else { return nil }
    return String(String.UnicodeScalarView(digits))
  }

  private static func endOfQuotation(_ characters: [Unicode.Scalar], from start: Int) -> Int {
    var index = start
    while index < characters.count {
      if characters[index] == "\\", index + 1 < characters.count, characters[index + 1] == "E" {
        return index + 2
      }
      index += 1
    }
    return index
  }
}

/// Finds the matches of one regular expression, text after text. Belongs to one thread.
///
/// Safety: the offsets are valid after a search that found something; they lie within its text.
final class RegularExpressionMatcher {
  let expression: RegularExpression
  private let data: OpaquePointer
  private let context: OpaquePointer
  private let stack: OpaquePointer?
  private let offsets: UnsafeMutablePointer<Int>

  /// The steps that PCRE2 may take for one search, so that an expression that tries everything ends.
  private static let stepLimit: UInt32 = 10_000_000
  private static let stackBytes = (32 * 1024, 1024 * 1024)

  /// - Throws: EXCEEDED_LOCAL_MEMORY_LIMIT if the machine has no memory left.
  init(_ expression: RegularExpression) throws(SQLError) {
    self.expression = expression
    guard let data = pcre2_match_data_create_from_pattern_8(expression.code, nil),
      let context = pcre2_match_context_create_8(nil)
    else {
      throw SQLError(.exceededLocalMemoryLimit, "No memory for a regular expression")
    }
    self.data = data
    self.context = context
    offsets = pcre2_get_ovector_pointer_8(data)
    pcre2_set_match_limit_8(context, RegularExpressionMatcher.stepLimit)
    let (first, most) = RegularExpressionMatcher.stackBytes
    stack = pcre2_jit_stack_create_8(first, most, nil)
    pcre2_jit_stack_assign_8(context, nil, stack.map { UnsafeMutableRawPointer($0) })
  }

  deinit {
    pcre2_match_data_free_8(data)
    pcre2_match_context_free_8(context)
    if let stack { pcre2_jit_stack_free_8(stack) }
  }

  /// Finds the first match at or after `start`; the range of the whole match, or nil.
  ///
  /// - Throws: INVALID_FUNCTION_ARGUMENT if it takes too many steps or too much memory.
  func search(_ text: UnsafeRawBufferPointer, from start: Int = 0) throws(SQLError) -> Range<Int>? {
    let nothing = UnsafeRawPointer(offsets)
    let bytes = (text.baseAddress ?? nothing).assumingMemoryBound(to: UInt8.self)
    let result = pcre2_match_8(expression.code, bytes, text.count, start, 0, data, context)
    if result > 0 { return offsets[0]..<max(offsets[0], offsets[1]) }
    if result == PCRE2_ERROR_NOMATCH { return nil }
    throw invalidArgument("The regular expression takes too many steps for a text")
  }

  /// Returns the place of a group of the last match, nil if the group is not part of it.
  @inline(__always)
  func group(_ number: Int) -> Range<Int>? {
    let start = offsets[2 * number]
    let end = offsets[2 * number + 1]
    return start >= 0 && start <= end ? start..<end : nil
  }

  /// Calls `body` with each match of a text, in order, until it returns false. After an empty match
  /// the search goes on behind the next character.
  func visit(
    _ text: UnsafeRawBufferPointer,
    from start: Int = 0,
    _ body: (Range<Int>) throws(SQLError) -> Bool
  ) throws(SQLError) {
    var position = start
    while position <= text.count, let match = try search(text, from: position) {
      guard try body(match) else { return }
      position = match.upperBound
      if match.isEmpty {
        position += 1
        while position < text.count, text[position] & 0xc0 == 0x80 { position += 1 }
      }
    }
  }
}
