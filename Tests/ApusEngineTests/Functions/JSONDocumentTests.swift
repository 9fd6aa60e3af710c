import ApusValues
import Testing

@Suite("JSON documents")
struct JSONDocumentTests {
  @Test("random documents keep their meaning")
  func randomDocuments() throws {
    for seed in 0..<200 {
      var generator = SeededGenerator(seed: UInt64(seed))
      let document = RandomDocument.make(depth: 4, using: &generator)
      let loose = document.text(isLoose: true, using: &generator)
      let normal = try JSONNormalizer.normalize(loose)
      #expect(normal == document.text(isLoose: false, using: &generator), "seed \(seed): \(loose)")
      #expect(try JSONNormalizer.normalize(normal) == normal, "seed \(seed)")
    }
  }

  @Test("what is cut off is malformed")
  func prefixes() throws {
    var generator = SeededGenerator(seed: 1)
    let text =
      "["
      + RandomDocument.make(depth: 4, using: &generator)
      .text(isLoose: true, using: &generator) + "]"
    for count in 0..<text.unicodeScalars.count {
      let prefix = String(text.unicodeScalars.prefix(count))
      #expect(throws: JSONFailure.self, "\(prefix)") { try JSONNormalizer.normalize(prefix) }
    }
  }

  @Test("no bytes make the reader trap")
  func randomBytes() {
    let likely = Array("{}[]\",:\\u0019eE+-.trufalsn \n/d8".utf8)
    for seed in 0..<1000 {
      var generator = SeededGenerator(seed: UInt64(seed))
      let count = Int.random(in: 0..<60, using: &generator)
      let bytes = (0..<count).map { _ -> UInt8 in
        Int.random(in: 0..<10, using: &generator) == 0
          ? UInt8.random(in: 0...255, using: &generator)
          : likely[Int.random(in: 0..<likely.count, using: &generator)]
      }
      visit(bytes)
    }
  }

  @Test("mutated documents do not make the reader trap")
  func mutations() {
    for seed in 0..<300 {
      var generator = SeededGenerator(seed: UInt64(seed))
      var bytes = Array(
        RandomDocument.make(depth: 3, using: &generator).text(isLoose: true, using: &generator).utf8
      )
      for _ in 0..<3 where !bytes.isEmpty {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] =
          UInt8.random(in: 0...255, using: &generator)
      }
      visit(bytes)
    }
  }

  @Test("levels have a limit")
  func depth() throws {
    let limit = JSONReader.depthLimit
    for pair in [("[", "]"), ("{\"a\":", "}")] {
      let inner = pair.0 == "[" ? "" : "1"
      let deepest =
        String(repeating: pair.0, count: limit) + inner + String(repeating: pair.1, count: limit)
      #expect(try JSONNormalizer.normalize(deepest) == deepest)
      #expect(throws: JSONFailure.tooDeep) {
        try JSONNormalizer.normalize(pair.0 + deepest + pair.1)
      }
    }
    #expect(throws: JSONFailure.tooDeep) {
      try JSONNormalizer.normalize(String(repeating: "[", count: 1_000_000))
    }
  }

  /// Reads to the end in every way there is.
  private func visit(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { bytes in
      var reader = JSONReader(bytes)
      var text: [UInt8] = []
      while let token = try? reader.next(), token != .end {
        reader.appendText(to: &text)
        _ = reader.double
      }
      var skipping = JSONReader(bytes)
      while let token = try? skipping.next(), token != .end {
        if (try? skipping.skipChildren()) == nil { break }
      }
      var output: [UInt8] = []
      var scratch: [UInt8] = []
      var copying = JSONReader(bytes)
      while let token = try? copying.next(), token != .end {
        if (try? copying.readValue(orAppendTo: &output, scratch: &scratch)) == nil { break }
      }
    }
    _ = try? JSONNormalizer.normalize(String(decoding: bytes, as: UTF8.self))
  }
}

private indirect enum RandomDocument {
  case scalar(loose: String, normal: String)
  case array([RandomDocument])
  /// Names differ.
  case object([(name: String, value: RandomDocument)])

  static func make(depth: Int, using generator: inout SeededGenerator) -> RandomDocument {
    let kind = Int.random(in: 0..<(depth == 0 ? 6 : 10), using: &generator)
    let number = Int.random(in: -1_000_000...1_000_000, using: &generator)
    switch kind {
    case 0: return .scalar(loose: "null", normal: "null")
    case 1: return .scalar(loose: "true", normal: "true")
    case 2: return .scalar(loose: "\(number)", normal: "\(number)")
    case 3: return .scalar(loose: "\(number).50", normal: "\(number).5")
    case 4:
      return .scalar(loose: "\"\\u00e9\\/\(number)\\n\"", normal: "\"é/\(number)\\n\"")
    case 5: return .scalar(loose: "\"plain \(number)\"", normal: "\"plain \(number)\"")
    case 6, 7:
      let count = Int.random(in: 0..<5, using: &generator)
      return .array((0..<count).map { _ in make(depth: depth - 1, using: &generator) })
    default:
      let names = ["a", "aa", "é", "\u{e000}", "😀", "b c", "", "long enough for a heap"]
      let some = names.shuffled(using: &generator)
        .prefix(Int.random(in: 0..<names.count, using: &generator))
      return .object(some.map { ($0, make(depth: depth - 1, using: &generator)) })
    }
  }

  /// - Parameter isLoose: with whitespace, members in any order and numbers in any form.
  func text(isLoose: Bool, using generator: inout SeededGenerator) -> String {
    func space() -> String {
      isLoose ? ["", " ", "\n\t"][Int.random(in: 0..<3, using: &generator)] : ""
    }
    switch self {
    case .scalar(let loose, let normal):
      return space() + (isLoose ? loose : normal) + space()
    case .array(let elements):
      var texts: [String] = []
      for element in elements { texts.append(element.text(isLoose: isLoose, using: &generator)) }
      return space() + "[" + space() + texts.joined(separator: ",") + "]" + space()
    case .object(let members):
      let ordered =
        isLoose
        ? members : members.sorted { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) }
      var texts: [String] = []
      for member in ordered {
        let value = member.value.text(isLoose: isLoose, using: &generator)
        texts.append("\(space())\"\(member.name)\"\(space()):\(value)")
      }
      return space() + "{" + space() + texts.joined(separator: ",") + "}" + space()
    }
  }
}
