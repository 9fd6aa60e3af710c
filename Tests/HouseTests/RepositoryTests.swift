import Foundation
import Testing

/// The repository around the sources: its top level, links, scripts and lists.
@Suite struct RepositoryTests {
  @Test func theTopLevelIsAsTheReadmeSays() throws {
    guard let tracked = try Repository.trackedFiles() else { return }
    let names = Set(tracked.map { String($0.prefix { $0 != "/" }) })
    let expected: Set = [
      "Package.swift", "README.md", "LICENSE", "CHANGELOG.md", "Sources", "Tests", "Grammar",
      "Benchmarks", "samples", ".github", ".ci", ".editorconfig", ".gitignore", ".swift-format",
    ]
    #expect(names.subtracting(["Package.resolved"]) == expected)
  }

  @Test func linksResolve() throws {
    let link = /\]\(([^)#\s]+)(#[^)]*)?\)/
    var pages = ["README.md", "CHANGELOG.md"]
    for folder in ["Sources", "Tests", "Grammar", "Benchmarks", "samples", ".github"] {
      pages += Repository.files(in: folder, suffix: ".md")
    }
    for page in pages {
      let folder = page.contains("/") ? page[..<(page.lastIndex(of: "/") ?? page.endIndex)] : "."
      for match in try Repository.text(page).matches(of: link) where !match.1.contains("://") {
        #expect(Repository.exists("\(folder)/\(match.1)"), "\(page) links to \(match.1)")
      }
    }
  }

  @Test func theReadmeIsShort() throws {
    #expect(try Repository.text("README.md").split(separator: "\n").count <= 165)
  }

  @Test func decisionsAreNumberedAndListed() throws {
    let folder = "Sources/Apus/Apus.docc/Decisions"
    let names = Repository.files(in: folder, suffix: ".md")
      .map { String($0.dropFirst(folder.count + 1)) }.filter { $0 != "README.md" }
    let list = try Repository.text("\(folder)/README.md")
    for (index, name) in names.enumerated() {
      let number = String(index + 1)
      let padded = String(repeating: "0", count: 4 - number.count) + number
      #expect(name.hasPrefix("\(padded)-"), "\(name) is decision \(padded)")
      #expect(list.contains("](\(name))"), "\(name) is not listed")
    }
  }

  /// Every Debian package that the manifest asks for is in the one list.
  @Test func thePackageListCoversTheManifest() throws {
    let listed = try Repository.text("samples/packages.txt").split(separator: "\n")
      .filter { !$0.hasPrefix("#") }.compactMap { $0.split(separator: " ").last.map(String.init) }
    let names = try Repository.text("Package.swift").matches(of: /\.apt\(\["([^"]+)"\]\)/)
      .map { String($0.1) }
    #expect(!names.isEmpty)
    #expect(Set(names).isSubset(of: listed))
    #expect(Set(listed).count == listed.count)
  }

  @Test func scriptsMayBeRun() {
    for script in [
      ".ci/run", "Tests/run", "Tests/s3/ceph", "Benchmarks/run", "samples/quickstart",
    ] {
      let path = Repository.root.appending(path: script).path
      #expect(FileManager.default.isExecutableFile(atPath: path), "\(script)")
    }
  }

  /// The Swift of README.md is compiled and run by `LibraryExampleTests`, line by line the same.
  @Test func theReadmesSwiftIsTested() throws {
    let test = try Repository.text("Tests/DocumentationTests/LibraryExampleTests.swift")
    let blocks = try Repository.text("README.md").matches(of: /```swift\n((?:.*\n)*?)```/)
    #expect(!blocks.isEmpty)
    for line in blocks.flatMap({ $0.1.split(separator: "\n") }) {
      let code = line.trimmingCharacters(in: .whitespaces)
      #expect(code.hasPrefix("import ") || test.contains(code), "README.md has \(code)")
    }
  }

  @Test func noPathOfOneMachine() throws {
    guard let tracked = try Repository.trackedFiles() else { return }
    let texts = tracked.filter { name in
      [".swift", ".md", ".py", ".sql", ".slt", ".bash", "run", "quickstart", ".txt", ".yml"]
        .contains { name.hasSuffix($0) }
    }
    for path in texts where Repository.exists(path) {
      // Spelt apart so that this file does not find itself.
      for place in ["/wo" + "rk/", "/ho" + "me/", "/ro" + "ot/", "/tmp/bash" + "_jobs"] {
        #expect(!(try Repository.text(path).contains(place)), "\(path) has \(place)")
      }
    }
  }
}
