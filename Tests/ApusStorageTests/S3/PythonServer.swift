import Foundation
import Testing

@testable import ApusStorage

/// A program of `Tests/s3` that prints its ports and runs until its input ends.
final class PythonServer: Sendable {
  let ports: [Int]
  private let process: Process
  private let input = Pipe()

  init(_ name: String, _ arguments: String...) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "s3")
    process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-B", folder.appending(path: name).path] + arguments
    process.standardInput = input
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    var line = Data()
    while let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty,
      byte != Data([0x0a])
    {
      line += byte
    }
    ports = String(decoding: line, as: UTF8.self).split(separator: " ").compactMap { Int($0) }
    try #require(!ports.isEmpty, "\(name) does not start")
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  func url(_ index: Int = 0, _ path: String = "") -> String {
    "http://127.0.0.1:\(ports[index])\(path)"
  }

  /// Sends a JSON text.
  func post(_ json: String, to path: String, port: Int = 0) throws {
    var request = HTTPRequest(method: .post, url: url(port, path))
    request.mayUseProxy = false
    request.body = HTTPBody(json)
    try #require(try HTTPClient(maximumRequestCount: 1).perform(request).status == 200)
  }

  func get(_ path: String, port: Int = 0) throws -> String {
    var request = HTTPRequest(method: .get, url: url(port, path))
    request.mayUseProxy = false
    let response = try HTTPClient(maximumRequestCount: 1).perform(request)
    return String(decoding: response.body, as: UTF8.self)
  }
}
