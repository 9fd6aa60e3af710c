import Glibc
import Testing

@testable import ApusStorage

/// The client by itself, and what is left of it.
@Suite struct HTTPClientTests {
  /// Waits until something is so, which another thread will bring about.
  private func eventually(_ isSo: () -> Bool) -> Bool {
    let end = time(nil) + 30
    while !isSo() {
      if time(nil) > end { return false }
      sched_yield()
    }
    return true
  }

  /// Makes a client and a request, and lets go of both.
  private func ask(_ server: PythonServer) throws -> () -> Bool {
    let client = HTTPClient(maximumRequestCount: 1)
    var request = HTTPRequest(method: .get, url: server.url(0, "/count"))
    request.mayUseProxy = false
    let transfer = HTTPTransfer(request, on: client, into: CollectingSink())
    transfer.start()
    #expect(try transfer.wait().body == Array("0".utf8))
    return { [weak client, weak transfer] in client == nil && transfer == nil }
  }

  /// A client that nobody holds ends its thread, which a transfer that is kept somewhere prevents.
  @Test func nothingIsKept() throws {
    let server = try PythonServer("metadata.py")
    for _ in 0..<20 {
      let isGone = try ask(server)
      #expect(eventually(isGone))
    }
  }

  @Test func threadsEndWithTheirClients() throws {
    let server = try PythonServer("metadata.py")
    for _ in 0..<50 { _ = try ask(server) }
    // Other tests have clients meanwhile, though not as many.
    #expect(eventually { loopCount() < 50 })
  }

  /// How many threads of clients there are.
  private func loopCount() -> Int {
    let tasks = ObjectPath("/proc/self/task")
    let names = (try? LocalObjectStore().list(tasks))?.map { task in
      readText(tasks.appending(task.name).appending("comm"))
    }
    return names?.filter { $0 == HTTPLoop.threadName + "\n" }.count ?? .max
  }

  private func readText(_ path: ObjectPath) -> String {
    guard let file = fopen(path.text, "r") else { return "" }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  @Test func moreRequestsThanPlacesWaitForTheirTurn() throws {
    let server = try PythonServer("metadata.py")
    let client = HTTPClient(maximumRequestCount: 2)
    var request = HTTPRequest(method: .get, url: server.url(0, "/count"))
    request.mayUseProxy = false
    let transfers = (0..<100).map { _ in HTTPTransfer(request, on: client, into: CollectingSink()) }
    for transfer in transfers { transfer.start() }
    for (index, transfer) in transfers.enumerated() where index % 3 == 0 { transfer.cancel() }
    for (index, transfer) in transfers.enumerated() {
      if index % 3 == 0 {
        // Some were quicker than their cancellation.
        _ = try? transfer.wait()
      } else {
        #expect(try transfer.wait().status == 200)
      }
    }
  }

  @Test(arguments: ["http://127.0.0.1:9/", "http://[::1", "file:///etc/passwd", ""])
  func addressesThatLeadNowhereAreErrors(_ url: String) throws {
    let client = HTTPClient(maximumRequestCount: 1)
    var request = HTTPRequest(method: .get, url: url)
    request.mayUseProxy = false
    #expect(throws: HTTPError.self) { try client.perform(request) }
  }
}
