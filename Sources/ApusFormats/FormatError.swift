public import ApusValues

/// Why bytes of a file could not be understood, and where.
public struct FormatError: Error, Sendable, CustomStringConvertible {
  public enum Reason: Sendable, Hashable {
    /// The file breaks its format's rules or its own statements.
    case corrupt
    /// The file is sound but asks for what Apus does not do.
    case notSupported
  }

  public var reason: Reason
  /// What is wrong, as a clause without a final stop.
  public var message: String
  public var column: String?
  /// In bytes from the start of the file.
  public var offset: Int?

  public init(_ reason: Reason, _ message: String, column: String? = nil, offset: Int? = nil) {
    self.reason = reason
    self.message = message
    self.column = column
    self.offset = offset
  }

  static func corrupt(_ message: String, at offset: Int? = nil) -> FormatError {
    FormatError(.corrupt, message, offset: offset)
  }

  public var description: String {
    var text = message
    if let column { text += ", column '\(column)'" }
    if let offset { text += ", at byte \(offset)" }
    return text
  }

  /// Returns the error of a statement that met this one while reading the named file.
  public func sqlError(file: String) -> SQLError {
    switch reason {
    case .corrupt: SQLError(.hiveBadData, "\(self) in file '\(file)'", cause: self)
    case .notSupported: SQLError(.notSupported, "\(self) in file '\(file)'", cause: self)
    }
  }
}
