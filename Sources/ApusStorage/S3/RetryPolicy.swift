/// How often and how fast a request is repeated that failed for reasons that pass.
public struct RetryPolicy: Hashable, Sendable {
  /// Tries in all, the first included.
  public var maximumTryCount: Int
  /// The pause after the first try; each further one is twice as long.
  public var firstPause: Duration
  public var longestPause: Duration

  public init(
    maximumTryCount: Int = 5,
    firstPause: Duration = .milliseconds(100),
    longestPause: Duration = .seconds(5)
  ) {
    self.maximumTryCount = maximumTryCount
    self.firstPause = firstPause
    self.longestPause = longestPause
  }

  /// Returns the pause after a failed try.
  ///
  /// - Parameters:
  ///   - tryCount: tries so far, at least 1.
  ///   - chance: between 0 and 1; spreads those who failed together over half of the pause.
  func pause(afterTries tryCount: Int, chance: Double) -> Duration {
    let doubled = firstPause * (1 << min(max(tryCount - 1, 0), 20))
    return min(doubled, longestPause) * (0.5 + chance / 2)
  }
}
