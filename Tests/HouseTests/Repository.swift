import Foundation

/// The working tree that these tests read.
enum Repository {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The text of a file named relative to the root.
  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appending(path: path).path)
  }

  /// The paths, relative to the root, of all files below `folder` that end in `suffix`, sorted.
  static func files(in folder: String, suffix: String) -> [String] {
    let base = root.appending(path: folder).path
    let names = FileManager.default.enumerator(atPath: base)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(suffix) }.map { "\(folder)/\($0)" }.sorted()
  }

  /// The Swift files below `Sources` and their lines without comments.
  static func sourceLines() throws -> [(path: String, lines: [Substring])] {
    try files(in: "Sources", suffix: ".swift").map { path in
      let lines = try text(path).split(separator: "\n", omittingEmptySubsequences: false)
      return (path, lines.map { $0.prefix(upToFirst: "//") })
    }
  }

  /// The files that git knows, relative to the root, or nil where there is no git.
  static func trackedFiles() throws -> [String]? {
    guard exists(".git") else { return nil }
    let output = try run(["git", "-C", root.path, "ls-files", "-z"])
    return output.split(separator: "\0").map(String.init)
  }

  /// Runs a program of PATH and returns its standard output.
  static func run(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw ProgramFailed(arguments: arguments, status: process.terminationStatus)
    }
    return String(decoding: data, as: UTF8.self)
  }

  struct ProgramFailed: Error {
    var arguments: [String]
    var status: Int32
  }
}

extension Substring {
  /// The part before the first occurrence of `mark`, or all of it.
  fileprivate func prefix(upToFirst mark: String) -> Substring {
    firstRange(of: mark).map { self[..<$0.lowerBound] } ?? self
  }
}
