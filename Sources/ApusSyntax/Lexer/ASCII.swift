/// Names the bytes that the lexer looks for, and their classes.
enum ASCII {
  static let tab = UInt8(ascii: "\t")
  static let newline = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let space = UInt8(ascii: " ")
  static let quote = UInt8(ascii: "'")
  static let doubleQuote = UInt8(ascii: "\"")
  static let backquote = UInt8(ascii: "`")
  static let backslash = UInt8(ascii: "\\")
  static let underscore = UInt8(ascii: "_")
  static let point = UInt8(ascii: ".")
  static let plus = UInt8(ascii: "+")
  static let minus = UInt8(ascii: "-")
  static let star = UInt8(ascii: "*")
  static let slash = UInt8(ascii: "/")
  static let bar = UInt8(ascii: "|")
  static let less = UInt8(ascii: "<")
  static let equal = UInt8(ascii: "=")
  static let greater = UInt8(ascii: ">")
  static let bang = UInt8(ascii: "!")
  static let ampersand = UInt8(ascii: "&")
  static let colon = UInt8(ascii: ":")
  static let tilde = UInt8(ascii: "~")
  static let dollar = UInt8(ascii: "$")
  static let zero = UInt8(ascii: "0")
  static let nine = UInt8(ascii: "9")
  static let a = UInt8(ascii: "a")
  static let e = UInt8(ascii: "e")
  static let f = UInt8(ascii: "f")
  static let u = UInt8(ascii: "u")
  static let x = UInt8(ascii: "x")
  static let z = UInt8(ascii: "z")
  /// Makes an ASCII letter small.
  static let lowerCaseBit: UInt8 = 0x20

  static func isDigit(_ byte: UInt8) -> Bool { byte >= zero && byte <= nine }

  static func isWordStart(_ byte: UInt8) -> Bool {
    let letter = byte | lowerCaseBit
    return (letter >= a && letter <= z) || byte == underscore
  }

  static func isWord(_ byte: UInt8) -> Bool { isWordStart(byte) || isDigit(byte) }

  /// The value of a hexadecimal digit; nil for any other byte.
  static func hexadecimal(_ byte: UInt8) -> UInt8? {
    if isDigit(byte) { return byte - zero }
    let letter = byte | lowerCaseBit
    return letter >= a && letter <= f ? letter - a + 10 : nil
  }
}
