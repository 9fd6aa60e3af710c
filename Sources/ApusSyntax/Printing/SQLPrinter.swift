/// Writes a tree as SQL on one line: keywords in capitals, parentheses only where they matter.
///
/// The text of a tree that the parser gave parses to an equal tree. What words can say in several
/// ways is said in one: `a != b` becomes `a <> b`, `SUBSTRING(s FROM 2)` becomes `substr(s, 2)`,
/// an alias always has its AS.
///
///     SQLPrinter.text(of: try parseExpression("not (A+1)*2 != b"))  // NOT (a + 1) * 2 <> b
public struct SQLPrinter {
  private(set) var text = ""
  /// The positions of the parameters written so far, in the order of the text.
  private(set) var parameters: [Int] = []
  /// Whether texts are written Hive's way, as the lexer reads them where this is set.
  var isHive = false
  /// Whether parameters are written as `$1`.
  private var numbersParameters = false
  /// Whether `1.5` is written as `DECIMAL '1.5'`.
  private(set) var spellsDecimals = false

  init() {}

  public static func text(of statement: Statement) -> String { text { $0.print(statement) } }

  public static func text(of query: Query) -> String { text { $0.print(query) } }

  /// Writes a query so that it means the same wherever it is read: where a number such as `1.5` is a
  /// decimal, as in PostgreSQL, it becomes `DECIMAL '1.5'`, for alone it would be a double.
  public static func text(of query: Query, decimalsAreExact: Bool) -> String {
    text {
      $0.spellsDecimals = decimalsAreExact
      $0.print(query)
    }
  }

  public static func text(of expression: Expression) -> String { text { $0.print(expression) } }

  public static func text(of type: TypeName) -> String {
    var printer = SQLPrinter()
    printer.print(type)
    return printer.text
  }

  public static func text(of name: QualifiedName) -> String {
    var printer = SQLPrinter()
    printer.print(name)
    return printer.text
  }

  /// Writes what may have parameters: those that do not count on from left to right, or come
  /// again, are PostgreSQL's and have their numbers.
  private static func text(_ body: (inout SQLPrinter) -> Void) -> String {
    var printer = SQLPrinter()
    body(&printer)
    guard printer.parameters != Array(printer.parameters.indices) else { return printer.text }
    var numbering = SQLPrinter()
    numbering.numbersParameters = true
    body(&numbering)
    return numbering.text
  }

  mutating func write(_ part: String) { text += part }

  mutating func write(_ part: SQLPrinter) {
    text += part.text
    parameters += part.parameters
  }

  mutating func print(_ parameter: Parameter) {
    text += numbersParameters ? "$\(parameter.index + 1)" : "?"
    parameters.append(parameter.index)
  }

  /// Returns what `body` writes, apart.
  func part(_ body: (inout SQLPrinter) -> Void) -> SQLPrinter {
    var printer = SQLPrinter()
    printer.numbersParameters = numbersParameters
    printer.spellsDecimals = spellsDecimals
    body(&printer)
    return printer
  }

  /// Whether parameters count on from here to `next`; else the two have to change places.
  func isInOrder(before next: SQLPrinter) -> Bool {
    guard let last = parameters.max(), let first = next.parameters.min() else { return true }
    return last < first
  }

  /// Writes the elements with ", " between them.
  mutating func list<Element>(_ elements: [Element], _ body: (inout Self, Element) -> Void) {
    for (position, element) in elements.enumerated() {
      if position > 0 { write(", ") }
      body(&self, element)
    }
  }

  /// Writes what `body` writes, in parentheses.
  mutating func parenthesized(_ body: (inout Self) -> Void) {
    write("(")
    body(&self)
    write(")")
  }
}

// Names, texts and types.
extension SQLPrinter {
  mutating func print(_ identifier: Identifier) { print(identifier, except: []) }

  /// Writes a name; in quotes if it had them, or if it would not be a name without them.
  mutating func print(_ identifier: Identifier, except exceptions: Set<Keyword>) {
    let isBare = !identifier.isQuoted && Self.isName(identifier.value, except: exceptions)
    write(isBare ? identifier.value : Self.quoted(identifier.value))
  }

