/// Who can mend an error: the writer of the statement, the owner of the machine, a system
/// outside, or the people who build Apus.
public enum ErrorClass: String, Sendable {
  case user
  case resources
  case external
  case `internal`
}

/// An error as data: what a presenter (shell, wire, HTTP) turns into words for its audience.
public struct SQLError: Error, Sendable {
  public var code: ErrorCode
  /// One sentence; values found at run time come last.
  public var message: String
  /// The place in the statement that the user sent, where there is one.
  public var range: SourceRange?
  /// What the user could do, such as a name that was probably meant.
  public var hint: String?
  /// The error of storage, a file or a peer that lies behind this one.
  public var cause: (any Error)?

  public init(
    _ code: ErrorCode,
    _ message: String,
    at range: SourceRange? = nil,
    hint: String? = nil,
    cause: (any Error)? = nil
  ) {
    self.code = code
    self.message = message
    self.range = range
    self.hint = hint
    self.cause = cause
  }

  /// Returns the error for a feature that is not there, said plainly.
  public static func notSupported(
    _ what: String,
    at range: SourceRange? = nil,
    hint: String? = nil
  ) -> SQLError {
    SQLError(.notSupported, "\(what) is not supported", at: range, hint: hint)
  }

  /// Returns the error for a broken invariant: a defect in Apus, never the user's fault.
  public static func `internal`(_ message: String) -> SQLError {
    SQLError(.genericInternalError, message, hint: "This is a defect in Apus.")
  }

  /// Returns the error placed at `range` unless it already has a place.
  public func located(at range: SourceRange?) -> SQLError {
    guard self.range == nil, let range else { return self }
    var copy = self
    copy.range = range
    return copy
  }
}

extension SQLError: CustomStringConvertible {
  public var description: String { "\(code.rawValue): \(message)" }
}
