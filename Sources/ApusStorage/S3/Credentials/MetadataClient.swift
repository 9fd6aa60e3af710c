/// Asks those who hand out keys: seldom, so that no connection is kept.
enum MetadataClient {
  /// Returns an answer of any status; asks twice if there is none or the server has trouble.
  static func answer(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
    let client = HTTPClient(maximumRequestCount: 1)
    do throws(HTTPError) {
      let response = try client.perform(request)
      if response.status < 500 { return response }
    } catch {
      // Where nothing is, nothing will be a moment later.
      if case .unreachable = error { throw error }
    }
    return try client.perform(request)
  }
}

extension HTTPError {
  /// In words, without the request.
  var text: String {
    switch self {
    case .cancelled: "cancelled"
    case .truncated: "the answer was cut short"
    case .unreachable(let text), .interrupted(let text), .untrusted(let text),
      .unexpected(let text), .failed(let text):
      text
    }
  }
}
