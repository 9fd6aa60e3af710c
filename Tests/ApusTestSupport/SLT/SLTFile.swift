/// A file of records, read.
package struct SLTFile: Sendable {
  package var lines: [String]
  package var records: [SLTRecord]
  /// What the file needs from a line on; the rest is skipped without it.
  package var requirements: [(need: Need, line: Int)]

  /// What a file can need.
  package enum Need: Sendable, Equatable {
    /// A path, relative to the package.
    case path(String)
    /// A function of this name.
    case function(String)
  }

  /// Reads a file's text.
  ///
  /// - Parameters:
  ///   - root: what `${ROOT}` stands for.
  ///   - scratch: what `${SCRATCH}` stands for.
  ///   - names: what the database answers to in `skipif` and `onlyif`.
  package init(text: String, root: String, scratch: String, names: Set<String>)
    throws(SLTSyntaxError)
  {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    records = []
    requirements = []
    var reader = SLTReader(
      lines: lines,
      names: names,
      variables: ["ROOT": root, "SCRATCH": scratch]
    )
    while let item = try reader.next() {
      switch item {
      case .record(let record): records.append(record)
      case .requirement(let need, let line): requirements.append((need, line))
      }
    }
  }
}

/// Goes through the lines of a file.
private struct SLTReader {
  enum Item {
    case record(SLTRecord)
    case requirement(SLTFile.Need, line: Int)
  }

  private struct Loop {
    var variable: String
    var values: [String]
    /// The line behind `foreach`.
    var start: Int
  }

  let lines: [String]
  private let names: Set<String>
  private var variables: [String: String]
  private var position = 0
  private var hashThreshold = 0
  private var loops: [Loop] = []

  init(lines: [String], names: Set<String>, variables: [String: String]) {
    self.lines = lines
    self.names = names
    self.variables = variables
  }

  mutating func next() throws(SLTSyntaxError) -> Item? {
    var skipsNext = false
    while position < lines.count {
      let line = lines[position]
      let words = line.split(separator: " ").map(String.init)
      guard let first = words.first, !first.hasPrefix("#") else {
        position += 1
        continue
      }
      switch first {
      case "hash-threshold":
        guard words.count == 2, let threshold = Int(words[1]) else {
          throw error("hash-threshold takes a number")
        }
        hashThreshold = threshold
        position += 1
      case "skipif", "onlyif":
        guard words.count == 2 else { throw error("\(first) takes the name of an engine") }
        if names.contains(words[1]) == (first == "skipif") { skipsNext = true }
        position += 1
      case "require":
        guard words.count == 3, words[1] == "path" || words[1] == "function" else {
          throw error("expected: require path p, or require function f")
        }
        position += 1
        let need = words[1] == "path" ? SLTFile.Need.path(words[2]) : .function(words[2])
        return .requirement(need, line: position)
      case "foreach":
        guard words.count > 2 else { throw error("foreach takes a variable and values") }
        position += 1
        loops.append(Loop(variable: words[1], values: Array(words[2...]), start: position))
        variables[words[1]] = words[2]
      case "endfor":
        try endLoop()
      case "statement", "query", "explain":
        let record = try readRecord(words)
        if skipsNext {
          skipsNext = false
          continue
        }
        return .record(record)
      default:
        throw error("unknown word '\(first)'")
      }
    }
    guard loops.isEmpty else { throw error("foreach without endfor") }
    return nil
  }

  private mutating func endLoop() throws(SLTSyntaxError) {
    guard var loop = loops.popLast() else { throw error("endfor without foreach") }
    loop.values.removeFirst()
    if let value = loop.values.first {
      variables[loop.variable] = value
      position = loop.start
      loops.append(loop)
    } else {
      variables[loop.variable] = nil
      position += 1
    }
  }

  private mutating func readRecord(_ words: [String]) throws(SLTSyntaxError) -> SLTRecord {
    let start = position
    let kind = try recordKind(words)
    position += 1
    var sql: [String] = []
    while position < lines.count, !lines[position].isEmpty, lines[position] != "----" {
      sql.append(lines[position])
      position += 1
    }
    guard !sql.isEmpty else { throw error("a record without a statement") }
    var expected: [String] = []
    var expectedStart = position
    if position < lines.count, lines[position] == "----" {
      if case .statement = kind { throw error("a statement has no expected rows") }
      position += 1
      expectedStart = position
      while position < lines.count, !lines[position].isEmpty {
        expected.append(replaceVariables(lines[position]))
        position += 1
      }
    }
    return SLTRecord(
      kind: kind,
      sql: replaceVariables(sql.joined(separator: "\n")),
      expected: expected,
      line: start + 1,
      expectedLines: expectedStart..<position,
      hashThreshold: hashThreshold,
      isInLoop: !loops.isEmpty
    )
  }

  private func recordKind(_ words: [String]) throws(SLTSyntaxError) -> SLTRecord.Kind {
    switch words[0] {
    case "statement":
      if words.count == 2, words[1] == "ok" { return .statement(.success) }
      guard words.count >= 3, words[1] == "error" else {
        throw error("expected: statement ok, or statement error NAME")
      }
      var rest = words[3...]
      var place: String?
      if rest.first == "at", rest.count > 1 {
        place = rest[rest.startIndex + 1]
        rest = rest.dropFirst(2)
      }
      let message = rest.isEmpty ? nil : rest.joined(separator: " ")
      return .statement(.error(code: words[2], place: place, message: message))
    case "query":
      guard words.count >= 2, words[1].allSatisfy({ "IRTBDXJUGN?".contains($0) }) else {
        throw error("query takes letters of types: I R T B D X J U G N ?")
      }
      var rest = words[2...]
      var sort = SLTRecord.Sort.nosort
      if let word = rest.first, let mode = SLTRecord.Sort(rawValue: word) {
        sort = mode
        rest = rest.dropFirst()
      }
      guard rest.count < 2 else { throw error("too many words") }
      return .query(types: words[1], sort: sort, label: rest.first)
    default:
      return .explain
    }
  }

  private func replaceVariables(_ text: String) -> String {
    guard text.contains("${") else { return text }
    var result = ""
    var rest = text[...]
    while let start = rest.firstRange(of: "${") {
      result += rest[..<start.lowerBound]
      let tail = rest[start.upperBound...]
      guard let end = tail.firstIndex(of: "}"), let value = variables[String(tail[..<end])] else {
        result += "${"
        rest = tail
        continue
      }
      result += value
      rest = tail[tail.index(after: end)...]
    }
    return result + rest
  }

  private func error(_ message: String) -> SLTSyntaxError {
    SLTSyntaxError(line: position + 1, message: message)
  }
}
