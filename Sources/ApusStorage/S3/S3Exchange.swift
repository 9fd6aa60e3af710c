import Synchronization

/// A request under way, with its further tries.
///
/// The first try goes out with `begin`; others are made by whoever waits, so that a failed one costs
/// no thread. Used by one thread at a time but for `cancel`.
final class S3Exchange: Sendable {
  let request: S3Request
  private let client: S3Client
  private let activities: [StorageActivity]
  private let makeSink: @Sendable () -> any HTTPSink
  private let state = Mutex(State())

  private struct State {
    var transfer: HTTPTransfer?
    var credentials: S3Credentials?
    var tryCount = 0
    var hasFreshKeys = false
    var isCancelled = false
    var outcome: Result<HTTPResponse, S3Failure>?
  }

  init(
    _ request: S3Request,
    on client: S3Client,
    countedIn activities: [StorageActivity],
    into makeSink: @escaping @Sendable () -> any HTTPSink = { CollectingSink() }
  ) {
    self.request = request
    self.client = client
    self.activities = activities
    self.makeSink = makeSink
  }

  /// Sends the request, for the first time or again.
  func begin() {
    let credentials: S3Credentials?
    do throws(CredentialError) {
      credentials = try client.credentials.current()
    } catch {
      state.withLock { $0.outcome = .failure(.withoutKeys(error.reason)) }
      return
    }
    let operation = request.operation
    let sendsObject = request.sendsObject
    let transfer = HTTPTransfer(
      client.sign(request, with: credentials),
      on: client.http,
      into: makeSink(),
      began: { [activities] in for activity in activities { activity.note(operation) } },
      sent: { [activities] count in
        guard sendsObject else { return }
        for activity in activities { activity.noteSent(count) }
      }
    )
    let isWanted = state.withLock { state in
      guard !state.isCancelled else {
        state.outcome = .failure(.unanswered(.cancelled, tryCount: state.tryCount))
        return false
      }
      state.transfer = transfer
      state.credentials = credentials
      state.tryCount += 1
      return true
    }
    if isWanted { transfer.start() }
  }

  /// Stops; nothing is written to the sink any more.
  func cancel() {
    let transfer = state.withLock { state in
      state.isCancelled = true
      return state.transfer
    }
    transfer?.cancel()
  }

  /// Waits for the try that is out.
  ///
  /// - Returns: the pause to make before `begin` is called again; nil if there is an outcome.
  func settle() -> Duration? {
    let (transfer, isCancelled) = state.withLock { state in
      (state.outcome == nil ? state.transfer : nil, state.isCancelled)
    }
    guard let transfer else {
      state.withLock { state in
        guard state.outcome == nil else { return }
        state.outcome = .failure(.unanswered(.cancelled, tryCount: state.tryCount))
      }
      return nil
    }
    let answer: Result<HTTPResponse, HTTPError>
    do throws(HTTPError) {
      answer = .success(try transfer.wait())
    } catch {
      answer = .failure(error)
    }
    return state.withLock { state in judge(answer, &state, mayRepeat: !isCancelled) }
  }

  /// How it ended, after `settle` has returned nil.
  var outcome: Result<HTTPResponse, S3Failure> {
    state.withLock { state in
      state.outcome ?? .failure(.unanswered(.cancelled, tryCount: state.tryCount))
    }
  }

  /// Whether more than one try was made: an earlier one may have had its effect.
  var wasRepeated: Bool {
    state.withLock { $0.tryCount > 1 || $0.transfer?.wasRepeated == true }
  }

  /// Decides what becomes of an answer: an outcome, or another try after the returned pause.
  private func judge(
    _ answer: Result<HTTPResponse, HTTPError>,
    _ state: inout State,
    mayRepeat: Bool
  ) -> Duration? {
    let failure: S3Failure
    do throws(S3Failure) {
      state.outcome = .success(try accept(answer, tryCount: state.tryCount))
      return nil
    } catch {
      failure = error
    }
    if mayRepeat, !state.hasFreshKeys, failure.response?.isAboutKeys == true,
      client.credentials.mayRenew(state.credentials)
    {
      state.hasFreshKeys = true
      return .zero
    }
    guard mayRepeat, failure.isTransient, state.tryCount < client.retries.maximumTryCount else {
      state.outcome = .failure(failure)
      return nil
    }
    return client.retries.pause(afterTries: state.tryCount, chance: .random(in: 0...1))
  }

  /// Returns the answer if it is what was asked for.
  private func accept(
    _ answer: Result<HTTPResponse, HTTPError>,
    tryCount: Int
  ) throws(S3Failure) -> HTTPResponse {
    let response: HTTPResponse
    do throws(HTTPError) {
      response = try answer.get()
    } catch {
      throw .unanswered(error, tryCount: tryCount)
    }
    guard response.status < 300 else { throw .refused(S3ErrorResponse(response)) }
    if let root = request.answerRoot, !response.endsElement(root) {
      // Some work takes so long that the status is sent before it is known how it ends.
      if response.endsElement("Error") { throw .refused(S3ErrorResponse(response)) }
      throw .unanswered(
        .unexpected("the answer is not a whole \(root)"),
        tryCount: tryCount
      )
    }
    return response
  }

  /// Sees exchanges that have begun through to their outcomes. Those that fail at the same time are
  /// repeated at the same time; the first that fails for good ends all.
  ///
  /// - Parameter interruption: what ends a pause early.
  static func settle(
    _ exchanges: [S3Exchange],
    on client: S3Client,
    unless interruption: Completion
  ) {
    var pending = exchanges
    while !pending.isEmpty {
      var again: [S3Exchange] = []
      var pause = Duration.zero
      var hasFailed = false
      for exchange in pending {
        if let wanted = exchange.settle() {
          pause = max(pause, wanted)
          again.append(exchange)
        } else if case .failure = exchange.outcome, !hasFailed {
          hasFailed = true
          for other in exchanges where other !== exchange { other.cancel() }
        }
      }
      if !again.isEmpty, !hasFailed {
        if pause > .zero { client.clock.pause(pause, unless: interruption) }
        for exchange in again { exchange.begin() }
      }
      pending = again
    }
  }
}
