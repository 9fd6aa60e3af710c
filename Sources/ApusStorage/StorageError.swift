/// Why a store could not do what it was asked for.
public struct StorageError: Error, Sendable, CustomStringConvertible {
  public enum Reason: Sendable, Hashable {
    case notFound
    case permissionDenied
    /// The object ended before the range did: it was cut short since its size was learned, or the
    /// connection was.
    case truncated
    /// The object is another than the one whose size and tag were learned.
    case changed
    case alreadyExists
    /// The bucket in which the object would be.
    case bucketNotFound(String)
    /// The keys are missing, wrong or no longer valid; the text says which and what to do.
    case unauthorized(String)
    /// What the store was told of itself makes no sense.
    case misconfigured(String)
    /// The reader gave up.
    case cancelled
    /// The store could not be reached or did not answer as it should, however often it was asked.
    case unavailable(String)
    /// Any other refusal, in the system's words.
    case failed(String)
  }

  public var reason: Reason
  public var path: ObjectPath

  public init(_ reason: Reason, _ path: ObjectPath) {
    self.reason = reason
    self.path = path
  }

  public var description: String {
    switch reason {
    case .notFound: "\(path) does not exist"
    case .permissionDenied: "Access to \(path) is denied"
    case .truncated: "\(path) is shorter than expected"
    case .changed: "\(path) was changed while it was read"
    case .alreadyExists: "\(path) exists already"
    case .bucketNotFound(let text), .unauthorized(let text), .misconfigured(let text):
      "\(path) cannot be opened: \(text)"
    case .cancelled: "Reading \(path) was cancelled"
    case .unavailable(let text): "\(path) cannot be reached: \(text)"
    case .failed(let text): "\(path): \(text)"
    }
  }
}
