/// Pairs of a probe row and a build row, in memory that grows.
///
/// Safety: both pointers have room for `capacity` elements.
final class JoinCandidates {
  private(set) var rows = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
  private(set) var matches = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
  private(set) var capacity = 1

  deinit {
    rows.deallocate()
    matches.deallocate()
  }

  /// Makes room; what was there is lost.
  func reserve(_ count: Int) {
    guard count > capacity else { return }
    rows.deallocate()
    matches.deallocate()
    rows = .allocate(capacity: count)
    matches = .allocate(capacity: count)
    capacity = count
  }
}
