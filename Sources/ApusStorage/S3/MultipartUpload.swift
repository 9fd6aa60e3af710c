import Synchronization

/// An object that goes out in parts while it is written.
///
/// Safety: its owner uses it from one thread at a time, which is why it may be `Sendable`. The store
/// stops it from other threads through `exchanges`, which is guarded.
final class MultipartUpload: ObjectUpload, @unchecked Sendable {
  private(set) var prepared: PreparedObject
  private let store: S3ObjectStore
  private let location: S3Location
  private let uploadID: String
  private var part: HTTPBody?
  /// By number from 1 on; empty until the answer is there.
  private var tags: [String] = []
  private let exchanges: Exchanges

  /// Parts on their way, by number, oldest first.
  private final class Exchanges: Sendable {
    let state = Mutex<(list: [(number: Int, exchange: S3Exchange)], isStopped: Bool)>(([], false))
    let interruption = Completion()

    func stop() {
      let list = state.withLock { state in
        state.isStopped = true
        return state.list
      }
      interruption.complete()
      for (_, exchange) in list { exchange.cancel() }
    }
  }

  /// How many parts are on their way at once: with the one being filled, what bounds the memory.
  private static let maximumPartCount = 3

  init(_ path: ObjectPath, _ store: S3ObjectStore) throws(StorageError) {
    self.store = store
    location = try S3Location(path)
    guard !location.key.isEmpty, !location.key.hasSuffix("/") else {
      throw StorageError(.misconfigured("that is no name for an object"), path)
    }
    uploadID = try store.beginUpload(to: path, location)
    let token = MultipartToken(uploadID: uploadID, tags: [])
    prepared = PreparedObject(path: path, size: 0, token: token.text)
    let exchanges = Exchanges()
    self.exchanges = exchanges
    store.client.uploads.withLock { [uploadID] in $0[uploadID] = { exchanges.stop() } }
  }

  deinit {
    exchanges.stop()
    _ = store.client.uploads.withLock { $0.removeValue(forKey: uploadID) }
  }

  func append(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = self.part ?? HTTPBody(capacity: MultipartUpload.partSize(tags.count + 1))
      self.part = part
      let taken = rest.prefix(part.room)
      part.append(UnsafeRawBufferPointer(rebasing: taken))
      rest = rest.dropFirst(taken.count)
      if part.room == 0 { try send(part) }
    }
    prepared.size += bytes.count
  }

  func finish() throws(StorageError) -> PreparedObject {
    // Without a part there is nothing to complete: an empty object is one empty part.
    if let part { try send(part) } else if tags.isEmpty { try send(HTTPBody(capacity: 0)) }
    while try collectOldest() {}
    prepared.token = MultipartToken(uploadID: uploadID, tags: tags).text
    return prepared
  }

  /// Bytes of a part: 8 MiB for the first thousand, twice as many for each further thousand, so that
  /// the ten thousand parts that are allowed hold eight terabytes.
  static func partSize(_ number: Int) -> Int { (8 << 20) << min((number - 1) / 1_000, 9) }

  private func send(_ body: HTTPBody) throws(StorageError) {
    part = nil
    while exchanges.state.withLock({ $0.list.count }) >= MultipartUpload.maximumPartCount {
      _ = try collectOldest()
    }
    tags.append("")
    var request = S3Request(
      operation: .put,
      method: .put,
      path: prepared.path,
      location: location,
      query: [("partNumber", "\(tags.count)"), ("uploadId", uploadID)]
    )
    request.body = body
    request.sendsObject = true
    let exchange = S3Exchange(request, on: store.client, countedIn: store.activities)
    let isStopped = exchanges.state.withLock { state in
      state.list.append((tags.count, exchange))
      return state.isStopped
    }
    if isStopped { exchange.cancel() }
    exchange.begin()
  }

  /// Waits for the oldest part; false if there is none.
  private func collectOldest() throws(StorageError) -> Bool {
    guard let (number, exchange) = exchanges.state.withLock({ $0.list.first }) else { return false }
    S3Exchange.settle([exchange], on: store.client, unless: exchanges.interruption)
    do throws(S3Failure) {
      let response = try exchange.outcome.get()
      guard let tag = response.head.headers["etag"], !tag.isEmpty else {
        throw .unanswered(.unexpected("the answer to a part has no tag"), tryCount: 1)
      }
      tags[number - 1] = tag
    } catch {
      exchanges.stop()
      throw store.client.storageError(error, exchange.request)
    }
    exchanges.state.withLock { _ = $0.list.removeFirst() }
    return true
  }
}
