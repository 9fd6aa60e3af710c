import ApusValues

/// A format string of `format`, as Java's `Formatter` reads it, taken apart once.
///
///     '%1$,-10.2f'   % argument 1, grouped, to the left of 10 characters, 2 places
struct JavaFormat: Sendable {
  struct Specifier: Sendable {
    var text: String
    /// Counted from 0; nil for the next argument.
    var argument: Int?
    /// Whether it takes the argument of the specifier before it, `%<s`.
    var isRelative = false
    var flags: Set<Unicode.Scalar> = []
    var width: Int?
    var precision: Int?
    var conversion: Unicode.Scalar
    /// The second letter of a date's conversion.
    var dateConversion: Unicode.Scalar?
  }

  enum Item: Sendable {
    case literal(String)
    case specifier(Specifier)
  }

  let pattern: String
  let items: [Item]

  /// - Throws: INVALID_FUNCTION_ARGUMENT for what is no format.
  init(_ pattern: String) throws(SQLError) {
    self.pattern = pattern
    var items: [Item] = []
    var literal = String.UnicodeScalarView()
    let scalars = Array(pattern.unicodeScalars)
    var index = 0
    while index < scalars.count {
      guard scalars[index] == "%" else {
        literal.append(scalars[index])
        index += 1
        continue
      }
      if !literal.isEmpty {
        items.append(.literal(String(literal)))
        literal = String.UnicodeScalarView()
      }
      guard let (specifier, end) = JavaFormat.specifier(scalars, at: index) else {
        let letter = scalars[(index + 1)...].first {
          !"0123456789$,-+ #(.<".unicodeScalars.contains($0)
        }
        throw JavaFormat.refusal(
          pattern,
          "UnknownFormatConversion: Conversion = '\(letter.map { String($0) } ?? "%")'"
        )
      }
      items.append(.specifier(specifier))
      index = end
    }
    if !literal.isEmpty { items.append(.literal(String(literal))) }
    self.items = items
  }

  static func refusal(_ pattern: String, _ why: String) -> SQLError {
    invalidArgument("Invalid format string: \(pattern) (\(why))")
  }

  private static func specifier(_ scalars: [Unicode.Scalar], at start: Int)
    -> (Specifier, end: Int)?
  {
    var index = start + 1
    var result = Specifier(text: "", conversion: "s")
    // Digits before a dollar sign are the argument, else the width; a zero first is a flag.
    if index < scalars.count, scalars[index] == "<" {
      result.isRelative = true
      index += 1
    } else {
      var end = index
      let number = readNumber(scalars, &end)
      if let number, end < scalars.count, scalars[end] == "$" {
        guard number > 0 else { return nil }
        result.argument = number - 1
        index = end + 1
      }
    }
    while index < scalars.count, "-#+ 0,(".unicodeScalars.contains(scalars[index]) {
      guard result.flags.insert(scalars[index]).inserted else { return nil }
      index += 1
    }
    result.width = readNumber(scalars, &index)
    if index < scalars.count, scalars[index] == "." {
      index += 1
      guard let precision = readNumber(scalars, &index) else { return nil }
      result.precision = precision
    }
    guard index < scalars.count else { return nil }
    result.conversion = scalars[index]
    index += 1
    if result.conversion == "t" || result.conversion == "T" {
      guard index < scalars.count else { return nil }
      result.dateConversion = scalars[index]
      index += 1
    }
    guard "bBhHsScCdoxXeEfgGaAtT%n".unicodeScalars.contains(result.conversion) else { return nil }
    var text = String.UnicodeScalarView()
    text += scalars[start..<index]
    result.text = String(text)
    return (result, index)
  }

  /// Up to six digits: no result is longer.
  private static func readNumber(_ scalars: [Unicode.Scalar], _ index: inout Int) -> Int? {
    let digits = scalars[index...].prefix { ("0"..."9").contains($0) }
    guard (1...6).contains(digits.count) else { return nil }
    index = digits.endIndex
    return digits.reduce(0) { $0 * 10 + Int($1.value) - 48 }
  }
}
