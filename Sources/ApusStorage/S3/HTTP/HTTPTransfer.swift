import CCurl
import Synchronization

/// One exchange of a request for an answer.
///
/// `cancel` makes it end at once for whoever waits: from its return on the sink is not called any
/// more, though the connection may take a moment longer to close.
final class HTTPTransfer: Sendable {
  let request: HTTPRequest
  private let client: HTTPClient
  private let began: @Sendable () -> Void
  private let sent: @Sendable (Int) -> Void
  private let state: Mutex<State>
  private let completion = Completion()

  private struct State {
    /// How often the request went out.
    var beginCount = 0
    /// Nil once nothing more may come.
    var sink: (any HTTPSink)?
    var head = HTTPHead(status: 0)
    /// What the sink objected to.
    var refusal: HTTPError?
    var result: Result<HTTPResponse, HTTPError>?
  }

  /// - Parameters:
  ///   - began: called when the request goes out, and again if it must over another connection.
  ///   - sent: called with the number of bytes of the body that went out.
  init(
    _ request: HTTPRequest,
    on client: HTTPClient,
    into sink: any HTTPSink,
    began: @escaping @Sendable () -> Void = {},
    sent: @escaping @Sendable (Int) -> Void = { _ in }
  ) {
    self.request = request
    self.client = client
    self.began = began
    self.sent = sent
    state = Mutex(State(sink: sink))
  }

  func start() { client.submit(self) }

  /// Blocks until the answer is there, or there will be none.
  func wait() throws(HTTPError) -> HTTPResponse {
    completion.wait()
    return try state.withLock { $0.result ?? .failure(.cancelled) }.get()
  }

  func cancel() {
    let isNew = state.withLock { state in
      guard state.result == nil else { return false }
      state.result = .failure(.cancelled)
      state.sink = nil
      return true
    }
    guard isNew else { return }
    completion.complete()
    client.drop(self)
  }

  /// Whether the server may have seen the request more than once.
  var wasRepeated: Bool { state.withLock { $0.beginCount > 1 } }

  var isOver: Bool { state.withLock { $0.result != nil } }

  // MARK: - For the thread of the client

  func begin() {
    state.withLock { $0.beginCount += 1 }
    began()
  }

  /// Takes one line of the head; false ends the transfer.
  func receiveHeader(_ line: UnsafeRawBufferPointer) -> Bool {
    state.withLock { state in
      guard let sink = state.sink else { return false }
      let text = String(decoding: line, as: UTF8.self)
      let content = text.prefix { $0 != "\r\n" && $0 != "\n" && $0 != "\r" }
      if content.isEmpty {
        // The end of a head; 1xx only announces the one that counts.
        guard state.head.status >= 200 else { return true }
        do throws(HTTPError) {
          try sink.begin(state.head)
          return true
        } catch {
          state.refusal = error
          return false
        }
      }
      if content.hasPrefix("HTTP/") {
        let status = content.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        state.head = HTTPHead(status: status ?? 0)
      } else if let colon = content.firstIndex(of: ":") {
        let value = content[content.index(after: colon)...].trimmingSpaces
        state.head.headers[content[..<colon].lowercased()] = String(value)
      }
      return true
    }
  }

  /// Takes bytes of the body; false ends the transfer.
  func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
    state.withLock { state in
      guard let sink = state.sink else { return false }
      do throws(HTTPError) {
        try sink.receive(bytes)
        return true
      } catch {
        state.refusal = error
        return false
      }
    }
  }

  /// Ends the transfer as libcurl says it ended.
  func finish(_ code: CURLcode, _ message: String, sentByteCount: Int) {
    if sentByteCount > 0 { sent(sentByteCount) }
    finish { state in
      if let refusal = state.refusal { return .failure(refusal) }
      guard code == CURLE_OK else { return .failure(HTTPError(code, message)) }
      do throws(HTTPError) {
        try state.sink?.end()
      } catch {
        return .failure(error)
      }
      return .success(HTTPResponse(head: state.head, body: state.sink?.collected ?? []))
    }
  }

  /// Ends a transfer that could not begin.
  func fail(_ error: HTTPError) { finish { _ in .failure(error) } }

  private func finish(_ result: (inout State) -> Result<HTTPResponse, HTTPError>) {
    state.withLock { state in
      guard state.result == nil else { return }
      state.result = result(&state)
      state.sink = nil
    }
    completion.complete()
  }
}

extension HTTPError {
  init(_ code: CURLcode, _ message: String) {
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT:
      self = .unreachable(message)
    case CURLE_OPERATION_TIMEDOUT, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING,
      CURLE_SSL_CONNECT_ERROR:
      self = .interrupted(message)
    case CURLE_PARTIAL_FILE: self = .truncated
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM:
      self = .untrusted(message)
    default: self = .failed(message)
    }
  }
}

extension Substring {
  /// The text without spaces and tabs around it.
  var trimmingSpaces: Substring {
    var rest = drop { $0 == " " || $0 == "\t" }
    while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
    return rest
  }
}
