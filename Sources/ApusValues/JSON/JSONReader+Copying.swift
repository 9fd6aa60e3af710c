extension JSONReader {
  /// Goes to the last token of a value whose first one has been read, and gives the value as
  /// `JSONText` has it, members in the order in which they stand.
  ///
  /// - Returns: where it lies in the document, if it is there in just that form; nil if it was
  ///   appended to `output`.
  package mutating func readValue(orAppendTo output: inout [UInt8], scratch: inout [UInt8])
    throws(JSONFailure) -> Range<Int>?
  {
    let first = self
    let start = outerStart
    if try isVerbatimValue() { return start..<outerEnd }
    self = first
    try appendValue(to: &output, scratch: &scratch)
    return nil
  }

  private mutating func isVerbatimValue() throws(JSONFailure) -> Bool {
    guard token == .beginObject || token == .beginArray else { return isVerbatim }
    let outside = depth - 1
    var isVerbatim = true
    hasSeenSpace = false
    while depth > outside {
      if try next() == .end { throw .malformed }
      isVerbatim = isVerbatim && self.isVerbatim
    }
    return isVerbatim && !hasSeenSpace
  }

  /// Appends the value whose first token has been read, and goes to its last one.
  package mutating func appendValue(to output: inout [UInt8], scratch: inout [UInt8])
    throws(JSONFailure)
  {
    let outside = token == .beginObject || token == .beginArray ? depth - 1 : depth
    var needsComma = false
    while true {
      switch token {
      case .endArray:
        output.append(UInt8(ascii: "]"))
        needsComma = true
      case .endObject:
        output.append(UInt8(ascii: "}"))
        needsComma = true
      case .beginArray, .beginObject:
        if needsComma { output.append(UInt8(ascii: ",")) }
        output.append(token == .beginArray ? UInt8(ascii: "[") : UInt8(ascii: "{"))
        needsComma = false
      case .end:
        throw .malformed
      default:
        if needsComma { output.append(UInt8(ascii: ",")) }
        needsComma = token != .name
        guard appendScalar(to: &output, scratch: &scratch) else { throw .malformed }
        if token == .name { output.append(UInt8(ascii: ":")) }
      }
      if depth == outside, token != .name { return }
      try next()
    }
  }
}
