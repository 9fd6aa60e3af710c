/// Why a store could not do what it was asked for.
public struct StorageError: Error, Sendable, CustomStringConvertible {
  public enum Reason: Sendable, Hashable {
    case notFound
    case permissionDenied
    /// The object ended before the range did: it was cut short since its size was learned.
    case truncated
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
    case .permissionDenied: "\(path) may not be read"
    case .truncated: "\(path) is shorter than expected"
    case .failed(let text): "\(path): \(text)"
    }
  }
}
