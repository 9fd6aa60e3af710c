import Synchronization

/// An object of which size and tag are known. Holds nothing open: every read says which version of
/// the object it means.
struct S3ObjectReader: ObjectReader {
  let info: ObjectInfo
  var isRemote: Bool { true }
  private let location: S3Location
  private let store: S3ObjectStore

  init(_ info: ObjectInfo, _ location: S3Location, _ store: S3ObjectStore) {
    self.info = info
    self.location = location
    self.store = store
  }

  func start(_ reads: [ObjectRead]) -> any PendingRead {
    guard reads.allSatisfy({ $0.offset >= 0 && $0.range.upperBound <= info.size }) else {
      return RefusedRead(StorageError(.truncated, info.path))
    }
    let exchanges = RangeCoalescing().ranges(for: reads).map { part in
      var request = S3Request(
        operation: .get,
        method: .get,
        path: info.path,
        location: location
      )
      request.headers = [
        HTTPRequest.Header(
          name: "Range",
          value: "bytes=\(part.range.lowerBound)-\(part.range.upperBound - 1)"
        ),
        HTTPRequest.Header(name: "If-Match", value: info.tag),
      ]
      let size = info.size
      let activities = store.activities
      return S3Exchange(request, on: store.client, countedIn: activities) {
        ScatteringSink(part, objectSize: size, countedIn: activities)
      }
    }
    return S3PendingRead(exchanges, store.client)
  }
}

/// Ranges on their way.
private final class S3PendingRead: PendingRead {
  private let exchanges: [S3Exchange]
  private let client: S3Client
  private let cancellation = Completion()
  private let isSettled = Mutex(false)

  init(_ exchanges: [S3Exchange], _ client: S3Client) {
    self.exchanges = exchanges
    self.client = client
    for exchange in exchanges { exchange.begin() }
  }

  deinit { cancel() }

  func wait() throws(StorageError) {
    isSettled.withLock { isSettled in
      guard !isSettled else { return }
      S3Exchange.settle(exchanges, on: client, unless: cancellation)
      isSettled = true
    }
    let failures = exchanges.compactMap { exchange -> (S3Failure, S3Request)? in
      guard case .failure(let error) = exchange.outcome else { return nil }
      return (error, exchange.request)
    }
    // Those that were cancelled because of another say nothing.
    if let (error, request) = failures.first(where: { !$0.0.isCancellation }) ?? failures.first {
      throw client.storageError(error, request)
    }
  }

  func cancel() {
    cancellation.complete()
    for exchange in exchanges { exchange.cancel() }
  }
}

/// A read that was never sent.
private final class RefusedRead: PendingRead {
  private let error: StorageError

  init(_ error: StorageError) { self.error = error }

  func wait() throws(StorageError) { throw error }

  func cancel() {}
}
