/// The status and the headers of an answer.
struct HTTPHead: Sendable {
  var status: Int
  /// By name in lower case; of several with one name, the last.
  var headers: [String: String] = [:]

  /// Of a body, what the header says.
  var contentLength: Int? { headers["content-length"].flatMap { Int($0) } }
}

/// An answer that has come to its end.
struct HTTPResponse: Sendable {
  var head: HTTPHead
  /// What was not delivered elsewhere: listings and errors.
  var body: [UInt8]

  var status: Int { head.status }

  /// Whether the body ends with the end of that XML element: what was cut short does not.
  func endsElement(_ name: String) -> Bool {
    guard let end = body.lastIndex(of: UInt8(ascii: ">")) else { return false }
    let tail = Array("</\(name)>".utf8)
    return body[...end].suffix(tail.count).elementsEqual(tail)
  }
}

/// Why there is no answer.
enum HTTPError: Error, Hashable, Sendable {
  case cancelled
  /// The connection could not be made.
  case unreachable(String)
  /// It was lost, or nothing came for too long.
  case interrupted(String)
  /// The body ended before its announced length.
  case truncated
  /// The peer cannot prove who it is.
  case untrusted(String)
  /// The answer is not one to this question.
  case unexpected(String)
  /// Nothing that another try would change.
  case failed(String)
}

/// Where the body of an answer goes. Called by the thread of the client, one call at a time.
protocol HTTPSink: AnyObject, Sendable {
  /// Looks at the head. Throwing ends the transfer with that error.
  func begin(_ head: HTTPHead) throws(HTTPError)

  func receive(_ bytes: UnsafeRawBufferPointer) throws(HTTPError)

  /// Looks back at a body that came to its end.
  func end() throws(HTTPError)

  /// The part of the body that is kept in memory.
  var collected: [UInt8] { get }
}

/// Keeps a body in memory.
///
/// Safety: one thread at a time calls it, which the transfer sees to.
final class CollectingSink: HTTPSink, @unchecked Sendable {
  private let limit: Int
  private(set) var collected: [UInt8] = []

  /// - Parameter limit: in bytes; more is not an answer to anything that was asked.
  init(limit: Int = 64 << 20) { self.limit = limit }

  func begin(_ head: HTTPHead) { collected.removeAll() }

  func receive(_ bytes: UnsafeRawBufferPointer) throws(HTTPError) {
    guard collected.count + bytes.count <= limit else {
      throw .unexpected("the answer is longer than \(limit) bytes")
    }
    collected.append(contentsOf: bytes)
  }

  func end() {}
}
