import Synchronization

/// The requests made on behalf of one statement, tries that failed included. Local files make none.
public final class StorageActivity: Sendable {
  /// What a request asks for.
  public enum Operation: Int, CaseIterable, Sendable {
    case list
    case head
    case get
    case put
    case delete
  }

  private let counts = Mutex<[Int]>(Array(repeating: 0, count: Operation.allCases.count))
  private let received = Atomic<Int>(0)
  private let sent = Atomic<Int>(0)

  public init() {}

  /// Requests of one kind so far.
  public func count(of operation: Operation) -> Int {
    counts.withLock { $0[operation.rawValue] }
  }

  /// Bytes of objects that came in; of listings, nothing.
  public var receivedByteCount: Int { received.load(ordering: .relaxed) }

  /// Bytes of objects that went out.
  public var sentByteCount: Int { sent.load(ordering: .relaxed) }

  func note(_ operation: Operation) { counts.withLock { $0[operation.rawValue] += 1 } }

  func noteReceived(_ byteCount: Int) { received.add(byteCount, ordering: .relaxed) }

  func noteSent(_ byteCount: Int) { sent.add(byteCount, ordering: .relaxed) }
}
