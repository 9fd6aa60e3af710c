package import ApusValues

/// Is one word, sign or literal of a text, by its place in it.
package struct Token: Hashable, Sendable {
  package var kind: TokenKind
  /// Half-open, in bytes of UTF-8 from the start of the text.
  package var range: SourceRange
  /// Whether a backslash inside its quotes escapes what follows; so it is in Hive's statements.
  package var hasEscapes = false
}

/// Says what a token is; what it says is in the text.
package enum TokenKind: Hashable, Sendable {
  case keyword(Keyword)
  case symbol(Symbol)
  /// A name as it stands that is no keyword.
  case word
  /// A name in double quotes or backquotes.
  case quotedName
  case string
  case unicodeString
  case binaryString
  /// `E'…'` with backslashes that escape; PostgreSQL's.
  case escapedString
  /// `$1`; PostgreSQL's.
  case numberedParameter
  case integer
  case decimal
  case double
  /// The end of the text; every list of tokens ends with it, or with `invalid`.
  case end
  /// What no token can be made of; the lexer's error says why.
  case invalid
}

/// Is a sign with a meaning of its own.
package enum Symbol: String, Sendable, CaseIterable {
  case leftParenthesis = "("
  case rightParenthesis = ")"
  case leftBracket = "["
  case rightBracket = "]"
  case comma = ","
  case point = "."
  case semicolon = ";"
  case leftBrace = "{"
  case rightBrace = "}"
  case colon = ":"
  case doubleColon = "::"
  case question = "?"
  case plus = "+"
  case minus = "-"
  case star = "*"
  case slash = "/"
  case percent = "%"
  case concatenate = "||"
  case equal = "="
  case notEqual = "<>"
  case notEqualBang = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case lambdaArrow = "->"
  case argumentArrow = "=>"
  case bar = "|"
  case caret = "^"
  case dollar = "$"
  // How PostgreSQL writes LIKE and regular expressions.
  case matchSign = "~"
  case matchIgnoringCase = "~*"
  case notMatch = "!~"
  case notMatchIgnoringCase = "!~*"
  case likeSign = "~~"
  case likeIgnoringCase = "~~*"
  case notLike = "!~~"
  case notLikeIgnoringCase = "!~~*"
}