  mutating func print(_ name: QualifiedName) {
    for (position, part) in name.parts.enumerated() {
      if position > 0 { write(".") }
      print(part)
    }
  }

  mutating func print(_ name: TableName) {
    switch name {
    case .name(let name): print(name)
    case .path(let path): print(path)
    }
  }

  mutating func print(_ literal: StringLiteral) {
    let text = Self.quoted(text: literal.value)
    write(
      isHive
        ? text.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: #"\\"#)
        : text
    )
  }

  mutating func identifiers(_ identifiers: [Identifier]) {
    parenthesized { $0.list(identifiers) { $0.print($1) } }
  }

  /// In backquotes a backslash is a character like others wherever the name stands.
  static func quoted(_ name: String) -> String {
    quoted(name, name.unicodeScalars.contains("\\") ? "`" : "\"")
  }

  static func quoted(text: String) -> String { quoted(text, "'") }

  private static func quoted(_ content: String, _ quote: Unicode.Scalar) -> String {
    var result = String.UnicodeScalarView([quote])
    for scalar in content.unicodeScalars {
      if scalar == quote { result.append(quote) }
      result.append(scalar)
    }
    result.append(quote)
    return String(result)
  }

  /// Whether a word is a name as it stands, and means itself.
  static func isName(_ word: String, except exceptions: Set<Keyword>) -> Bool {
    let bytes = Array(word.utf8)
    guard let first = bytes.first, ASCII.isWordStart(first),
      bytes.allSatisfy({ ASCII.isWord($0) && !(UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0) })
    else { return false }
    guard let keyword = Keyword(uppercased: word.uppercased()) else { return true }
    return !keyword.isReserved && !exceptions.contains(keyword)
  }

  mutating func print(_ type: TypeName) {
    switch type.name {
    case "struct" where type.hasOnlyFields:
      write("struct<")
      list(type.parameters) { $0.printStructField($1) }
      write(">")
    case "row" where !type.parameters.isEmpty && !type.hasNumbers:
      write("row")
      printParameters(of: type)
    case "time with time zone", "timestamp with time zone":
      write(type.name.hasPrefix("timestamp") ? "timestamp" : "time")
      printParameters(of: type)
      write(" with time zone")
    case "time", "timestamp":
      write(type.parameters.count > 1 ? Self.quoted(type.name) : type.name)
      printParameters(of: type)
    case "double precision":
      write(type.name)
    case _ where type.name.hasPrefix("interval ") && type.parameters.isEmpty:
      write(type.name)
    default:
      let isBare = Self.isName(type.name, except: Parser.notSimpleTypes)
      write(isBare ? type.name : Self.quoted(type.name))
      printParameters(of: type)
    }
  }

  private mutating func printParameters(of type: TypeName) {
    guard !type.parameters.isEmpty else { return }
    parenthesized { printer in
      printer.list(type.parameters) { printer, parameter in
        switch parameter {
        case .number(let number): printer.write(String(number.value))
        case .type(let type): printer.print(type)
        case .field(let field):
          printer.print(field.name)
          printer.write(" ")
          printer.print(field.type)
        }
      }
    }
  }

  private mutating func printStructField(_ parameter: TypeParameter) {
    guard case .field(let field) = parameter else { return }
    print(field.name)
    write(":")
    print(field.type)
  }
}

extension TypeName {
  fileprivate var hasOnlyFields: Bool {
    !parameters.isEmpty
      && parameters.allSatisfy {
        if case .field = $0 { true } else { false }
      }
  }

  fileprivate var hasNumbers: Bool {
    parameters.contains {
      if case .number = $0 { true } else { false }
    }
  }
}

extension Statement: CustomStringConvertible {
  public var description: String { SQLPrinter.text(of: self) }
}

extension Query: CustomStringConvertible {
  public var description: String { SQLPrinter.text(of: self) }
}

extension Expression: CustomStringConvertible {
  public var description: String { SQLPrinter.text(of: self) }
}

extension TypeName: CustomStringConvertible {
  public var description: String { SQLPrinter.text(of: self) }
}

extension QualifiedName: CustomStringConvertible {
  public var description: String { SQLPrinter.text(of: self) }
}
