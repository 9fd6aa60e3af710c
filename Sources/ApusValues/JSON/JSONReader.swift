// JSON as RFC 8259 has it, token by token, over bytes that stay where they are.
//
// The reader looks no further than it is asked to: what stands behind the last token may be
// anything. That is both fast and what Trino does, whose functions answer as soon as they have found
// what a path asks for.
//
// Safety: loads stay below `count`; the bytes live as long as the reader is used.

/// What ends the reading of a document.
package enum JSONFailure: Error {
  case malformed
  /// Arrays and objects within one another, more than `JSONReader.depthLimit` of them.
  case tooDeep
}

package enum JSONToken: Sendable {
  case beginObject
  case endObject
  case beginArray
  case endArray
  /// The name of a member; the value comes next.
  case name
  case string
  /// A number without a point and an exponent.
  case integer
  case decimal
  case `true`
  case `false`
  case null
  /// The text is over.
  case end
}

/// Reads the tokens of a document one after the other.
package struct JSONReader {
  /// So many levels are plenty, and few enough for what visits them by recursion.
  package static let depthLimit = 1000

  private enum State {
    case root
    case firstElement
    case nextElement
    case firstMember
    case nextMember
    case memberValue
  }

  private let base: UnsafeRawPointer
  private let count: Int
  private var position = 0
  private var state = State.root
  /// The kinds of the innermost containers, the innermost lowest: 1 is an object.
  private var kinds: UInt64 = 0
  /// The kinds of those further out, 64 by 64.
  private var outerKinds: [UInt64] = []

  /// The token read last.
  package private(set) var token = JSONToken.end
  /// Where the token begins: names and strings without their quotes.
  package private(set) var start = 0
  package private(set) var end = 0
  /// Whether a backslash is in the name or string read last.
  package private(set) var hasEscapes = false
  /// How many arrays and objects are open, the one of the last token included.
  package private(set) var depth = 0
  /// Whether there was whitespace between tokens since this was last set to false.
  package var hasSeenSpace = false

  package init(_ bytes: UnsafeRawBufferPointer) {
    count = bytes.count
    // Nothing is loaded where there are no bytes.
    base = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped
  }

  /// The bytes of the token.
  package var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base + start, count: end - start)
  }

  /// Bytes of the document between two positions.
  package func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
  }

  /// Where the token with its quotes begins.
  package var outerStart: Int { token == .string || token == .name ? start - 1 : start }

  /// Where the token with its quotes ends.
  package var outerEnd: Int { token == .string || token == .name ? end + 1 : end }

  /// Reads the next token.
  @discardableResult
  package mutating func next() throws(JSONFailure) -> JSONToken {
    var byte = skipSpaces()
    switch state {
    case .root:
      guard position < count else {
        token = .end
        start = count
        end = count
        return .end
      }
    case .firstElement:
      if byte == UInt8(ascii: "]") { return close(.endArray) }
    case .nextElement:
      if byte == UInt8(ascii: "]") { return close(.endArray) }
      guard byte == UInt8(ascii: ",") else { throw .malformed }
      position += 1
      byte = skipSpaces()
    case .firstMember:
      if byte == UInt8(ascii: "}") { return close(.endObject) }
      return try readName(byte)
    case .nextMember:
      if byte == UInt8(ascii: "}") { return close(.endObject) }
      guard byte == UInt8(ascii: ",") else { throw .malformed }
      position += 1
      return try readName(skipSpaces())
    case .memberValue:
      break
    }
    try readValue(byte)
    return token
  }

  /// Goes to the last token of a value whose first one has been read.
  package mutating func skipChildren() throws(JSONFailure) {
    guard token == .beginObject || token == .beginArray else { return }
    let outside = depth - 1
    while depth > outside {
      if try next() == .end { throw .malformed }
    }
  }

  /// Returns the next byte that is no whitespace, 0 at the end.
  @inline(__always)
  private mutating func skipSpaces() -> UInt8 {
    let before = position
    while position < count {
      let byte = base.load(fromByteOffset: position, as: UInt8.self)
      guard byte <= 0x20, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else {
        if position != before { hasSeenSpace = true }
        return byte
      }
      position += 1
    }
    if position != before { hasSeenSpace = true }
    return 0
  }

  private mutating func open(_ opening: JSONToken) throws(JSONFailure) {
    guard depth < JSONReader.depthLimit else { throw .tooDeep }
    if depth > 0, depth % 64 == 0 { outerKinds.append(kinds) }
    depth += 1
    kinds = kinds << 1 | (opening == .beginObject ? 1 : 0)
    state = opening == .beginObject ? .firstMember : .firstElement
    accept(opening, byteCount: 1)
  }

  private mutating func close(_ closing: JSONToken) -> JSONToken {
    depth -= 1
    kinds >>= 1
    if depth > 0, depth % 64 == 0, let outer = outerKinds.popLast() { kinds = outer }
    accept(closing, byteCount: 1)
    finishValue()
    return closing
  }

  private mutating func accept(_ token: JSONToken, byteCount: Int) {
    self.token = token
    start = position
    position += byteCount
    end = position
  }

  /// Prepares for what follows a whole value.
  @inline(__always)
  private mutating func finishValue() {
    state = depth == 0 ? .root : kinds & 1 == 1 ? .nextMember : .nextElement
  }

  private mutating func readName(_ byte: UInt8) throws(JSONFailure) -> JSONToken {
    guard byte == UInt8(ascii: "\"") else { throw .malformed }
    try readString()
    guard skipSpaces() == UInt8(ascii: ":") else { throw .malformed }
    position += 1
    token = .name
    state = .memberValue
    return .name
  }

  private mutating func readValue(_ byte: UInt8) throws(JSONFailure) {
    switch byte {
    case UInt8(ascii: "\""):
      try readString()
      token = .string
    case UInt8(ascii: "{"):
      return try open(.beginObject)
    case UInt8(ascii: "["):
      return try open(.beginArray)
    case UInt8(ascii: "t"):
      try readWord("true", .true)
    case UInt8(ascii: "f"):
      try readWord("false", .false)
    case UInt8(ascii: "n"):
      try readWord("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      try readNumber()
    default:
      throw .malformed
    }
    finishValue()
  }

  private mutating func readWord(_ word: StaticString, _ token: JSONToken) throws(JSONFailure) {
    let length = word.utf8CodeUnitCount
    guard count - position >= length else { throw .malformed }
    for index in 0..<length where byte(position + index) != word.utf8Start[index] {
      throw .malformed
    }
    switch byte(position + length) {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...:
      throw .malformed
    default:
      accept(token, byteCount: length)
    }
  }

  /// The byte at a position, 0 behind the end.
  @inline(__always)
  private func byte(_ position: Int) -> UInt8 {
    position < count ? base.load(fromByteOffset: position, as: UInt8.self) : 0
  }

  @inline(__always)
  private func endOfDigits(from start: Int) -> Int {
    var position = start
    while byte(position) &- UInt8(ascii: "0") <= 9 { position += 1 }
    return position
  }

  private mutating func readNumber() throws(JSONFailure) {
    let first = byte(position) == UInt8(ascii: "-") ? position + 1 : position
    var last = endOfDigits(from: first)
    guard last > first, last == first + 1 || byte(first) != UInt8(ascii: "0") else {
      throw .malformed
    }
    var token = JSONToken.integer
    if byte(last) == UInt8(ascii: ".") {
      let fraction = last + 1
      last = endOfDigits(from: fraction)
      guard last > fraction else { throw .malformed }
      token = .decimal
    }
    if byte(last) | 0x20 == UInt8(ascii: "e") {
      var exponent = last + 1
      if byte(exponent) == UInt8(ascii: "+") || byte(exponent) == UInt8(ascii: "-") {
        exponent += 1
      }
      last = endOfDigits(from: exponent)
      guard last > exponent else { throw .malformed }
      token = .decimal
    }
    accept(token, byteCount: last - position)
    if depth == 0, position < count {
      switch byte(position) {
      case 0x20, 0x0a, 0x0d, 0x09: break
      default: throw .malformed
      }
    }
  }

  private mutating func readString() throws(JSONFailure) {
    start = position + 1
    hasEscapes = false
    var index = start
    while true {
      // Eight bytes at a time while none of them is a quote, a backslash or a control character.
      while index + 8 <= count {
        let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: index, as: UInt64.self))
        let special = JSONReader.specials(word)
        if special != 0 {
          index += special.trailingZeroBitCount >> 3
          break
        }
        index += 8
      }
      guard index < count else { throw .malformed }
      let byte = byte(index)
      switch byte {
      case UInt8(ascii: "\""):
        end = index
        position = index + 1
        return
      case UInt8(ascii: "\\"):
        hasEscapes = true
        index = try endOfEscape(at: index)
      case 0..<0x20:
        throw .malformed
      default:
        index += 1
      }
    }
  }

  /// The high bits of the bytes that end a run of plain text; right for the lowest one that is set.
  @inline(__always)
  private static func specials(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotes = word ^ (ones &* 0x22)
    let backslashes = word ^ (ones &* 0x5c)
    let found =
      ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)
      | ((word &- ones &* 0x20) & ~word)
    return found & (ones &* 0x80)
  }

  private func endOfEscape(at backslash: Int) throws(JSONFailure) -> Int {
    switch byte(backslash + 1) {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return backslash + 2
    case UInt8(ascii: "u"):
      for digit in 2..<6 where hexadecimalDigit(byte(backslash + digit)) == nil {
        throw .malformed
      }
      return backslash + 6
    default:
      throw .malformed
    }
  }
}

