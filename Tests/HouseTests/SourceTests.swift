import Foundation
import Testing

/// What no source file does, and the exceptions with their reasons.
@Suite struct SourceTests {
  /// Traps that a statement, a file or a peer might reach.
  private static let traps = ["fatalError(", "preconditionFailure(", "try!", " as! "]

  /// By path: why it may trap.
  private static let mayTrap: [String: String] = [
    "Sources/ApusVectors/VectorBuilder.swift":
      "a value of another physical type than the builder's is a mistake of the caller"
  ]

  @Test func nothingTraps() throws {
    for (path, lines) in try Repository.sourceLines() where Self.mayTrap[path] == nil {
      for (number, line) in lines.enumerated() {
        for trap in Self.traps where line.contains(trap) {
          Issue.record("\(path):\(number + 1) has \(trap): throw an SQLError")
        }
      }
    }
  }

  /// Foundation costs milliseconds at every start and megabytes in the binary.
  @Test func nobodyImportsFoundation() throws {
    for (path, lines) in try Repository.sourceLines() {
      for line in lines where line.contains(/\bimport Foundation/) {
        Issue.record("\(path): \(line)")
      }
    }
  }

  /// By path: why it is longer than 700 lines.
  private static let mayBeLong: [String: String] = [:]

  @Test func filesHaveOneConcept() throws {
    for (path, lines) in try Repository.sourceLines()
    where lines.count > 700 && !path.contains("/Generated/") {
      #expect(Self.mayBeLong[path] != nil, "\(path) has \(lines.count) lines")
    }
    for path in Self.mayBeLong.keys {
      #expect(Repository.exists(path), "\(path) is listed and gone")
    }
  }

  /// A function that no family lists cannot be called, and nothing else would say so.
  @Test func everyFunctionIsListed() throws {
    let lines = try Repository.sourceLines().filter { $0.path.hasPrefix("Sources/ApusEngine/") }
      .flatMap(\.lines)
    let listed = Set(lines.flatMap { $0.matches(of: /\b(\w+)\.self\b/).map(\.output.1) })
    for line in lines {
      let declared = line.firstMatch(of: /^enum (\w+): (?:Scalar|Aggregate)Function\b/)
      guard let name = declared?.output.1 else { continue }
      #expect(listed.contains(name), "\(name) stands in no list of a family")
    }
  }

  @Test func nothingIsLeftForLater() throws {
    for path in Repository.files(in: "Sources", suffix: ".swift") {
      let text = try Repository.text(path)
      let mark = text.firstMatch(of: /\b(TODO|FIXME|XXX|HACK)\b/)
      #expect(mark == nil, "\(path) says \(mark?.output.1 ?? "")")
    }
  }

  /// By path: why its unsafe pointers need no paragraph of their own.
  private static let needsNoSafetyParagraph: [String: String] = [:]

  @Test func filesThatWriteThroughPointersSayWhyTheyAreSafe() throws {
    let folders = ["ApusVectors", "ApusFormats", "ApusCompression"]
    for (path, lines) in try Repository.sourceLines()
    where folders.contains(where: { path.hasPrefix("Sources/\($0)/") })
      && Self.needsNoSafetyParagraph[path] == nil
    {
      let writes = lines.contains { $0.contains(/UnsafeMutable(Raw)?(Buffer)?Pointer/) }
      guard writes else { continue }
      #expect(try Repository.text(path).contains("Safety:"), "\(path) has no Safety paragraph")
    }
  }

  /// By declaration: why a generic function crosses a module border in spite of its price, for
  /// without `@inlinable` it is never specialized there.
  private static let genericAtABorder: [String: String] = [
    "mapChildren": "runs once per plan node while planning"
  ]

  @Test func bordersAreMonomorphic() throws {
    let declaration = /^\s*(package|public)[a-z ]* func (\w+)</
    let hot = ["ApusVectors", "ApusFormats", "ApusEngine", "ApusPlanner"]
    for (path, lines) in try Repository.sourceLines()
    where hot.contains(where: { path.hasPrefix("Sources/\($0)/") }) {
      for (number, line) in lines.enumerated() {
        guard let match = line.firstMatch(of: declaration) else { continue }
        let attributes = lines[max(0, number - 3)..<number]
        if match.1 == "public", attributes.contains(where: { $0.contains("@inlinable") }) {
          continue
        }
        let reason = Self.genericAtABorder[String(match.2)]
        #expect(reason != nil, "\(path):\(number + 1): generic func \(match.2)")
      }
    }
  }
}
