import ApusPlanner
import ApusValues
import ApusVectors

/// `trim(text)`, `ltrim(text)`, `rtrim(text)`, each also with the characters to remove.
enum Trim: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("trim('  ab  ')", "ab"),
      FunctionExample("trim('xxabx', 'x')", "ab"),
      FunctionExample("ltrim('  ab') || '|'", "ab|"),
      FunctionExample("ltrim('001230', '0')", "1230"),
      FunctionExample("rtrim('ab  ') || '|'", "ab|"),
      FunctionExample("rtrim('1.500', '0')", "1.5"),
    ]
  }

  static let overloads: [ScalarOverload] =
    overloads("trim", atStart: true, atEnd: true, "at both ends")
    + overloads("ltrim", atStart: true, atEnd: false, "at the start")
    + overloads("rtrim", atStart: false, atEnd: true, "at the end")

  private static func overloads(_ name: String, atStart: Bool, atEnd: Bool, _ place: String)
    -> [ScalarOverload]
  {
    [
      .text(.shorterText(name, [.anyVarchar], "Removes whitespace \(place).")) { arguments in
        let text = arguments[0].texts
        return { row, _ throws(SQLError) -> StringView? in
          trim(text.bytes(row), atStart: atStart, atEnd: atEnd) { $0.properties.isWhitespace }
        }
      },
      .text(
        .shorterText(name, [.anyVarchar, .anyVarchar], "Removes the given characters \(place).")
      ) { arguments in
        let text = arguments[0].texts
        let removed = arguments[1].texts
        return { row, _ throws(SQLError) -> StringView? in
          let set = scalars(removed.bytes(row))
          return trim(text.bytes(row), atStart: atStart, atEnd: atEnd) { set.contains($0) }
        }
      },
    ]
  }

  private static func trim(
    _ bytes: UnsafeRawBufferPointer,
    atStart: Bool,
    atEnd: Bool,
    _ isRemoved: (Unicode.Scalar) -> Bool
  ) -> StringView {
    var start = 0
    var end = bytes.count
    while atStart, start < end {
      let width = scalarWidth(bytes, at: start, limit: end)
      guard let scalar = decode(bytes, start, width), isRemoved(scalar) else { break }
      start += width
    }
    while atEnd, end > start {
      var first = end - 1
      while first > start, bytes[first] & 0xc0 == 0x80 { first -= 1 }
      guard let scalar = decode(bytes, first, end - first), isRemoved(scalar) else { break }
      end = first
    }
    return StringView(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
  }

  private static func scalarWidth(_ bytes: UnsafeRawBufferPointer, at start: Int, limit: Int) -> Int
  {
    var end = start + 1
    while end < limit, bytes[end] & 0xc0 == 0x80 { end += 1 }
    return end - start
  }

  private static func decode(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ width: Int)
    -> Unicode.Scalar?
  {
    if width == 1, bytes[start] < 0x80 { return Unicode.Scalar(bytes[start]) }
    let part = UnsafeRawBufferPointer(rebasing: bytes[start..<(start + width)])
    return String(decoding: part, as: UTF8.self).unicodeScalars.first
  }
}