/// The value of a hexadecimal digit.
private func hexadecimalDigit(_ byte: UInt8) -> UInt32? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
  case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
  case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
  default: nil
  }
}

extension JSONReader {
  /// Appends the text of a name or a string without its escapes.
  ///
  /// - Returns: whether it is text: half of a surrogate pair is none and becomes a question mark.
  @discardableResult
  package func appendText(to output: inout [UInt8]) -> Bool {
    guard hasEscapes else {
      output.append(contentsOf: bytes)
      return true
    }
    var isText = true
    var position = start
    while position < end {
      let byte = byte(position)
      guard byte == UInt8(ascii: "\\") else {
        output.append(byte)
        position += 1
        continue
      }
      position += 2
      switch self.byte(position - 1) {
      case UInt8(ascii: "b"): output.append(0x08)
      case UInt8(ascii: "f"): output.append(0x0c)
      case UInt8(ascii: "n"): output.append(0x0a)
      case UInt8(ascii: "r"): output.append(0x0d)
      case UInt8(ascii: "t"): output.append(0x09)
      case UInt8(ascii: "u"):
        var code = codeUnit(at: position)
        position += 4
        if code & 0xfc00 == 0xd800, position + 6 <= end,
          self.byte(position) == UInt8(ascii: "\\"), self.byte(position + 1) == UInt8(ascii: "u")
        {
          let low = codeUnit(at: position + 2)
          if low & 0xfc00 == 0xdc00 {
            code = 0x10000 + (code & 0x3ff) << 10 + low & 0x3ff
            position += 6
          }
        }
        if let scalar = Unicode.Scalar(code) {
          output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        } else {
          output.append(UInt8(ascii: "?"))
          isText = false
        }
      case let other: output.append(other)
      }
    }
    return isText
  }

  private func codeUnit(at position: Int) -> UInt32 {
    var code: UInt32 = 0
    for digit in 0..<4 { code = code << 4 | (hexadecimalDigit(byte(position + digit)) ?? 0) }
    return code
  }
}
