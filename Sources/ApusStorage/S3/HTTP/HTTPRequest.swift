/// One request as it goes over the wire.
struct HTTPRequest: Sendable {
  enum Method: String, Sendable {
    case get = "GET"
    case head = "HEAD"
    case put = "PUT"
    case post = "POST"
    case delete = "DELETE"
  }

  struct Header: Hashable, Sendable {
    var name: String
    var value: String
  }

  var method: Method
  /// Encoded as it is to be sent.
  var url: String
  var headers: [Header] = []
  /// Nil sends no body at all, not even a length.
  var body: HTTPBody?
  var limits = HTTPLimits()
  /// Whether the proxies of the environment are used.
  var mayUseProxy = true
  /// The file with the certificates to trust instead of the system's.
  var certificateFile: String?
}

/// How long a request may stand still.
struct HTTPLimits: Hashable, Sendable {
  /// In milliseconds.
  var connecting = 5_000
  /// How many seconds may pass with no byte in either direction.
  var silence = 20
  /// In milliseconds, for the whole exchange; nil for as long as bytes flow.
  var total: Int?
}

/// Bytes to be sent, at an address that stays.
///
/// Safety: filled by its one owner before it is shared, and only read from then on.
final class HTTPBody: @unchecked Sendable {
  private let buffer: UnsafeMutableRawBufferPointer
  private let capacity: Int
  private(set) var count = 0

  /// Makes an empty body with room for `capacity` bytes.
  init(capacity: Int) {
    self.capacity = capacity
    buffer = .allocate(byteCount: max(capacity, 1), alignment: 16)
  }

  convenience init(_ bytes: UnsafeRawBufferPointer) {
    self.init(capacity: bytes.count)
    append(bytes)
  }

  convenience init(_ text: String) {
    let utf8 = Array(text.utf8)
    self.init(capacity: utf8.count)
    utf8.withUnsafeBytes { append($0) }
  }

  deinit { buffer.deallocate() }

  var room: Int { capacity - count }

  /// Adds bytes, at most as many as there is room for.
  func append(_ bytes: UnsafeRawBufferPointer) {
    precondition(bytes.count <= room, "a body is filled beyond its capacity")
    guard !bytes.isEmpty else { return }
    UnsafeMutableRawBufferPointer(rebasing: buffer[count...]).copyMemory(from: bytes)
    count += bytes.count
  }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[..<count]) }
}
