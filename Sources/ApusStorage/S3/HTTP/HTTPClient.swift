import CCurl
import Synchronization

/// Sends requests over connections that it keeps open, all by one thread of its own, which starts
/// with the first request and ends with the client.
final class HTTPClient: Sendable {
  private let loop: HTTPLoop

  /// - Parameter maximumRequestCount: how many requests are under way at once; others wait for
  ///   their turn.
  init(maximumRequestCount: Int) {
    loop = HTTPLoop(maximumRequestCount: max(1, maximumRequestCount))
  }

  deinit { loop.stop() }

  /// Sends a request and waits for the answer, kept in memory.
  func perform(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
    let transfer = HTTPTransfer(request, on: self, into: CollectingSink())
    transfer.start()
    return try transfer.wait()
  }

  func submit(_ transfer: HTTPTransfer) { loop.submit(transfer) }

  /// Closes what is left of a cancelled transfer.
  func drop(_ transfer: HTTPTransfer) { loop.drop(transfer) }
}
