import Foundation
import Testing

/// The table of modules in `Sources/README.md` says what the manifest says.
@Suite struct DependencyTests {
  private struct Manifest: Decodable {
    struct Target: Decodable {
      struct Dependency: Decodable {
        var byName: [String?]?
        var target: [String?]?
      }

      var name: String
      var type: String
      var dependencies: [Dependency]
    }

    var targets: [Target]
  }

  private func manifest() throws -> Manifest {
    // A scratch path of its own: the usual one is locked while `swift test` runs.
    let scratch = FileManager.default.temporaryDirectory
      .appending(path: "apus-manifest-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: scratch) }
    let text = try Repository.run([
      "swift", "package", "--package-path", Repository.root.path,
      "--scratch-path", scratch.path, "dump-package",
    ])
    return try JSONDecoder().decode(Manifest.self, from: Data(text.utf8))
  }

  /// Reads rows of the form "| `Module` | what it is | Import, Import |".
  private func documentedImports() throws -> [String: Set<String>] {
    let row = /^\| `([A-Za-z-]+)` \| [^|]+ \| ([^|]*) \|$/
    var imports: [String: Set<String>] = [:]
    for line in try Repository.text("Sources/README.md").split(separator: "\n") {
      guard let match = line.wholeMatch(of: row) else { continue }
      let names = match.2.split(separator: ",")
        .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " `")) }
      imports[String(match.1)] = Set(names).subtracting(["", "—"])
    }
    return imports
  }

  @Test func theTableEqualsTheManifest() throws {
    let targets = try manifest().targets.filter { ["regular", "executable"].contains($0.type) }
    let modules = Set(targets.map(\.name))
    let documented = try documentedImports()
    #expect(Set(documented.keys) == modules)
    for target in targets {
      let names = target.dependencies.compactMap { ($0.byName ?? $0.target)?.first ?? nil }
      let imports = Set(names).intersection(modules)
      #expect(documented[target.name] == imports, "the imports of \(target.name)")
    }
  }

  /// Those who run queries do not know where the bytes come from.
  @Test func theEngineKnowsNeitherStorageNorFormats() throws {
    let documented = try documentedImports()
    for module in ["ApusEngine", "ApusPlanner"] {
      #expect(documented[module]?.isDisjoint(with: ["ApusStorage", "ApusFormats"]) == true)
    }
    #expect(documented["ApusFormats"]?.contains("ApusStorage") == false)
    #expect(documented["ApusFormats"]?.contains("ApusPlanner") == false)
  }
}
