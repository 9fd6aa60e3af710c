/// Brings documents into the one form that `json` values have, so that equal ones are equal bytes:
/// no whitespace, members sorted by name, the last of equal names only, numbers as `JSONText` says.
///
/// Names are in the order of their UTF-16 code units, as Java sorts them. What is in that form
/// already is not copied.
package struct JSONNormalizer {
  /// A member of an object being written.
  private struct Member {
    /// The name without escapes, within `names`.
    var name: Range<Int>
    /// Name, colon and value, within `output`.
    var text: Range<Int>
  }

  private var output: [UInt8] = []
  private var scratch: [UInt8] = []
  private var names: [UInt8] = []
  private var members: [Member] = []
  /// While looking only: the last name in each open container, none at the document's first byte.
  private var lastNames: [Range<Int>] = []

  package init() {}

  /// Calls `body` with the normalized document, which is valid during the call only unless it lies
  /// within `bytes`.
  package mutating func normalize<Result>(
    _ bytes: UnsafeRawBufferPointer,
    _ body: (UnsafeRawBufferPointer) -> Result
  ) throws(JSONFailure) -> Result {
    var reader = JSONReader(bytes)
    if try isNormal(&reader) { return body(bytes) }
    reader = JSONReader(bytes)
    output.removeAll(keepingCapacity: true)
    names.removeAll(keepingCapacity: true)
    members.removeAll(keepingCapacity: true)
    try reader.next()
    try write(&reader)
    guard try reader.next() == .end else { throw .malformed }
    return output.withUnsafeBytes { body($0) }
  }

  /// Returns the normalized document.
  package static func normalize(_ text: String) throws(JSONFailure) -> String {
    var normalizer = JSONNormalizer()
    let result = Array(text.utf8).withUnsafeBytes { bytes -> Result<String, JSONFailure> in
      do throws(JSONFailure) {
        return .success(try normalizer.normalize(bytes) { String(decoding: $0, as: UTF8.self) })
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// Returns whether a document is as `normalize` would leave it.
  ///
  /// - Throws: if it is none; not all that is wrong is met before the answer is false.
  private mutating func isNormal(_ reader: inout JSONReader) throws(JSONFailure) -> Bool {
    lastNames.removeAll(keepingCapacity: true)
    if try reader.next() == .end { throw .malformed }
    while reader.token != .end {
      switch reader.token {
      case .beginObject, .beginArray: lastNames.append(0..<0)
      case .endObject, .endArray: lastNames.removeLast()
      case .name:
        let name = reader.start..<reader.end
        if let last = lastNames.popLast(), last.lowerBound > 0,
          JSONNormalizer.compareNames(reader.slice(last), reader.slice(name)) >= 0
        {
          return false
        }
        lastNames.append(name)
        fallthrough
      default:
        guard reader.isVerbatim else { return false }
      }
      let wasOutside = reader.depth == 0
      try reader.next()
      if wasOutside, reader.token != .end { throw .malformed }
    }
    return !reader.hasSeenSpace
  }

  /// Writes the value whose first token has been read.
  private mutating func write(_ reader: inout JSONReader) throws(JSONFailure) {
    switch reader.token {
    case .beginArray:
      output.append(UInt8(ascii: "["))
      var isFirst = true
      while try reader.next() != .endArray {
        if !isFirst { output.append(UInt8(ascii: ",")) }
        isFirst = false
        try write(&reader)
      }
      output.append(UInt8(ascii: "]"))
    case .beginObject:
      try writeObject(&reader)
    case .end, .endArray, .endObject, .name:
      throw .malformed
    default:
      guard reader.appendScalar(to: &output, scratch: &scratch) else { throw .malformed }
    }
  }

  private mutating func writeObject(_ reader: inout JSONReader) throws(JSONFailure) {
    output.append(UInt8(ascii: "{"))
    let firstMember = members.count
    let firstName = names.count
    let start = output.count
    var isAscending = true
    while try reader.next() != .endObject {
      let nameStart = names.count
      guard reader.appendText(to: &names) else { throw .malformed }
      let name = nameStart..<names.count
      if members.count > firstMember {
        output.append(UInt8(ascii: ","))
        isAscending = isAscending && compare(members[members.count - 1].name, name) < 0
      }
      let textStart = output.count
      guard reader.appendScalar(to: &output, scratch: &scratch) else { throw .malformed }
      output.append(UInt8(ascii: ":"))
      let member = members.count
      members.append(Member(name: name, text: textStart..<textStart))
      try reader.next()
      try write(&reader)
      members[member].text = textStart..<output.count
    }
    if !isAscending { sort(from: firstMember, textFrom: start) }
    members.removeSubrange(firstMember...)
    names.removeSubrange(firstName...)
    output.append(UInt8(ascii: "}"))
  }

  /// Puts the members of an object into the order of their names.
  private mutating func sort(from firstMember: Int, textFrom start: Int) {
    let sorted = members[firstMember...].sorted { left, right in
      let order = compare(left.name, right.name)
      return order == 0 ? left.text.lowerBound < right.text.lowerBound : order < 0
    }
    let written = Array(output[start...])
    output.removeSubrange(start...)
    for (index, member) in sorted.enumerated() {
      // The last of equal names counts.
      if index + 1 < sorted.count, compare(member.name, sorted[index + 1].name) == 0 { continue }
      if output.count > start { output.append(UInt8(ascii: ",")) }
      output += written[(member.text.lowerBound - start)..<(member.text.upperBound - start)]
    }
  }

  private func compare(_ left: Range<Int>, _ right: Range<Int>) -> Int {
    names.withUnsafeBytes { names in
      JSONNormalizer.compareNames(
        UnsafeRawBufferPointer(rebasing: names[left]),
        UnsafeRawBufferPointer(rebasing: names[right])
      )
    }
  }

  /// Compares UTF-8 in the order of its UTF-16 code units.
  package static func compareNames(
    _ left: UnsafeRawBufferPointer,
    _ right: UnsafeRawBufferPointer
  ) -> Int {
    for (a, b) in zip(left, right) where a != b {
      // Code points from U+10000 on are surrogates in UTF-16, which come before U+E000.
      return a >= 0xee && b >= 0xee && (a >= 0xf0) != (b >= 0xf0)
        ? (a >= 0xf0 ? -1 : 1) : Int(a) - Int(b)
    }
    return left.count - right.count
  }
}
