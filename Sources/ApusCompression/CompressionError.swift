/// Why a block could not be compressed or decompressed.
public struct CompressionError: Error, Sendable, CustomStringConvertible {
  public enum Reason: Sendable, Hashable {
    /// The bytes are no valid stream of the codec.
    case corrupt
    /// The stream holds more or fewer bytes than the caller was told.
    case sizeMismatch
    /// The codec refused: no memory, a level it does not have, or a block larger than it takes.
    case notCompressed
  }

  public var codec: Codec
  public var reason: Reason

  public init(_ codec: Codec, _ reason: Reason) {
    self.codec = codec
    self.reason = reason
  }

  public var description: String {
    switch reason {
    case .corrupt: "\(codec) data is damaged"
    case .sizeMismatch: "\(codec) data does not have the stated size"
    case .notCompressed: "data could not be compressed with \(codec)"
    }
  }
}
