import Synchronization

/// Where keys come from. Its name says where, and nothing secret.
protocol CredentialSource: Sendable {
  /// As in "the keys from …".
  var name: String { get }

  /// Returns keys; nil if there are none here, so that the next source is asked.
  ///
  /// - Throws: if there should be some and what is there makes no sense.
  func load() throws(CredentialError) -> S3Credentials?
}

/// Why there are no keys.
struct CredentialError: Error {
  var reason: StorageError.Reason

  init(_ reason: StorageError.Reason) { self.reason = reason }
}

/// The keys of an endpoint: asks one source after the other, keeps what it gets, and gets it anew
/// before it expires.
final class CredentialProvider: Sendable {
  private let sources: [any CredentialSource]
  private let clock: any StorageClock
  private let state = Mutex(State())

  private struct State {
    var credentials: S3Credentials?
    /// Which of the sources had keys.
    var source: Int?
    /// From when on newer keys are asked for; nil while those that are kept last for ever.
    var renewal: Int?
  }

  /// How long before their end keys are renewed, in seconds, unless they last only a little longer.
  static let margin = 300

  /// - Parameter sources: empty for requests without a signature.
  init(_ sources: [any CredentialSource], clock: any StorageClock = SystemClock()) {
    self.sources = sources
    self.clock = clock
  }

  /// Returns the keys to sign with, nil for none; asks for new ones where the old ones end soon.
  func current() throws(CredentialError) -> S3Credentials? {
    if sources.isEmpty { return nil }
    return try state.withLock { state throws(CredentialError) in
      let now = clock.now
      if let kept = state.credentials, now < state.renewal ?? .max { return kept }
      do throws(CredentialError) {
        if let found = try load(&state, now) { return found }
      } catch {
        // Those that are kept may do for their last minutes.
        if let kept = state.credentials, (kept.expiration ?? 0) > now { return kept }
        throw error
      }
      let looked = sources.map(\.name).joined(separator: "; ")
      throw CredentialError(.unauthorized("there are no credentials. Looked at: \(looked)"))
    }
  }

  /// Asks the source that had keys before, or all in turn.
  private func load(_ state: inout State, _ now: Int) throws(CredentialError) -> S3Credentials? {
    for (index, source) in sources.enumerated() where index == state.source ?? index {
      guard let found = try source.load() else { continue }
      state.credentials = found
      state.source = index
      state.renewal = found.expiration.map { end in
        end - min(CredentialProvider.margin, max(0, end - now) / 4)
      }
      return found
    }
    return nil
  }

  /// Whether asking for keys again may give others than those that were refused; if so, the next
  /// call of `current` asks.
  func mayRenew(_ refused: S3Credentials?) -> Bool {
    guard let refused, refused.expiration != nil || refused.sessionToken != nil else {
      return false
    }
    state.withLock { state in
      // Another request may have brought new ones already.
      if state.credentials == refused { state.renewal = .min }
    }
    return true
  }

  /// Where the keys came from, for errors.
  var sourceText: String {
    if sources.isEmpty { return "nowhere: requests are not signed" }
    return state.withLock { state in state.source.map { sources[$0].name } ?? "nowhere" }
  }
}

/// Keys that were given.
struct GivenCredentials: CredentialSource {
  let credentials: S3Credentials
  let name = "the configuration"

  init(_ credentials: S3Credentials) { self.credentials = credentials }

  func load() -> S3Credentials? { credentials }
}
